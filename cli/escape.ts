/**
 * What a terminal would obey instead of show: C0 and C1 controls, DEL, marks that turn the direction of text,
 * line and paragraph separators, and lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

const SHORT = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/** `text` with everything a terminal would obey written out, such as `\u{1b}`. */
export function escapeText(text: string): string {
  return text.replace(
    UNSAFE,
    (unsafe) => SHORT.get(unsafe) ?? `\\u{${(unsafe.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
