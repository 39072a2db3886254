import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dvs, dvsOk, type Ended } from '../dvs.js';
import { differences, filesIn, makeFolders } from '../files.js';
import { damage, history, opened } from '../history.js';
import { type Killed, killedAfter, Pace } from '../kill.js';
import type { Random } from '../random.js';

const FILES = 4;
const ROWS = 5_000;
/** After so many kills the whole store is read, and every split in it made again. */
const VERIFY_EVERY = 25;

/** A command that makes something of samples. */
interface Step {
  readonly command: 'samples' | 'split' | 'shuffle' | 'leaks' | 'checkout';
  readonly args: readonly string[];
  /** The folder that it writes. */
  readonly dest?: string;
}

/** Name → the IDs it had. */
type Names = ReadonlyMap<string, readonly string[]>;

/**
 * Two workspaces in which the same commands are run: in one to their end, in the other they are killed. What a command
 * makes has an ID by its content, so the one says what the other must have: all of it, or nothing.
 */
export class Twins {
  kills = 0;
  /** Of them, those that came after something had changed for good. */
  late = 0;
  readonly #whole: string;
  readonly #killed: string;
  readonly #random: Random;
  readonly #pace = new Pace();
  #cycle = 0;

  private constructor(folder: string, random: Random) {
    this.#whole = join(folder, 'whole');
    this.#killed = join(folder, 'killed');
    this.#random = random;
  }

  /** Makes both in an empty folder, with samples of a table, a split of them and an order. */
  static async begin(folder: string, random: Random): Promise<Twins> {
    const twins = new Twins(folder, random);
    const steps = (['samples', 'split', 'shuffle'] as const).map((command) => twins.#step(command));
    for (const root of [twins.#whole, twins.#killed]) {
      makeFolders(join(root, 'data'));
      for (let file = 0; file < FILES; file++) writeFileSync(join(root, 'data', `${file}.csv`), table(file));
      await dvsOk(root, ['init', '-q']);
      await dvsOk(root, ['add', '-q', 'data']);
      for (const { args } of steps) await dvsOk(root, args);
    }
    return twins;
  }

  /** Starts a command, kills it, and tells what does not hold then. One that had ended before does not count. */
  async kill(): Promise<string[]> {
    const step = this.#step(this.#random.pick(['samples', 'split', 'shuffle', 'leaks', 'checkout'] as const));
    const after = this.#pace.instant(step.command, this.#random);
    const at = `kill ${++this.#cycle}, ${step.args.join(' ')}, ${after.toFixed(1)} ms`;
    const failures = await this.#try(step, after).catch((error: unknown) => [String(error)]);
    return failures.map((failure) => `${at}: ${failure}`);
  }

  /** What `dvs verify` finds wrong with the store whose commands were killed. */
  check(): Promise<string[]> {
    return opened(this.#killed, damage);
  }

  async #try(step: Step, after: number): Promise<string[]> {
    const before = await namesOf(this.#killed);
    const start = performance.now();
    const meant = await dvs(this.#whole, step.args);
    this.#pace.note(step.command, performance.now() - start);
    const wanted = await namesOf(this.#whole);
    const ended = await killedAfter(this.#killed, step.args, after);
    const failures = await this.#judge(step, ended, meant, [before, wanted]);
    if (failures.length === 0) failures.push(...(await this.#again(step, meant, wanted)));
    if (this.#cycle % VERIFY_EVERY === 0) failures.push(...(await this.check()));
    return failures;
  }

  /** What is neither as before the command nor as it makes it, or was acknowledged and is not there. */
  async #judge(
    { dest }: Step,
    ended: Killed,
    meant: Ended,
    [before, wanted]: readonly [Names, Names],
  ): Promise<string[]> {
    const now = await namesOf(this.#killed);
    const files = this.#files(dest);
    const isFurther = different(before, now).length > 0 || files.found.size > 0;
    if (ended.wasKilled) this.kills++;
    if (ended.wasKilled && isFurther) this.late++;
    const isDone = ended.code !== undefined || /^\S+:v\d+ {2}bafy\S{55}$/m.test(ended.stdout);
    if (ended.code !== undefined && ended.code !== meant.code)
      return [`ended with ${ended.code} instead of ${meant.code}: ${ended.stderr}`];
    const isAny = isDone || different(before, now).length > 0;
    return [
      ...(isAny ? different(wanted, now) : []),
      ...differences(files.wanted, files.found).filter((path) => isDone || files.found.has(path)),
    ].map((what) => `${what} is neither old nor new`);
  }

  /** The same command to its end, with no repair before it, and then what is read of what it made. */
  async #again({ args, dest }: Step, meant: Ended, wanted: Names): Promise<string[]> {
    const { code, stderr } = await dvs(this.#killed, args);
    if (code !== meant.code) return [`and then ended with ${code} instead of ${meant.code}: ${stderr}`];
    const files = this.#files(dest);
    const wrong = [
      ...different(wanted, await namesOf(this.#killed)),
      ...differences(files.wanted, files.found),
    ];
    const failures = wrong.map((what) => `and then ${what} is not what it should be`);
    const number = String(this.#random.int(FILES * ROWS));
    for (const question of [
      ['cat', 'samples', '--sample', number],
      ['order', 'order', '--epoch', number, '--count', '3', '--format', 'key'],
    ]) {
      const told = await dvsOk(this.#killed, question);
      if (told !== (await dvsOk(this.#whole, question))) failures.push(`${question.join(' ')} tells ${told}`);
    }
    return failures;
  }

  #files(dest: string | undefined): {
    wanted: ReadonlyMap<string, string>;
    found: ReadonlyMap<string, string>;
  } {
    if (dest === undefined) return { wanted: new Map(), found: new Map() };
    return { wanted: filesIn(join(this.#whole, dest)), found: filesIn(join(this.#killed, dest)) };
  }

  #step(command: Step['command']): Step {
    const random = this.#random;
    const number = String(random.int(1_000_000));
    switch (command) {
      case 'samples': {
        const [key, label] = [random.pick(['id', 'text']), random.pick(['kind', 'path:^(.)'])];
        return { command, args: ['samples', 'data', '--name', 'samples', '--key', key, '--label', label] };
      }
      case 'split': {
        const method = random.pick(['stable', 'exact', 'stratify']);
        const how = ['--method', method, '--parts', 'train=8,test=2', '--seed', number];
        return { command, args: ['split', 'samples', '--name', 'split', ...how] };
      }
      case 'shuffle':
        return { command, args: ['shuffle', 'split/train', '--name', 'order', '--seed', number] };
      case 'leaks':
        return { command, args: ['leaks', 'split'] };
      case 'checkout':
        return { command, args: ['checkout', 'split/test', `out-${number}`], dest: `out-${number}` };
    }
  }
}

/** Names by the log, which has to be one line and to agree with the catalogue. */
function namesOf(root: string): Promise<Names> {
  return opened(root, async (repo) => (await history(repo)).versions);
}

/** The names of which two do not tell the same. */
function different(a: Names, b: Names): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter(
    (name) => String(a.get(name)) !== String(b.get(name)),
  );
}

function table(file: number): string {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const id = file * ROWS + i;
    return `${id},${'abc'[id % 3] ?? ''},text ${id}\n`;
  });
  return `id,kind,text\n${rows.join('')}`;
}
