import type { Readable } from 'node:stream';
import { DvsError } from '../src/base/errors.js';

/** No line of input may be longer; no path or reference is. */
const MAX_LENGTH = 1 << 20;

/** The lines of an input as they come, without their ends (LF or CRLF); with `nul`, what NUL ends. */
export async function* readLines(input: Readable, nul: boolean): AsyncGenerator<string> {
  const end = nul ? '\0' : '\n';
  let rest = '';
  for await (const text of input.setEncoding('utf8')) {
    const lines = (rest + String(text)).split(end);
    rest = lines.pop() ?? '';
    for (const line of lines) yield nul ? line : line.replace(/\r$/, '');
    if (rest.length > MAX_LENGTH) {
      throw new DvsError('E_USAGE', `a line of the input is longer than ${MAX_LENGTH} characters`, {
        hint: 'Give one reference a line, or with -z each ended by NUL.',
      });
    }
  }
  if (rest !== '') yield rest;
}
