import type { CID } from './cid.js';

/** What a canonical node is made of: the DAG-CBOR data model without floats. */
export type Value = null | boolean | number | string | Uint8Array | CID | Value[] | { [key: string]: Value };
export type ValueMap = { [key: string]: Value };
