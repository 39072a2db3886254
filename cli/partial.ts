import { type Span, styled } from './report.js';

/** Patterns that are listed. */
const SHOWN = 3;

/** What of a tracked path is checked out, without the rules that come along. */
export function partialSpans(patterns: readonly string[]): Span[] {
  const told = patterns.filter((pattern) => !/(?:^|\/)\.dvsignore$/.test(pattern));
  const more = told.length > SHOWN ? ` and ${told.length - SHOWN} more` : '';
  return [styled('cyan', told.slice(0, SHOWN).join(', ')), more];
}
