import { join } from 'node:path';
import type { Repository } from '../../src/flows/repository.js';
import { readLock } from '../../src/workspace/lock.js';
import { Dataset } from '../dataset.js';
import { dvsOk } from '../dvs.js';
import { filesIn } from '../files.js';
import { damage, type History, history, opened } from '../history.js';
import { type Killed, killedAfter, Pace } from '../kill.js';
import { Ledger } from '../ledger.js';
import type { Random } from '../random.js';
import { type Aim, half, isFurther, type State, unfinished } from './state.js';

const NAME = 'data';
const TAG = `${NAME}:best`;
const COMMANDS: readonly [Aim['command'], ...Aim['command'][]] = [
  'add',
  'add',
  'tag',
  'checkout',
  'checkout',
];

/** One workspace in which commands are killed, one after another. */
export class Lane {
  readonly root: string;
  readonly ledger = new Ledger();
  kills = 0;
  /** Of them, those that came after the commit, or after a file was brought. */
  late = 0;
  readonly #random: Random;
  readonly #pace = new Pace();
  #dataset: Dataset | undefined;
  /** True while the files may hold what no version has. */
  #isUnsaved = false;
  #cycle = 0;

  constructor(root: string, random: Random) {
    this.root = root;
    this.#random = random;
  }

  /** Makes the workspace, with two versions, and learns how long each command takes. */
  async begin(): Promise<void> {
    await dvsOk(this.root, ['init', '-q']);
    this.#dataset = new Dataset(join(this.root, NAME), this.#random);
    for (let i = 0; i < 2; i++) {
      this.#change();
      await this.#add();
    }
    await this.#timed('tag', ['tag', `${NAME}:v1`, 'best']);
    await this.#timed('checkout', ['checkout', `${NAME}:v1`]);
  }

  /** Starts a command, kills it, and tells what does not hold then. A command that ended before counts for nothing. */
  async kill(): Promise<string[]> {
    this.#cycle++;
    const command = this.#random.pick(COMMANDS);
    // Else checkout refuses, as it should: it would lose what was never added.
    if (command === 'checkout' && this.#isUnsaved) await this.#add();
    const before = await this.#state();
    const aim = this.#choose(command, before);
    const after = this.#pace.instant(aim.command, this.#random);
    const ended = await killedAfter(this.root, aim.args, after);
    if (ended.wasKilled) this.kills++;
    else this.#pace.note(aim.command, ended.ms);
    const at = `kill ${this.#cycle}, ${aim.args.join(' ')}, ${after.toFixed(1)} ms`;
    const failures = await attempt(() => this.#judge(before, aim, ended));
    if (failures.length === 0 && this.#random.oneIn(2)) failures.push(...(await this.#repeat(aim)));
    return failures.map((failure) => `${at}: ${failure}`);
  }

  /** Everything: the store verifies, and every version that was acknowledged reads back equal. */
  async check(): Promise<string[]> {
    return attempt(() =>
      opened(this.root, async (repo) => [
        ...(await damage(repo)),
        ...this.ledger.lost(await history(repo)),
        ...(await this.ledger.unequal(repo)),
      ]),
    );
  }

  #choose(command: Aim['command'], { versions }: State): Aim {
    if (command === 'add') {
      this.#change();
      return { command, args: ['add', NAME, '-q'], files: filesIn(join(this.root, NAME)), id: undefined };
    }
    const number = 1 + this.#random.int(versions.length);
    const id = versions[number - 1] ?? '';
    const reference = `${NAME}:v${number}`;
    const files = this.ledger.filesOf(id) ?? new Map<string, string>();
    if (command === 'tag') return { command, args: ['tag', '-q', reference, 'best'], files, id };
    return { command, args: ['checkout', '-q', reference], files, id };
  }

  /** What does not hold after a command, whether it was killed or had ended before. */
  async #judge(before: State, aim: Aim, ended: Killed): Promise<string[]> {
    const isDone = ended.code === 0 || /^bafy\S{55}$/m.test(ended.stdout);
    if (!ended.wasKilled && !isDone) return [`ended with ${ended.code}: ${ended.stderr}`];
    return opened(this.root, async (repo) => {
      const told = await history(repo);
      const now = await this.#stateOf(repo, told);
      const failures = this.#learn(before, aim, now);
      if (ended.wasKilled && isFurther(before, now)) this.late++;
      if (isDone) failures.push(...unfinished(aim, now));
      failures.push(...half(before, aim, now), ...this.ledger.lost(told));
      const known = now.versions;
      const sample = [known.at(-1), known[this.#random.int(known.length)]].filter((id) => id !== undefined);
      failures.push(...(await this.ledger.unequal(repo, new Set(sample))));
      if (this.#cycle % 25 === 0) failures.push(...(await damage(repo)));
      return failures;
    });
  }

  /** A version that is there counts from now on, whether the command lived to say so or not. */
  #learn({ versions }: State, { command, files }: Aim, now: State): string[] {
    const added = now.versions.slice(versions.length);
    if (added.length > (command === 'add' ? 1 : 0)) return [`made the versions ${added.join(', ')}`];
    for (const id of added) this.ledger.acknowledge(NAME, id, files);
    if (added.length > 0) this.#isUnsaved = false;
    return [];
  }

  /** The next command, with no repair before it: the same again, this time to its end. */
  async #repeat(aim: Aim): Promise<string[]> {
    return attempt(async () => {
      const before = await this.#state();
      await this.#timed(aim.command, aim.args);
      if (aim.command === 'add') this.#isUnsaved = false;
      return opened(this.root, async (repo) => {
        const now = await this.#stateOf(repo, await history(repo));
        const failures = [...this.#learn(before, aim, now), ...unfinished(aim, now)];
        return failures.map((failure) => `then again: ${failure}`);
      });
    });
  }

  async #add(): Promise<void> {
    const files = filesIn(join(this.root, NAME));
    const id = await this.#timed('add', ['add', NAME, '-q']);
    this.ledger.acknowledge(NAME, id.trim(), files);
    this.#isUnsaved = false;
  }

  #change(): void {
    this.#dataset?.change();
    this.#isUnsaved = true;
  }

  async #timed(command: string, args: readonly string[]): Promise<string> {
    const start = performance.now();
    const printed = await dvsOk(this.root, args);
    this.#pace.note(command, performance.now() - start);
    return printed;
  }

  #state(): Promise<State> {
    return opened(this.root, async (repo) => this.#stateOf(repo, await history(repo)));
  }

  async #stateOf(repo: Repository, { versions, tags }: History): Promise<State> {
    return {
      files: filesIn(join(this.root, NAME)),
      versions: versions.get(NAME) ?? [],
      tag: tags.get(TAG),
      recorded: (await readLock(repo.workspace)).get(NAME)?.id.toString(),
    };
  }
}

/** What `work` finds; what it throws is a failure as well. */
async function attempt(work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
