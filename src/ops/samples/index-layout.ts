/**
 * A derived file that tells where each sample lies, so that any is found with one read:
 *
 *     records   in blocks of 256, each followed by the CRC-32 of the block: f64 offset, u32 length (where samples
 *               lie in files), u32 number of the label (where labels are kept); little-endian
 *     tail      JSON: whatever `IndexWriter.finish` was given
 *     end       u32 length of the tail, u32 CRC-32 of the tail, 8 bytes of magic
 */
export const MAGIC = Buffer.from('dvssmp1\n');
export const END_LENGTH = 16;
export const RECORDS_PER_BLOCK = 256;
export const PLACE_LENGTH = 12;
export const LABEL_LENGTH = 4;
export const CRC_LENGTH = 4;

/** Which columns the records have. */
export interface IndexShape {
  readonly places: boolean;
  readonly labels: boolean;
}

/** Bytes of one record. */
export function recordLength({ places, labels }: IndexShape): number {
  return (places ? PLACE_LENGTH : 0) + (labels ? LABEL_LENGTH : 0);
}
