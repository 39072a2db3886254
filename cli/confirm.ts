import type { Readable, Writable } from 'node:stream';
import { escapeText } from './escape.js';

/** Asks a question on a terminal; only `y` or `yes` is a yes. */
export async function confirm(question: string, input: Readable, output: Writable): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input, output });
  // The end of the input, by Ctrl-D, is a no; else nobody would ever answer.
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  // While it reads keys, Ctrl-C is one of them and no signal.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await Promise.race([terminal.question(`${escapeText(question)} [y/N] `), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
