/** Text for roff as it stands: backslashes, and what a line may not begin with. */
export function plain(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/[\u0080-\u{10ffff}]/gu, (char) => `\\[u${hexOf(char)}]`)
    .replace(/^(['.])/gm, '\\&$1');
}

export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** Prose in which `` `code` `` is shown bold. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (/^`.*`$/.test(part) ? bold(part.slice(1, -1)) : plain(part)))
    .join('');
}

/** A line of a macro with arguments. */
export function macro(name: string, ...given: readonly string[]): string {
  return [`.${name}`, ...given.map((one) => `"${one.replace(/\\/g, '\\e').replaceAll('"', '\\(dq')}"`)].join(
    ' ',
  );
}

/** Terms with what each means. */
export function definitions(rows: readonly (readonly [term: string, meaning: string])[]): string[] {
  return rows.flatMap(([term, meaning]) => ['.TP', term, prose(meaning)]);
}

function hexOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
