import type { ContentPiece } from '../../store/objects/reader.js';
import { packKey, readStored } from '../../store/pack/reader.js';
import type { Store } from '../../store/store.js';
import { Pool } from '../../workers/pool.js';
import { Slots } from '../../workers/slots.js';
import type { CheckoutTasks, CheckoutWorkerData, SourcePiece } from './tasks.js';

/** The threads and the shared memory of one checkout. */
export class CheckoutEngine {
  readonly store: Store;
  readonly slots: Slots;
  readonly pool: Pool<CheckoutTasks>;
  #files = 0;

  constructor(store: Store, workers: number) {
    this.store = store;
    this.slots = new Slots(2 * workers + 2, 0);
    const data: CheckoutWorkerData = { memory: this.slots.memory };
    this.pool = new Pool({ entry: new URL('./checkout-worker.js', import.meta.url), workers, data });
  }

  /** A number for the running hash of one file; it also says which worker keeps it. */
  newFile(): number {
    return this.#files++;
  }

  /** Says where workers find these pieces: in local packs, else their frames are read here and handed over. */
  async sources(pieces: readonly ContentPiece[]): Promise<SourcePiece[]> {
    const { backend } = this.store;
    const frames = new Map<string, Promise<Uint8Array>>();
    const from = (packName: string, offset: number, storedLength: number): string | Promise<Uint8Array> => {
      const path = backend.localPath?.(packKey(packName));
      if (path !== undefined) return path;
      const key = `${packName}:${offset}`;
      const frame = frames.get(key) ?? readStored(backend, packName, { offset, storedLength });
      frames.set(key, frame);
      return frame;
    };
    return Promise.all(
      pieces.map(async ({ object }) => {
        const { packName, frameOffset, storedLength, realLength, crc, codec, offset, length } = object;
        const place = { packName, frameOffset, storedLength, realLength, crc, codec, offset, length };
        return { ...place, from: await from(packName, frameOffset, storedLength) };
      }),
    );
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
