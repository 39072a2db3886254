import { readFileSync, writeFileSync } from 'node:fs';

/** The part of a document between `<!-- name -->` and `<!-- /name -->`, which a program writes. */
export class MarkedPart {
  readonly #document: string;
  readonly #before: string;
  readonly #after: string;
  readonly text: string;

  /** An Error when the document has no such part. */
  constructor(document: string, name: string) {
    const text = readFileSync(document, 'utf8');
    const mark = `<!-- ${name} -->`;
    const begin = text.indexOf(mark) + mark.length;
    const end = text.indexOf(`<!-- /${name} -->`);
    if (begin < mark.length || end < begin) throw new Error(`${document} has no place for the ${name}`);
    this.#document = document;
    this.#before = text.slice(0, begin);
    this.text = text.slice(begin, end);
    this.#after = text.slice(end);
  }

  replace(text: string): void {
    writeFileSync(this.#document, `${this.#before}${text}${this.#after}`);
  }
}
