import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from '../backend/interface.js';
import { ioError } from '../base/errors.js';
import { makePath } from '../base/make-path.js';
import { ownedName, sweepTemp } from '../base/owner.js';
import { Catalogue } from './catalogue/catalogue.js';
import type { Session } from './catalogue/session.js';
import { checkFormat, writeFormat } from './format.js';
import { LOG_FOLDER } from './log/entry.js';
import { LOG_START, Log, type LogPosition } from './log/log.js';
import { ObjectReader } from './objects/reader.js';
import { PACK_FOLDER } from './pack/reader.js';
import type { StoreWriter } from './writer.js';
import { Written } from './written.js';

/** Where a store lies, and where it may work. */
export interface StoreOptions {
  readonly backend: Backend;
  /** Local folder of the catalogue; made when it is missing. */
  readonly catalogueDir: string;
  /** Local folder for packs that are not yet in the store; on the backend's file system when it has one. */
  readonly scratchDir: string;
}

/** Packs, log and catalogue: the only place that knows how bytes are kept. Whoever opens a store closes it. */
export class Store {
  readonly backend: Backend;
  readonly log: Log;
  readonly catalogue: Catalogue;
  readonly objects: ObjectReader;
  /** What this process has written. */
  readonly written = new Written();
  readonly #scratchDir: string;
  #head: LogPosition = LOG_START;

  private constructor({ backend, catalogueDir, scratchDir }: StoreOptions) {
    this.backend = backend;
    this.log = new Log(backend);
    this.catalogue = new Catalogue(catalogueDir, backend, this.log);
    this.objects = new ObjectReader(backend, this.catalogue);
    this.#scratchDir = scratchDir;
  }

  /** Makes an empty store; opening one that is there already is no error. */
  static async init(options: StoreOptions): Promise<Store> {
    // First, because what has a format is taken for a store, and who adds to it waits for no folder that is there.
    await options.backend.prepare?.([PACK_FOLDER, LOG_FOLDER]);
    await writeFormat(options.backend);
    return Store.open(options);
  }

  /** Opens a store: E_NO_STORE, E_FORMAT. Its catalogue is brought up to date on the first `refresh`. */
  static async open(options: StoreOptions): Promise<Store> {
    await checkFormat(options.backend);
    return new Store(options);
  }

  /** Where the log ended at the last `refresh`. */
  get head(): LogPosition {
    return this.#head;
  }

  /** Takes in what others committed; says where the log ends. */
  async refresh(): Promise<LogPosition> {
    this.#head = await this.catalogue.refresh();
    return this.#head;
  }

  /** E_IO when the store has gone since it was opened: the reason for whatever went wrong then. */
  async assertHere(): Promise<void> {
    await checkFormat(this.backend);
  }

  /** Asks the catalogue; see `catalogue/names.ts` for the questions. */
  query<T>(ask: (session: Session) => Promise<T>): Promise<T> {
    return this.catalogue.use(ask);
  }

  /** Begins a write, after removing what killed processes left behind. */
  async write(): Promise<StoreWriter> {
    const { backend, catalogue, log, written } = this;
    // Only where a look is cheap: what was in a lost pack would else count as stored for ever.
    if (this.backend.localPath !== undefined) {
      await this.catalogue.assertNoHole();
      if (await this.catalogue.lacksPacks()) await this.catalogue.remake();
    }
    // Loaded here, because most commands only read and none should wait for what it does not use.
    const { StoreWriter } = await import('./writer.js');
    const isEmpty = (await this.refresh()).seq === 0;
    // After those: where the store has gone, a folder made in its place would be in its way when it comes back.
    const folder = await this.#scratchFolder();
    return new StoreWriter({ backend, catalogue, log, written, folder, isEmpty });
  }

  close(): Promise<void> {
    return this.catalogue.close();
  }

  async #scratchFolder(): Promise<string> {
    const folder = join(this.#scratchDir, ownedName());
    try {
      makePath(this.#scratchDir);
      await sweepTemp(this.#scratchDir);
      await mkdir(folder);
      return folder;
    } catch (error) {
      throw ioError(error, 'making the folder', folder);
    }
  }
}
