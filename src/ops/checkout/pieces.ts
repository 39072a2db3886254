import { closeSync, fstatSync, openSync } from 'node:fs';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { READ } from '../../base/open-flags.js';
import { readFully } from '../../base/read-fully.js';
import { unpackFrame } from '../../store/pack/frame.js';
import { FrameCodec } from '../../store/pack/layout.js';
import { missingPack, packKey } from '../../store/pack/reader.js';
import type { SourcePiece } from './tasks.js';

/** Takes pieces out of packs. Holds the last pack and frame: neighbours in a folder are neighbours in a pack. */
export class PieceReader {
  #pack: { path: string; fd: number } | undefined;
  #frame: { from: string | Uint8Array; offset: number; real: Uint8Array } | undefined;

  /** One piece; its frame was checked and unpacked. */
  bytes(piece: SourcePiece): Uint8Array {
    if (this.#frame?.from !== piece.from || this.#frame.offset !== piece.frameOffset) {
      this.#frame = undefined;
      const real = this.#unpack(piece);
      this.#frame = { from: piece.from, offset: piece.frameOffset, real };
    }
    return this.#frame.real.subarray(piece.offset, piece.offset + piece.length);
  }

  /**
   * Puts pieces one after the other into `target`, which is as long as they are together. What is stored as it is
   * comes straight from the pack, its checksum not looked at: the caller has to check the hash of the whole.
   */
  copy(pieces: readonly SourcePiece[], target: Uint8Array): void {
    let at = 0;
    for (const { first, length } of runs(pieces)) {
      const space = target.subarray(at, at + length);
      if (!isAsItIs(first)) space.set(this.bytes(first));
      else if (this.#read(first, space, startOf(first)) < length) throw damaged(first, 'it is cut short');
      at += length;
    }
  }

  #unpack(piece: SourcePiece): Uint8Array {
    try {
      return unpackFrame(piece, this.#stored(piece));
    } catch (error) {
      if (!(error instanceof DvsError) || error.about.length > 0) throw error;
      throw damaged(piece, error.message, error);
    }
  }

  #stored(piece: SourcePiece): Uint8Array {
    if (typeof piece.from !== 'string') return piece.from;
    const stored = Buffer.allocUnsafe(piece.storedLength);
    return stored.subarray(0, this.#read({ ...piece, from: piece.from }, stored, piece.frameOffset));
  }

  /** Fills `target` from a place in a local pack; returns how many bytes there were. */
  #read({ from, packName }: LocalPiece, target: Uint8Array, position: number): number {
    try {
      return readFully(this.#open(from, packName), target, position);
    } catch (error) {
      throw systemCode(error) === 'ENOENT' ? missingPack(packName) : ioError(error, 'reading', from);
    }
  }

  #open(path: string, name: string): number {
    if (this.#pack?.path === path) return this.#pack.fd;
    if (this.#pack !== undefined) closeSync(this.#pack.fd);
    this.#pack = undefined;
    const fd = openSync(path, READ);
    if (!fstatSync(fd).isFile()) {
      closeSync(fd);
      throw missingPack(name);
    }
    this.#pack = { path, fd };
    return fd;
  }
}

type LocalPiece = SourcePiece & { readonly from: string };

/** One piece, or several that lie side by side in a pack as they are. */
interface Run {
  readonly first: SourcePiece;
  length: number;
}

function* runs(pieces: readonly SourcePiece[]): Generator<Run> {
  let run: Run | undefined;
  for (const piece of pieces) {
    if (run !== undefined && isNext(run, piece)) {
      run.length += piece.length;
      continue;
    }
    if (run !== undefined) yield run;
    run = { first: piece, length: piece.length };
  }
  if (run !== undefined) yield run;
}

function isNext({ first, length }: Run, piece: SourcePiece): boolean {
  if (!isAsItIs(first) || !isAsItIs(piece)) return false;
  return first.from === piece.from && startOf(first) + length === startOf(piece);
}

/** In a local pack, and not compressed. */
function isAsItIs(piece: SourcePiece): piece is LocalPiece {
  return typeof piece.from === 'string' && piece.codec === FrameCodec.plain;
}

/** Where a piece that is stored as it is lies in its pack. */
function startOf({ frameOffset, offset }: SourcePiece): number {
  return frameOffset + offset;
}

function damaged({ packName }: SourcePiece, what: string, cause?: DvsError): DvsError {
  return new DvsError(cause?.code ?? 'E_DAMAGED', `pack ${packName.slice(0, 12)}…: ${what}`, {
    cause,
    about: [packKey(packName)],
    hint: 'Run `dvs verify --all` to list what is damaged.',
  });
}
