import type { Candidate } from './candidate.js';
import { quoted, type Word } from './words.js';

/** Shells that completion is made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** What no shell could be told in one line, or would obey. */
const UNTELLABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/**
 * The lines that the script of a shell reads. bash: what replaces the piece of the word that bash takes for a word of its
 * own, quoted, with a space where the word ends. zsh and fish: the text, TAB, a note, TAB, and `+` when the word may go on.
 */
export function printed(
  shell: Shell,
  candidates: readonly Candidate[],
  word: Word,
  breaks: string,
): string[] {
  const tellable = candidates.filter(({ text }) => !UNTELLABLE.test(text));
  if (shell === 'bash') return tellable.map((one) => forBash(one, word, breaks, tellable.length === 1));
  return tellable.map(({ text, note = '', isFinal }) => {
    const fields = [text, note.replace(/\p{Cc}/gu, ' ')];
    return [...fields, ...(shell === 'zsh' ? [isFinal ? '' : '+'] : [])].join('\t');
  });
}

function forBash({ text, isFinal }: Candidate, word: Word, breaks: string, isOnly: boolean): string {
  // bash begins a new word after these, unless they are quoted, and after a quote.
  const isBroken = breaks.includes(word.text[word.lastBreak - 1] ?? ' ');
  const cut = word.quote === '' ? (isBroken ? word.lastBreak : 0) : word.quotedFrom;
  const rest = quoted(text.slice(cut), word.quote);
  if (!isFinal) return rest;
  if (word.quote === '') return `${rest} `;
  return isOnly ? `${rest}${word.quote} ` : rest;
}
