import type { Backend } from '../../backend/interface.js';
import { equalBytes, fromHex } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { decodeFooter, decodeHeader, decodeTrailer, packName } from './footer.js';
import { unpackFrame } from './frame.js';
import {
  FOOTER_BYTES,
  type Footer,
  type Frame,
  FrameCodec,
  HEADER_LENGTH,
  TRAILER_LENGTH,
} from './layout.js';
import { loadUnpacking } from './zstd.js';

export const PACK_FOLDER = 'packs';

/** Where a pack is kept. */
export function packKey(name: string): string {
  return `${PACK_FOLDER}/${name}`;
}

/** Most footers fit in this much of a pack's end, so that one read brings footer and trailer. */
const TAIL = 64 * 1024;

/**
 * The footer of a pack, checked against the pack's name. E_MISSING when the pack is not there, E_DAMAGED when
 * it is not intact.
 */
export async function readFooter(backend: Backend, name: string): Promise<Footer> {
  const key = packKey(name);
  const size = await backend.size(key);
  if (size === undefined) throw missingPack(name);
  if (size < HEADER_LENGTH + TRAILER_LENGTH) throw damagedPack(name, 'it is too short');
  const tail = await readRange(backend, name, Math.max(0, size - TAIL), Math.min(size, TAIL));
  return atPack(name, () => readTail(backend, name, size, tail));
}

async function readTail(backend: Backend, name: string, size: number, tail: Uint8Array): Promise<Footer> {
  const { nonce, footerLength } = decodeTrailer(tail.subarray(-TRAILER_LENGTH));
  const footerAt = size - TRAILER_LENGTH - footerLength;
  if (footerAt < HEADER_LENGTH) throw damagedPack(name, 'its footer is longer than the pack');
  if (footerLength > FOOTER_BYTES) throw new DvsError('E_LIMIT', 'its footer is longer than any can be');
  const footer =
    footerLength + TRAILER_LENGTH <= tail.length
      ? tail.subarray(tail.length - TRAILER_LENGTH - footerLength, -TRAILER_LENGTH)
      : await readRange(backend, name, footerAt, footerLength);
  const digest = fromHex(name);
  if (digest === undefined || !equalBytes(packName(footer, nonce), digest)) {
    throw damagedPack(name, 'its footer does not match its name');
  }
  return decodeFooter(footer, footerAt);
}

/** Refuses (E_DAMAGED) a pack whose header differs from the copy in its footer. */
export async function checkHeader(backend: Backend, name: string, footer: Footer): Promise<void> {
  const header = await readRange(backend, name, 0, HEADER_LENGTH);
  await atPack(name, async () => {
    if (decodeHeader(header) !== footer.type) throw damagedPack(name, 'its header differs from its footer');
  });
}

/** The real bytes of a frame; E_MISSING, E_DAMAGED or E_BOMB with the pack's name. */
export async function readFrame(backend: Backend, name: string, frame: Frame): Promise<Uint8Array> {
  const [stored] = await Promise.all([
    readStored(backend, name, frame),
    frame.codec === FrameCodec.zstd ? loadUnpacking() : undefined,
  ]);
  return atPack(name, () => unpackFrame(frame, stored));
}

/** The stored bytes of a frame. */
export function readStored(
  backend: Backend,
  name: string,
  frame: Pick<Frame, 'offset' | 'storedLength'>,
): Promise<Uint8Array> {
  return readRange(backend, name, frame.offset, frame.storedLength);
}

async function readRange(
  backend: Backend,
  name: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = await backend.read(packKey(name), { offset, length });
  if (bytes === undefined) throw missingPack(name);
  if (bytes.length !== length) throw damagedPack(name, 'it is cut short');
  return bytes;
}

/** Runs `read`, naming the pack in what goes wrong. */
export async function atPack<T>(name: string, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DvsError) || error.about.length > 0) throw error;
    throw new DvsError(error.code, `pack ${name.slice(0, 12)}…: ${error.message}`, {
      cause: error,
      about: [packKey(name)],
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/** A pack that the log names and that is not there. */
export function missingPack(name: string): DvsError {
  return new DvsError('E_MISSING', `pack ${name.slice(0, 12)}… is not in the store`, {
    about: [packKey(name)],
    hint: '`dvs verify --all` lists what is missing; `dvs add --rehash` stores again what is on disk.',
  });
}

function damagedPack(name: string, why: string): DvsError {
  return new DvsError('E_DAMAGED', `pack ${name.slice(0, 12)}… is damaged: ${why}`, {
    about: [packKey(name)],
    hint: 'Run `dvs verify --all` to list what is damaged.',
  });
}
