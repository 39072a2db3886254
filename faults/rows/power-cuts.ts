import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLock } from '../../src/workspace/lock.js';
import { dvsOk } from '../dvs.js';
import { inFolder, makeFolders } from '../files.js';
import { damage, history, opened } from '../history.js';
import { Ledger } from '../ledger.js';
import { cutPower, makeImage, whyNoPowerCuts, withImage } from '../power.js';
import { Random } from '../random.js';
import { type Row, scaled } from '../row.js';
import { startWriter } from '../writers.js';

const CUTS = 100;
const PER_IMAGE = 10;
const IMAGE_MIB = 192;
/** The power fails this long after the first version at most. */
const LONGEST_MS = 1_500;
const NAME = 'data';

export const powerCuts: Row = {
  name: 'power cuts',
  what: 'EXT4_IOC_SHUTDOWN without a flush while versions are added, then the journal is replayed',
  figure:
    'every acknowledged version is there and reads back equal; dvs.lock has one of them; the store verifies; the next add works',
  async run(options) {
    const skipped = await whyNoPowerCuts();
    if (skipped !== undefined) return { counts: {}, failures: [], skipped };
    const counts = { cuts: 0, 'versions acknowledged': 0, 'versions read back': 0 };
    const failures: string[] = [];
    const random = new Random(options.seed);
    const total = scaled(CUTS, options);
    for (let image = 0; counts.cuts < total; image++) {
      // Every other one orders less: names may reach the disk before the data does.
      const mode = image % 2 === 0 ? 'data=ordered' : 'data=writeback';
      await inFolder(async (folder) => {
        const disk = new PowerlessDisk(folder, mode, random);
        await disk.begin();
        for (let n = 0; n < PER_IMAGE && counts.cuts < total; n++) {
          const found = await disk.cut();
          counts.cuts++;
          failures.push(...found.map((text) => `seed ${options.seed}, cut ${counts.cuts}, ${mode}: ${text}`));
          if (counts.cuts % 10 === 0) options.report(`${counts.cuts} cuts`);
        }
        counts['versions acknowledged'] += disk.ledger.size;
        counts['versions read back'] += disk.readBack;
      });
    }
    return { counts, failures };
  },
};

/** An ext4 with a workspace on it whose power fails again and again. */
class PowerlessDisk {
  readonly ledger = new Ledger();
  readBack = 0;
  /** The version acknowledged last. */
  readonly #image: string;
  readonly #disk: string;
  readonly #mode: string;
  readonly #random: Random;

  constructor(folder: string, mode: string, random: Random) {
    this.#image = join(folder, 'image');
    this.#disk = join(folder, 'disk');
    this.#mode = mode;
    this.#random = random;
  }

  async begin(): Promise<void> {
    makeFolders(this.#disk);
    makeImage(this.#image, IMAGE_MIB);
    await this.#mounted(() => dvsOk(this.#disk, ['init', '-q']));
  }

  /** Adds versions until the power fails, then tells what is not as it should be. */
  async cut(): Promise<string[]> {
    try {
      await this.#mounted(() => this.#writeUntilCut());
      return await this.#mounted(() => this.#check());
    } catch (error) {
      return [String(error)];
    }
  }

  async #writeUntilCut(): Promise<void> {
    let begun = (): void => {};
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const writer = startWriter({
      root: this.#disk,
      path: NAME,
      name: NAME,
      seed: this.#random.int(2 ** 32),
      versions: 1_000,
      acknowledged: ({ name, id, files }) => {
        this.ledger.acknowledge(name, id, files);
        begun();
      },
    });
    const ended = writer.ended.then((error) => {
      if (error !== undefined) throw new Error(error);
    });
    try {
      await Promise.race([first, ended]);
      await sleep(this.#random.int(LONGEST_MS));
    } finally {
      cutPower(this.#disk);
      writer.process.kill('SIGKILL');
      await writer.ended;
    }
  }

  async #check(): Promise<string[]> {
    const failures = await opened(this.#disk, async (repo) => {
      const told = await history(repo);
      const recorded = (await readLock(repo.workspace)).get(NAME)?.id.toString() ?? '';
      const ids = told.versions.get(NAME) ?? [];
      const isVersion = recorded === '' || ids.includes(recorded);
      this.readBack += this.ledger.size;
      return [
        ...this.ledger.lost(told),
        ...(isVersion ? [] : [`dvs.lock says ${recorded}, which is no version`]),
        ...(await damage(repo)),
        ...(await this.ledger.unequal(repo)),
      ];
    });
    await dvsOk(this.#disk, ['add', NAME, '-q']);
    return failures;
  }

  #mounted<T>(work: () => Promise<T>): Promise<T> {
    return withImage(this.#image, this.#disk, this.#mode, work);
  }
}
