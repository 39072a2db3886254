/** How a stretch of text is to be shown. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A stretch of text that has a style. */
export interface Styled {
  readonly style: Style;
  readonly text: string;
}

export type Span = string | Styled;

/** A line for people. Whatever its spans hold is escaped when it is printed. */
export type Line = Span | readonly Span[];

/** The spans of a line. */
export function spansOf(line: Line): readonly Span[] {
  return typeof line === 'string' || 'style' in line ? [line] : line;
}

export type Texts = Iterable<string> | AsyncIterable<string>;

export type Lines = Iterable<Line> | AsyncIterable<Line>;

/** What text for people is shown on. */
export interface Display {
  /** Columns of the terminal; undefined where there is none, and nothing may be cut to fit. */
  readonly columns?: number | undefined;
}

/** What a command has to say, as JSON; only the form that is wanted is made. */
interface Documents {
  /** For `--json`. Lists may be iterables of any kind; they are written as they come. */
  view(): unknown;
  /** For `--jsonl`: one value a line. By default the items of the view if it is a list, else the view. */
  lines?(): Iterable<unknown> | AsyncIterable<unknown>;
  /** 0 unless the answer is another; asked for when all is printed. */
  readonly status?: number;
}

/** The same for people as well. */
export interface Report extends Documents {
  /** For `--quiet`. */
  brief(): Lines;
  /** For people. */
  text(display: Display): Lines;
  /** True when it is there to be read, so that more than a screen of it goes to a pager. */
  readonly pages?: boolean;
}

/** Or for other programs: text that is printed as it is. See `records.ts`. */
export interface Plain extends Documents {
  plain(): Texts;
}

/** Instead of a report: bytes to print as they are. */
export interface Raw {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** 0 unless the answer is another. */
  readonly status?: number;
}

export function styled(style: Style, text: string): Styled {
  return { style, text };
}
