import { GearScanner } from '../../chunk/scanner.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import { Pool } from '../../workers/pool.js';
import { Slots } from '../../workers/slots.js';
import type { IngestTasks, IngestWorkerData } from './tasks.js';

/** The threads and the shared memory of one ingest. */
export class IngestEngine {
  readonly slots: Slots;
  readonly pool: Pool<IngestTasks>;
  #files = 0;

  /** `folder`: where packs are spooled; undefined when files are only hashed. */
  constructor(workers: number, folder: string | undefined) {
    const reserve = GearScanner.memoryNeeded(workers);
    this.slots = new Slots(2 * workers + 2, reserve);
    const data: Omit<IngestWorkerData, 'index'> = {
      memory: this.slots.memory,
      tableAt: 0,
      outAt: GearScanner.tableBytes,
      folder,
    };
    this.pool = new Pool({ entry: new URL('./ingest-worker.js', import.meta.url), workers, data });
  }

  /** A number for the running hash of one file; it also says which worker keeps it. */
  newFile(): number {
    return this.#files++;
  }

  /** The shared bytes at a place. */
  bytes(at: number, length: number): Buffer {
    return Buffer.from(this.slots.memory.buffer, at, length);
  }

  /** The packs that are full so far; each is handed out once. */
  async completed(): Promise<FinishedPack[]> {
    return (await this.pool.onEach('completed', null)).flat();
  }

  /** Completes the packs of all workers. */
  async finish(): Promise<FinishedPack[]> {
    return (await this.pool.onEach('finish', null)).flat();
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
