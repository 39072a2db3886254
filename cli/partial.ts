import { type Span, styled } from './report.js';

/** Patterns that are listed. */
const SHOWN = 3;

/** What of a tracked path is checked out. */
export function partialSpans(patterns: readonly string[]): Span[] {
  const more = patterns.length > SHOWN ? ` and ${patterns.length - SHOWN} more` : '';
  return [styled('cyan', patterns.slice(0, SHOWN).join(', ')), more];
}
