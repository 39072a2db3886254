import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ioError, systemCode } from '../src/base/errors.js';
import { escapeText } from './escape.js';
import type { Line, Lines, Span, Style, Texts } from './report.js';

const CODES: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Text is handed on in pieces of about this many characters, or less when there is nothing more just now. */
const PIECE = 1 << 16;

/** A line as it is printed: escaped, and with colours if wanted. */
export function formatLine(line: Line, color: boolean): string {
  const spans = typeof line === 'string' || 'style' in line ? [line] : line;
  return spans.map((span) => formatSpan(span, color)).join('');
}

function formatSpan(span: Span, color: boolean): string {
  if (typeof span === 'string') return escapeText(span);
  const text = escapeText(span.text);
  return color && text !== '' ? `\x1b[${CODES[span.style]}m${text}\x1b[0m` : text;
}

export async function* formatLines(lines: Lines, color: boolean): AsyncGenerator<string> {
  for await (const line of lines) yield `${formatLine(line, color)}\n`;
}

/**
 * Writes text, at the pace of whoever reads it, who gets what there is before anything else is waited for; `beforeText` is
 * called before each piece.
 */
export async function writeText(stream: Writable, texts: Texts, beforeText = () => {}): Promise<void> {
  let piece = '';
  let isPlanned = false;
  const handOn = (): void => {
    isPlanned = false;
    if (piece !== '') {
      beforeText();
      stream.write(piece);
    }
    piece = '';
  };
  for await (const text of texts) {
    piece += text;
    if (piece.length >= PIECE) handOn();
    else if (!isPlanned) {
      isPlanned = true;
      setImmediate(handOn);
    }
    if (stream.writableNeedDrain) await once(stream, 'drain');
  }
  handOn();
  if (stream.writableNeedDrain) await once(stream, 'drain');
}

/** Writes bytes, at the pace of whoever reads them. */
export async function writeBytes(stream: Writable, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of bytes) await write(stream, part);
}

/** Writes, and waits where the stream is full. */
export async function write(stream: Writable, part: string | Uint8Array): Promise<void> {
  if (!stream.write(part)) await once(stream, 'drain');
}

/**
 * Sees to what happens when the output cannot be written: a reader that has seen enough (`| head`) is no error
 * and ends the program; anything else is reported.
 */
export function guardOutput(report: (error: unknown) => number): void {
  process.stdout.on('error', (error) => {
    process.exit(systemCode(error) === 'EPIPE' ? 0 : report(ioError(error, 'writing', 'standard output')));
  });
  process.stderr.on('error', () => {}); // nobody is left to be told
}
