import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../../src/flows/repository.js';
import { readLock } from '../../src/workspace/lock.js';
import { Dataset } from '../dataset.js';
import type { Surroundings } from '../dvs.js';
import { type Files, filesIn } from '../files.js';
import { type History, history, opened } from '../history.js';
import { Ledger } from '../ledger.js';
import type { Random } from '../random.js';
import { type Aim, makesVersion, type State } from './state.js';

const NAME = 'data';
const TAG = `${NAME}:best`;

/** A workspace whose commands are killed: what it is like, and what is known of its past. */
export class Victim {
  readonly root: string;
  /** It has a cache of its own. */
  readonly surroundings: Surroundings;
  readonly ledger = new Ledger();
  /** True while the files may hold what no version has. */
  isUnsaved = false;
  /** True while files may be on their way to a version that an edit made: `add` refuses them until they are there. */
  isOnItsWay = false;
  readonly #random: Random;
  readonly #dataset: Dataset;
  #edits = 0;

  constructor(root: string, random: Random) {
    this.root = root;
    this.surroundings = { env: { DVS_CACHE_DIR: join(root, '.cache') } };
    this.#random = random;
    this.#dataset = new Dataset(join(root, NAME), random);
  }

  state(): Promise<State> {
    return opened(this.root, async (repo) => this.stateOf(repo, await history(repo)));
  }

  async stateOf(repo: Repository, { versions, tags }: History): Promise<State> {
    return {
      files: this.#files(),
      versions: versions.get(NAME) ?? [],
      tag: tags.get(TAG),
      recorded: (await readLock(repo.workspace)).get(NAME)?.id.toString(),
    };
  }

  /** To add what is there now. */
  add(): Aim {
    return { command: 'add', args: ['add', NAME, '-q'], files: this.#files(), id: undefined };
  }

  changeAndAdd(): Aim {
    this.#dataset.change();
    this.isUnsaved = true;
    return this.add();
  }

  /** To tag or check out any version. */
  goTo(command: 'tag' | 'checkout', { versions }: State): Aim {
    const number = 1 + this.#random.int(versions.length);
    const id = versions[number - 1] ?? '';
    const reference = `${NAME}:v${number}`;
    const files = this.ledger.filesOf(id) ?? new Map<string, string>();
    if (command === 'tag') return { command, args: ['tag', '-q', reference, 'best'], files, id };
    // Hard links of the cache's are files that every workspace shares: a killed command must not leave half of one.
    const link = this.#random.pick(['copy', 'auto', 'hardlink'] as const);
    return { command, args: ['checkout', '-q', '--link', link, reference], files, id };
  }

  /** To put a file into the latest version, take one out, or give one another name. */
  edit({ versions, recorded }: State): Aim {
    const files = new Map(this.ledger.filesOf(versions.at(-1) ?? '') ?? []);
    const number = ++this.#edits;
    const dataset = recorded === versions.at(-1) ? NAME : `${NAME}:latest`;
    const [path, digest] = [...files][this.#random.int(files.size)] ?? ['', ''];
    const op = this.#random.pick(['put', 'rm', 'mv'] as const);
    files.delete(path);
    if (op === 'rm' && files.size > 0 && !this.ledger.has(files)) {
      return { command: 'rm', args: ['rm', '-q', `${dataset}/${path}`], files, id: undefined };
    }
    if (op === 'mv') {
      const to = `moved-${number}`;
      const args = ['mv', '-q', `${dataset}/${path}`, `${dataset}/${to}`];
      return { command: 'mv', args, files: files.set(to, digest), id: undefined };
    }
    const source = join(this.root, `new-${number}`);
    const bytes = this.#random.bytes(1 + this.#random.int(3_000));
    writeFileSync(source, bytes);
    files.set(path, digest).set(`put-${number}`, createHash('sha256').update(bytes).digest('hex'));
    const args = ['put', '-q', source, `${dataset}/put-${number}`];
    return { command: 'put', args, files, id: undefined };
  }

  /** A version that is there counts from now on, whether the command lived to say so or not. */
  learn(before: State, aim: Aim, now: State): string[] {
    const added = now.versions.slice(before.versions.length);
    if (added.length > (makesVersion(aim) ? 1 : 0)) return [`made the versions ${added.join(', ')}`];
    for (const id of added) this.ledger.acknowledge(NAME, id, aim.files);
    if (aim.command === 'add' && added.length > 0) this.isUnsaved = false;
    return [];
  }

  #files(): Files {
    return filesIn(join(this.root, NAME));
  }
}
