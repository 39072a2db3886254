/** A word as it stands in a line of shell, with how far its quotes are. */
export interface Word {
  /** What the command would get. */
  readonly text: string;
  /** The quote that is still open at its end, if any. */
  readonly quote: '' | '"' | "'";
  /** How much of `text` comes before the quote that is open. */
  readonly quotedFrom: number;
  /** How much of `text` lies before and with the last `:` or `=` that stands unquoted. */
  readonly lastBreak: number;
}

const EMPTY: Word = { text: '', quote: '', quotedFrom: 0, lastBreak: 0 };

/** What ends a command, so that another begins. */
const ENDS = new Set(['|', ';', '&', '(', '\n']);

/** The words of a command of which the last, the one at the cursor, may be unfinished or empty. */
export interface CommandLine {
  readonly before: readonly string[];
  readonly current: Word;
}

/** Takes the line of a shell apart as POSIX shells do, as far as words and quotes go; of several commands the last. */
export function splitLine(line: string): CommandLine {
  let before: string[] = [];
  let word: Word | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    const { text, quote }: Word = word ?? EMPTY;
    if (quote === '' && /\s/.test(char) && char !== '\n') {
      if (word !== undefined) before.push(text);
      word = undefined;
    } else if (quote === '' && ENDS.has(char)) {
      before = [];
      word = undefined;
    } else if (char === '\\' && quote !== "'") {
      const next = line[++i] ?? '';
      const isPlain = quote === '' || '"\\$`'.includes(next);
      word = { ...(word ?? EMPTY), text: text + (isPlain ? '' : char) + next };
    } else if (quote === '' && (char === '"' || char === "'")) {
      word = { ...(word ?? EMPTY), quote: char, quotedFrom: text.length };
    } else if (char === quote) {
      word = { ...(word ?? EMPTY), quote: '' };
    } else {
      const isBreak = quote === '' && (char === ':' || char === '=');
      const added: Word = { ...(word ?? EMPTY), text: text + char };
      word = isBreak ? { ...added, lastBreak: added.text.length } : added;
    }
  }
  return { before, current: word ?? EMPTY };
}

/** What stands for `text` within the quote that is open. */
export function quoted(text: string, quote: Word['quote']): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  if (quote === '"') return text.replace(/["\\$`]/g, '\\$&');
  return text.replace(/[^\p{L}\p{N}_.,:=@%+/^-]/gu, '\\$&');
}
