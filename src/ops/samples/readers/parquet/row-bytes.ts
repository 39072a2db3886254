import { compareBytes, compareUtf8, utf8 } from '../../../../base/bytes.js';
import { MiB } from '../../../../base/limits.js';
import type { Value } from '../../../../formats/parquet/assemble.js';
import {
  halfOf,
  instantOf,
  integerOf,
  type Physical,
  type Scalar,
  timeOf,
  unscaledOf,
} from '../../../../formats/parquet/scalar.js';
import type { Shape } from '../../../../formats/parquet/shape.js';
import { Unreadable } from '../../../../formats/unreadable.js';
import { decimalText, trimmedDecimal } from './decimal-text.js';

/** What a value begins with: `dvs-row-1`, see docs/row-bytes.md. Frozen. */
const TAG = {
  null: 0,
  false: 1,
  true: 2,
  integer: 3,
  largeUnsigned: 4,
  float: 5,
  decimal: 6,
  instant: 7,
  time: 8,
  bytes: 9,
  string: 10,
  list: 11,
  struct: 12,
  map: 13,
} as const;

const MAX_ROW = 256 * MiB;
const FIRST_BYTES = 4096;
const MAX_INT64 = 2n ** 63n - 1n;
const DAY_NANOSECONDS = 86_400_000_000_000n;

/** A shape with the names of its fields encoded and in byte order. */
type Plan =
  | { readonly kind: 'leaf'; readonly scalar: Scalar }
  | { readonly kind: 'optional' | 'list'; readonly inner: Plan }
  | { readonly kind: 'map'; readonly key: Plan; readonly value: Plan }
  | { readonly kind: 'struct'; readonly fields: readonly { at: number; name: Uint8Array; plan: Plan }[] };

function planOf(shape: Shape): Plan {
  switch (shape.kind) {
    case 'leaf':
      return shape;
    case 'optional':
      return { kind: 'optional', inner: planOf(shape.inner) };
    case 'list':
      return { kind: 'list', inner: planOf(shape.element) };
    case 'map': {
      const [key, value] = shape.entry.fields;
      if (key === undefined || value === undefined) throw new Unreadable('a map has no keys or no values');
      return { kind: 'map', key: planOf(key.shape), value: planOf(value.shape) };
    }
    case 'struct':
      return {
        kind: 'struct',
        fields: shape.fields
          .map(({ name, shape: inner }, at) => ({ at, text: name, name: utf8(name), plan: planOf(inner) }))
          .sort((a, b) => compareUtf8(a.text, b.text)),
      };
  }
}

/** Writes the bytes of rows, one behind the other: `dvs-row-1`. */
export class RowEncoder {
  readonly #plan: Plan;
  #buffer = Buffer.alloc(FIRST_BYTES);
  #end = 0;
  #rowStart = 0;

  constructor(row: Shape) {
    this.#plan = planOf(row);
  }

  /** Where the next row begins. */
  get end(): number {
    return this.#end;
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.#end = 0;
  }

  /** Writes a row; `Unreadable` when it takes more than 256 MiB. */
  add(row: Value): void {
    this.#rowStart = this.#end;
    this.#put(row, this.#plan);
  }

  /** What was written, valid until more is. */
  bytes(from: number, to: number): Uint8Array {
    return this.#buffer.subarray(from, to);
  }

  #put(value: Value, plan: Plan): void {
    switch (plan.kind) {
      case 'optional':
        if (value === null) this.#tag(TAG.null, 0);
        else this.#put(value, plan.inner);
        return;
      case 'leaf':
        if (value !== null && !Array.isArray(value) && isPhysical(value)) this.#scalar(value, plan.scalar);
        return;
      case 'list': {
        const items = itemsOf(value);
        this.#counted(TAG.list, items.length);
        for (const item of items) this.#put(item, plan.inner);
        return;
      }
      case 'struct': {
        const items = itemsOf(value);
        this.#counted(TAG.struct, plan.fields.length);
        for (const { at, name, plan: inner } of plan.fields) {
          this.#sized(name);
          this.#put(items[at] ?? null, inner);
        }
        return;
      }
      case 'map':
        this.#map(itemsOf(value), plan.key, plan.value);
    }
  }

  /** In the order of the keys' bytes, since nothing says that writers keep another one. */
  #map(entries: readonly Value[], keyPlan: Plan, valuePlan: Plan): void {
    this.#counted(TAG.map, entries.length);
    const start = this.#end;
    const parts = entries.map((entry) => {
      const [key = null, value = null] = itemsOf(entry);
      const from = this.#end;
      this.#put(key, keyPlan);
      const keyEnd = this.#end;
      this.#put(value, valuePlan);
      return { from, keyEnd, to: this.#end };
    });
    const written = Buffer.from(this.#buffer.subarray(start, this.#end));
    const piece = (from: number, to: number): Uint8Array => written.subarray(from - start, to - start);
    parts.sort((a, b) => compareBytes(piece(a.from, a.keyEnd), piece(b.from, b.keyEnd)) || a.from - b.from);
    this.#end = start;
    for (const { from, to } of parts) this.#raw(piece(from, to));
  }

  #scalar(value: Physical, scalar: Scalar): void {
    switch (scalar.kind) {
      case 'boolean':
        this.#tag(value === true ? TAG.true : TAG.false, 0);
        return;
      case 'integer':
        this.#integer(integerOf(value, scalar.unsigned));
        return;
      case 'float':
      case 'half': {
        const number = scalar.kind === 'half' ? halfOf(value) : Number(value);
        const at = this.#tag(TAG.float, 8);
        // One pattern for all NaN, whatever the machine makes of them.
        if (Number.isNaN(number)) this.#buffer.writeBigUInt64LE(0x7ff8000000000000n, at);
        else this.#buffer.writeDoubleLE(number, at);
        return;
      }
      case 'decimal':
        this.#tag(TAG.decimal, 0);
        this.#sized(utf8(trimmedDecimal(decimalText(unscaledOf(value), scalar.scale))));
        return;
      case 'time': {
        const time = timeOf(value, scalar.digits);
        if (time < 0n || time >= DAY_NANOSECONDS)
          throw new Unreadable('a time of day lies outside of the day');
        this.#bigInteger(TAG.time, time);
        return;
      }
      case 'date':
      case 'timestamp':
      case 'int96': {
        const { seconds, nanoseconds } = instantOf(value, scalar);
        const at = this.#tag(TAG.instant, 12);
        this.#buffer.writeBigInt64LE(seconds, at);
        this.#buffer.writeUInt32LE(nanoseconds, at + 8);
        return;
      }
      default:
        this.#tag(scalar.kind === 'string' ? TAG.string : TAG.bytes, 0);
        this.#sized(value instanceof Uint8Array ? value : new Uint8Array(0));
    }
  }

  #integer(value: number | bigint): void {
    if (typeof value === 'number') {
      const at = this.#tag(TAG.integer, 8);
      this.#buffer.writeInt32LE(value | 0, at);
      this.#buffer.writeInt32LE(Math.floor(value / 2 ** 32), at + 4);
    } else this.#bigInteger(value > MAX_INT64 ? TAG.largeUnsigned : TAG.integer, value);
  }

  #bigInteger(tag: number, value: bigint): void {
    const at = this.#tag(tag, 8);
    this.#buffer.writeBigInt64LE(BigInt.asIntN(64, value), at);
  }

  /** Writes a tag and leaves room for `length` bytes behind it; returns where they begin, in the buffer that there then is. */
  #tag(tag: number, length: number): number {
    this.#grow(1 + length);
    this.#buffer.writeUInt8(tag, this.#end);
    const at = this.#end + 1;
    this.#end = at + length;
    return at;
  }

  #counted(tag: number, count: number): void {
    const at = this.#tag(tag, 4);
    this.#buffer.writeUInt32LE(count, at);
  }

  #sized(bytes: Uint8Array): void {
    this.#grow(4);
    this.#buffer.writeUInt32LE(bytes.length, this.#end);
    this.#end += 4;
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #grow(length: number): void {
    const needed = this.#end + length;
    if (needed <= this.#buffer.length) return;
    if (needed - this.#rowStart > MAX_ROW) throw new Unreadable(`a row takes more than ${MAX_ROW / MiB} MiB`);
    const larger = Buffer.alloc(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }
}

function isPhysical(value: Value): value is Physical {
  return value !== null && (typeof value !== 'object' || value instanceof Uint8Array);
}

export function itemsOf(value: Value): readonly Value[] {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? value : [];
}
