import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readLock } from '../../src/workspace/lock.js';
import { dvsOk } from '../dvs.js';
import { inFolder, makeFolders } from '../files.js';
import { damage, history, opened } from '../history.js';
import { Ledger } from '../ledger.js';
import { Reader } from '../many-writers/reader.js';
import { Random } from '../random.js';
import { type Row, type RowOptions, scaled } from '../row.js';
import { startWriter } from '../writers.js';

const WRITERS = 8;
const VERSIONS = 100;
/** These have a name each and share a workspace; the others share a name and have a workspace each. */
const WITH_OWN_NAME = 4;
/** A writer is killed after so many versions at most. */
const LONGEST_LIFE = 20;

export const manyWriters: Row = {
  name: 'many writers',
  what: '8 processes add 100 versions each to one store, killed and started again at random; others read and tag',
  figure:
    'every acknowledged version is there once, the log is one line, every answer was true while it was sought, nobody is told E_BUSY',
  run: (options) => inFolder((folder) => new Crowd(folder, options).run()),
};

/** Writers of one store, and who reads it. */
class Crowd {
  readonly #folder: string;
  readonly #home: string;
  readonly #options: RowOptions;
  readonly #random: Random;
  readonly #ledger = new Ledger();
  readonly #failures: string[] = [];
  #kills = 0;
  #writing = WRITERS;

  constructor(folder: string, options: RowOptions) {
    this.#folder = folder;
    this.#home = join(folder, 'home');
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  async run() {
    makeFolders(this.#home);
    await dvsOk(this.#home, ['init', '-q']);
    const reader = await Reader.open(this.#home, this.#random);
    try {
      const writers = Array.from({ length: WRITERS }, (_, i) => this.#write(i));
      await Promise.all([...writers, this.#read(reader)]);
    } finally {
      await reader.close();
    }
    this.#fail(await this.#check(reader));
    const counts = {
      'versions acknowledged': this.#ledger.size,
      'writers killed': this.#kills,
      'questions asked': reader.asked,
      tags: reader.tags.size,
    };
    return { counts, failures: this.#failures };
  }

  /** One writer: killed and started again until it was told of all its versions. */
  async #write(i: number): Promise<void> {
    const root = this.#workspace(i);
    const name = i < WITH_OWN_NAME ? `own-${i}` : 'shared';
    let left = scaled(VERSIONS, this.#options);
    while (left > 0) {
      let life = 1 + this.#random.int(Math.min(LONGEST_LIFE, left));
      const afterwards = this.#random.int(200);
      const writer = startWriter({
        root,
        path: `data-${i}`,
        name,
        seed: this.#random.int(2 ** 32),
        versions: left,
        acknowledged: (version) => {
          left--;
          this.#ledger.acknowledge(version.name, version.id, version.files);
          if (this.#ledger.size % 50 === 0) this.#options.report(`${this.#ledger.size} versions`);
          if (--life === 0) setTimeout(() => writer.process.kill('SIGKILL'), afterwards);
        },
      });
      const error = await writer.ended;
      if (writer.process.signalCode === 'SIGKILL') this.#kills++;
      if (error === undefined) continue;
      this.#fail([`writer ${i}: ${error}`]);
      break;
    }
    this.#writing--;
  }

  async #read(reader: Reader): Promise<void> {
    while (this.#writing > 0) {
      this.#fail(await reader.ask());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #check(reader: Reader): Promise<string[]> {
    return opened(this.#home, async (repo) => {
      const told = await history(repo);
      const failures = [...this.#ledger.lost(told), ...(await damage(repo))];
      failures.push(...(await this.#ledger.unequal(repo)));
      for (const [tag, id] of reader.tags) {
        if (told.tags.get(tag) !== id) failures.push(`the tag ${tag} is ${told.tags.get(tag)}, not ${id}`);
      }
      for (const { name, path, id } of (await readLock(repo.workspace)).values()) {
        const last = told.versions.get(name)?.at(-1);
        if (id.toString() !== last) failures.push(`dvs.lock has ${path} at ${id}, not at ${last}`);
      }
      return failures;
    });
  }

  /** The home of the store, or another workspace that leads to it. */
  #workspace(i: number): string {
    if (i < WITH_OWN_NAME) return this.#home;
    const root = join(this.#folder, `${i}`);
    makeFolders(root);
    symlinkSync(join(this.#home, '.dvs'), join(root, '.dvs'));
    return root;
  }

  #fail(found: readonly string[]): void {
    this.#failures.push(...found.map((failure) => `seed ${this.#options.seed}: ${failure}`));
  }
}
