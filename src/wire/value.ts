import { hex } from '../base/bytes.js';
import { CID } from '../id/cid.js';
import type { Value } from '../id/codec.js';

/** What an entity holds, as JSON can say it: IDs as text, bytes as hexadecimal digits. */
export type ValueView = null | boolean | number | string | ValueView[] | { [key: string]: ValueView };

/** Recurses no deeper than the decoder lets a node be nested. */
export function valueView(value: Value): ValueView {
  if (value instanceof CID) return value.toString();
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(valueView);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueView(item)]));
}
