/**
 * A number or a time without the zeros that end its fraction: `1.50` and `1.5` are one label, and so are times that one tool
 * keeps in microseconds and another in nanoseconds.
 */
export function plainFraction(text: string): string {
  return text.replace(/\.(\d*?)0*(Z?)$/, (_, digits: string, zone: string) =>
    digits === '' ? zone : `.${digits}${zone}`,
  );
}
