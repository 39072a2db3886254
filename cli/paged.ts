import type { Writable } from 'node:stream';
import { write } from './output.js';
import { Pager } from './pager.js';
import type { Texts } from './report.js';
import { displayWidth } from './width.js';

const COLOR_CODE = /\x1b\[\d+m/g;

/** A terminal, and what is to be told of a pager that was started for it. */
export interface PagedOutput {
  readonly stdout: Writable & { readonly rows: number; readonly columns: number };
  /** Command line of the pager. */
  readonly pager: string;
  onStart(pager: Pager): void;
  /** Called before text is written to the terminal itself. */
  beforeText(): void;
  /** There is no such program. */
  onMissing(pager: string): void;
}

/**
 * Writes text of no more than a screen as it is, and starts a pager for more. Where there is none, everything is
 * written all the same. Reads on only as far as somebody wants to see.
 */
export async function writePaged(texts: Texts, output: PagedOutput): Promise<void> {
  const { stdout } = output;
  const iterator = oneByOne(texts);
  let held = '';
  let rows = 0;
  let next = await iterator.next();
  // One row is for the prompt that comes after.
  for (; next.done !== true && rows < stdout.rows; next = await iterator.next()) {
    held += next.value;
    rows += rowsOf(next.value, stdout.columns);
  }
  const isShort = next.done === true && rows < stdout.rows;
  const pager = isShort ? undefined : await Pager.start(output.pager);
  if (pager === undefined) {
    if (!isShort) output.onMissing(output.pager);
    output.beforeText();
    await write(stdout, held);
    for (; next.done !== true; next = await iterator.next()) await write(stdout, next.value);
    return;
  }
  output.onStart(pager);
  try {
    await feed(pager, held);
    for (; next.done !== true && pager.isOpen; next = await iterator.next()) await feed(pager, next.value);
    if (next.done !== true) await iterator.return();
  } finally {
    await pager.finish();
  }
}

async function* oneByOne(texts: Texts): AsyncGenerator<string, void> {
  yield* texts;
}

/** Hands text to a pager, at the pace at which it takes it; none to one that was left. */
function feed({ input }: Pager, text: string): Promise<void> {
  return new Promise((resolve) => {
    input.write(text, () => resolve());
  });
}

/** Rows of a terminal that text takes, its long lines wrapped. */
export function rowsOf(text: string, columns: number): number {
  const lines = text.replace(COLOR_CODE, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}
