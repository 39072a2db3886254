import { asBuffer } from '../base/bytes.js';

const ASCII = /^[\x00-\x7f]*$/;

/** Bytes that are written as characters, as the text that they encode. */
export function utf8Text(bytes: string): string {
  return ASCII.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Bytes, each written as the character U+0000 to U+00FF. */
export function byteText(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
