import { dvs, dvsOk } from '../dvs.js';
import { damage, history, opened } from '../history.js';
import { type Killed, killedAfter, Pace } from '../kill.js';
import type { Random } from '../random.js';
import { type Aim, half, isEdit, isFurther, type State, unfinished } from './state.js';
import { Victim } from './victim.js';

const COMMANDS = ['add', 'add', 'tag', 'checkout', 'checkout', 'edit', 'edit'] as const;
/** After so many kills the whole store is read and hashed. */
const VERIFY_EVERY = 25;

/** One workspace in which commands are killed, one after another. */
export class Lane {
  kills = 0;
  /** Of them, those that came after something had changed for good. */
  late = 0;
  readonly #victim: Victim;
  readonly #random: Random;
  readonly #pace = new Pace();
  #cycle = 0;

  private constructor(root: string, random: Random) {
    this.#victim = new Victim(root, random);
    this.#random = random;
  }

  /** Makes a workspace in an empty folder, with two versions, and learns how long each command takes. */
  static async begin(root: string, random: Random): Promise<Lane> {
    await dvsOk(root, ['init', '-q']);
    const lane = new Lane(root, random);
    const victim = lane.#victim;
    for (let i = 0; i < 2; i++) await lane.#finish(victim.changeAndAdd());
    await lane.#finish(victim.goTo('tag', await victim.state()));
    await lane.#finish(victim.goTo('checkout', await victim.state()));
    return lane;
  }

  get versions(): number {
    return this.#victim.ledger.size;
  }

  /** Starts a command, kills it, and tells what does not hold then. One that had ended before does not count. */
  async kill(): Promise<string[]> {
    const cycle = ++this.#cycle;
    let at = 'before it was started';
    const failures = await attempt(async () => {
      const { before, aim } = await this.#prepare();
      const after = this.#pace.instant(aim.command, this.#random);
      at = `${aim.args.join(' ')}, ${after.toFixed(1)} ms`;
      const ended = await killedAfter(this.#victim.root, aim.args, after, this.#victim.surroundings);
      if (ended.wasKilled) this.kills++;
      else this.#pace.note(aim.command, ended.ms);
      const wrong = await this.#judge(before, aim, ended);
      if (isEdit(aim)) this.#victim.isOnItsWay = true;
      // An edit of what is not the latest version any more is refused.
      const isDone = isEdit(aim) && this.#victim.ledger.has(aim.files);
      if (wrong.length > 0 || isDone || this.#random.oneIn(2)) return wrong;
      // The next command, with no repair before it: the same again, this time to its end.
      at += ', and then again';
      return this.#finish(aim);
    });
    return failures.map((failure) => `kill ${cycle}, ${at}: ${failure}`);
  }

  /** Everything: the store verifies, and every version that was acknowledged reads back equal. */
  async check(): Promise<string[]> {
    const { root, ledger } = this.#victim;
    return attempt(() =>
      opened(root, async (repo) => [
        ...(await damage(repo)),
        ...ledger.lost(await history(repo)),
        ...(await ledger.unequal(repo)),
      ]),
    );
  }

  async #prepare(): Promise<{ before: State; aim: Aim }> {
    const victim = this.#victim;
    const command = this.#random.pick(COMMANDS);
    if (victim.isOnItsWay) await dvsOk(victim.root, ['checkout', '-q'], victim.surroundings);
    victim.isOnItsWay = false;
    // Else checkout refuses, as it should: it would lose what was never added.
    const needsSaved = command === 'checkout' || command === 'edit';
    if (needsSaved && victim.isUnsaved) await this.#finish(victim.add());
    // A checkout that was killed left files of another version.
    if (command === 'edit') await dvsOk(victim.root, ['checkout', '-q'], victim.surroundings);
    const before = await victim.state();
    if (command === 'add') return { before, aim: victim.changeAndAdd() };
    return { before, aim: command === 'edit' ? victim.edit(before) : victim.goTo(command, before) };
  }

  /** What does not hold after a command, whether it was killed or had ended before. */
  async #judge(before: State, aim: Aim, ended: Killed): Promise<string[]> {
    const isDone = ended.code === 0 || /^bafy\S{55}$/m.test(ended.stdout);
    if (isAskedBack(ended.stderr)) return this.#finish(aim);
    if (!ended.wasKilled && !isDone) return [`ended with ${ended.code}: ${ended.stderr}`];
    const victim = this.#victim;
    return opened(victim.root, async (repo) => {
      const told = await history(repo);
      const now = await victim.stateOf(repo, told);
      if (ended.wasKilled && isFurther(before, now)) this.late++;
      const failures = [...victim.learn(before, aim, now), ...half(before, aim, now)];
      if (isDone) failures.push(...unfinished(aim, now));
      const known = now.versions;
      const sample = [known.at(-1), known[this.#random.int(known.length)]].filter((id) => id !== undefined);
      failures.push(...victim.ledger.lost(told), ...(await victim.ledger.unequal(repo, new Set(sample))));
      if (this.#cycle % VERIFY_EVERY === 0) failures.push(...(await damage(repo)));
      return failures;
    });
  }

  async #run({ command, args }: Aim): Promise<void> {
    const { root, surroundings } = this.#victim;
    const { code, stderr } = await dvs(root, args, surroundings);
    if (code === 0) return;
    const isMeant = command === 'add' && isAskedBack(stderr);
    if (!isMeant) throw new Error(`dvs ${args.join(' ')} ended with ${code}\n${stderr}`);
    await dvsOk(root, [...args, '--force'], surroundings);
  }

  /** Runs a command to its end; what it should have done and has not is a failure. */
  async #finish(aim: Aim): Promise<string[]> {
    const victim = this.#victim;
    const before = await victim.state();
    const start = performance.now();
    await this.#run(aim);
    this.#pace.note(aim.command, performance.now() - start);
    const now = await victim.state();
    if (aim.command === 'add') victim.isUnsaved = false;
    return [...victim.learn(before, aim, now), ...unfinished(aim, now)];
  }
}

/**
 * Between `dvs.lock` and the stat cache a killed command leaves files that are known to be from before what the lock has.
 * Where a change then happens to take that back, `add` asks whether it is meant.
 */
const isAskedBack = (text: string): boolean => text.includes('these files are from before it');

/** What `work` finds; what it throws is a failure as well. */
async function attempt(work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
