import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { CID } from '../id/cid.js';
import { isMap, type Value, type ValueMap } from '../id/codec.js';

/** Reads the fields of a decoded map strictly: E_ENCODING or E_LIMIT name the kind and the field. */
export class Fields {
  readonly #what: string;
  readonly #map: ValueMap;

  /** `what` names the map in errors. Fields other than `known` are refused. */
  constructor(what: string, value: Value | undefined, known: readonly string[]) {
    this.#what = what;
    if (!isMap(value)) throw this.malformed('it is no map');
    this.#map = value;
    const unknown = Object.keys(value).find((field) => !known.includes(field));
    if (unknown !== undefined)
      throw this.malformed(`it has a field ${JSON.stringify(unknown.slice(0, 100))}`);
  }

  has(field: string): boolean {
    return this.#map[field] !== undefined;
  }

  value(field: string): Value | undefined {
    return this.#map[field];
  }

  /** A text of at most `most` bytes. */
  text(field: string, most: number = LIMITS.textBytes): string {
    const value = this.#map[field];
    if (typeof value !== 'string') throw this.malformed(`\`${field}\` is no text`);
    if (utf8(value).length > most) {
      throw new DvsError('E_LIMIT', `\`${field}\` of ${this.#what} is longer than ${most} bytes`);
    }
    return value;
  }

  /** A whole number from `least` to `most`. */
  count(field: string, least = 0, most: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#map[field];
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw this.malformed(`\`${field}\` is no number from ${least} to ${most}`);
  }

  link(field: string): CID {
    const value = this.#map[field];
    if (value instanceof CID) return value;
    throw this.malformed(`\`${field}\` is no link`);
  }

  map(field: string): ValueMap {
    const value = this.#map[field];
    if (isMap(value)) return value;
    throw this.malformed(`\`${field}\` is no map`);
  }

  list(field: string): Value[] {
    const value = this.#map[field];
    if (Array.isArray(value)) return value;
    throw this.malformed(`\`${field}\` is no list`);
  }

  malformed(why: string): DvsError {
    return new DvsError('E_ENCODING', `malformed ${this.#what}: ${why}`);
  }
}
