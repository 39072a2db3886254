import { join } from 'node:path';
import type { Repository } from '../../src/flows/repository.js';
import { readLock } from '../../src/workspace/lock.js';
import { Dataset } from '../dataset.js';
import { type Files, filesIn } from '../files.js';
import { type History, history, opened } from '../history.js';
import { Ledger } from '../ledger.js';
import type { Random } from '../random.js';
import type { Aim, State } from './state.js';

const NAME = 'data';
const TAG = `${NAME}:best`;

/** A workspace whose commands are killed: what it is like, and what is known of its past. */
export class Victim {
  readonly root: string;
  readonly ledger = new Ledger();
  /** True while the files may hold what no version has. */
  isUnsaved = false;
  readonly #random: Random;
  readonly #dataset: Dataset;

  constructor(root: string, random: Random) {
    this.root = root;
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
    const args = command === 'tag' ? ['tag', '-q', reference, 'best'] : ['checkout', '-q', reference];
    return { command, args, files, id };
  }

  /** A version that is there counts from now on, whether the command lived to say so or not. */
  learn(before: State, { command, files }: Aim, now: State): string[] {
    const added = now.versions.slice(before.versions.length);
    if (added.length > (command === 'add' ? 1 : 0)) return [`made the versions ${added.join(', ')}`];
    for (const id of added) this.ledger.acknowledge(NAME, id, files);
    if (added.length > 0) this.isUnsaved = false;
    return [];
  }

  #files(): Files {
    return filesIn(join(this.root, NAME));
  }
}
