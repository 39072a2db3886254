import type { Made } from '../src/flows/samples.js';
import { type Line, styled } from './report.js';

/** The first line about an entity that a command made. */
export function madeLine(kind: string, { id, name, version, isNew }: Made): Line {
  const title = name === undefined ? kind : `${name}:v${version}`;
  const line = [styled('bold', title), '  ', styled('cyan', id.toString())];
  return isNew ? line : [...line, '  (recorded before)'];
}
