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

/** What has to be quoted: the same, and what quoting itself needs. */
const QUOTED = /["\\]/;

/** A path as it is, or as a JSON string when it has anything that a terminal would obey, `"` or `\`. */
export function quotePath(path: string): string {
  if (path.search(UNSAFE) < 0 && !QUOTED.test(path)) return path;
  // JSON escapes some of them itself, and leaves no lone surrogates.
  return JSON.stringify(path).replace(
    UNSAFE,
    (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `text` with everything a terminal would obey written out, such as `\u{1b}`. */
export function escapeText(text: string): string {
  return text.replace(
    UNSAFE,
    (unsafe) => SHORT.get(unsafe) ?? `\\u{${(unsafe.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
