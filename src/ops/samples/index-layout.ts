/**
 * A derived file that tells where each sample lies, so that any is found with one read:
 *
 *     blocks    of 256 samples each, one after the other: a record for each sample, then the paths of those that are
 *               whole files, and the CRC-32 of all that
 *     tail      JSON: what the records have, how many there are, where each block begins and the last ends, and
 *               whatever `IndexWriter.finish` was given
 *     end       u32 length of the tail, u32 CRC-32 of the tail, 8 bytes of magic
 *
 * A record is, as far as samples have it: f64 offset, u32 length (of the sample in its file; of a path among those of its
 * block), u32 number of the label. All numbers are little-endian.
 */
export const MAGIC = Buffer.from('dvssmp2\n');
export const END_LENGTH = 16;
export const SAMPLES_PER_BLOCK = 256;
export const PLACE_LENGTH = 12;
export const LABEL_LENGTH = 4;
export const CRC_LENGTH = 4;

/** What the records have. */
export interface IndexShape {
  /** What a place means: part of a file, or the path of a whole one. */
  readonly places: 'rows' | 'paths';
  readonly labels: boolean;
}

/** Bytes of one record. */
export function recordLength({ labels }: IndexShape): number {
  return PLACE_LENGTH + (labels ? LABEL_LENGTH : 0);
}
