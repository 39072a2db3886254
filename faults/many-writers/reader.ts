import { createHash } from 'node:crypto';
import { find } from '../../src/flows/references.js';
import { Repository } from '../../src/flows/repository.js';
import { dvs } from '../dvs.js';
import { filesOf } from '../files.js';
import { opened } from '../history.js';
import type { Random } from '../random.js';
import { type Past, pastOf } from './past.js';

type Question = 'resolve' | 'resolve in one long session' | 'cat' | 'log' | 'ls';
const QUESTIONS: readonly [Question, ...Question[]] = [
  'resolve',
  'resolve in one long session',
  'cat',
  'log',
  'ls',
];

/** Asks a store that others write to; an answer is right if it was true at some time while it was sought. */
export class Reader {
  asked = 0;
  /** `name:tag` → ID, of those whose `dvs tag` said that it was done. */
  readonly tags = new Map<string, string>();
  readonly #root: string;
  readonly #random: Random;
  readonly #past: Past;
  readonly #repo: Repository;

  private constructor(root: string, random: Random, past: Past, repo: Repository) {
    this.#root = root;
    this.#random = random;
    this.#past = past;
    this.#repo = repo;
  }

  /** `past` tells what is true. */
  static async open(root: string, random: Random, past: Past = pastOf(root)): Promise<Reader> {
    const repo = await Repository.open(root, { who: 'reader', clock: Date.now, workers: 1 });
    return new Reader(root, random, past, repo);
  }

  close(): Promise<void> {
    return this.#repo.close();
  }

  /** Asks one question and says what is wrong with the answer. */
  async ask(): Promise<string[]> {
    const from = await this.#past.now();
    const [first, ...others] = this.#past.names(from);
    if (first === undefined) return [];
    const name = this.#random.pick([first, ...others]);
    if (this.#random.oneIn(8)) return this.#tag(name, from);
    const question = this.#random.pick(QUESTIONS);
    const asked = `${question} ${name} between entries ${from} and`;
    try {
      const answer = await this.#answer(question, name);
      const to = await this.#past.now();
      this.asked++;
      return (await this.#isTrue(question, name, answer, { from, to })) ? [] : [`${asked} ${to}: ${answer}`];
    } catch (error) {
      return [`${asked} ?: ${String(error)}`];
    }
  }

  async #answer(question: Question, name: string): Promise<string> {
    const reference = `${name}:latest`;
    switch (question) {
      case 'resolve':
        return this.#printed('resolve', reference);
      case 'resolve in one long session':
        return `${(await find(this.#repo, reference)).id.toString()}\n`;
      case 'cat':
        return this.#printed('cat', `${reference}/number`);
      case 'log':
        return this.#printed('log', '-q', reference);
      case 'ls':
        return this.#printed('ls', '-q');
    }
  }

  async #isTrue(
    question: Question,
    name: string,
    answer: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<boolean> {
    for (let seq = from; seq <= to; seq++) {
      if (answer === (await this.#truth(question, name, seq, answer))) return true;
    }
    return false;
  }

  /** The answer that was right after entry `seq`. */
  async #truth(question: Question, name: string, seq: number, answer: string): Promise<string> {
    const latest = (of: string) => this.#past.versions(of, seq).at(-1) ?? '';
    switch (question) {
      case 'cat': {
        const id = latest(name);
        const digest = await opened(this.#root, async (repo) => (await filesOf(repo, id)).get('number'));
        return createHash('sha256').update(answer).digest('hex') === digest ? answer : `the file of ${id}`;
      }
      case 'log':
        return lines(this.#past.moves(name, seq).reverse());
      case 'ls':
        return lines(this.#past.names(seq).map(latest));
      default:
        return lines([latest(name)]);
    }
  }

  async #tag(name: string, from: number): Promise<string[]> {
    const ids = this.#past.versions(name, from);
    const number = 1 + this.#random.int(ids.length);
    const tag = `tag-${this.tags.size}`;
    const { code, stderr } = await dvs(this.#root, ['tag', '-q', `${name}:v${number}`, tag]);
    if (code !== 0) return [`tag ${name}:v${number}: ${code}, ${stderr}`];
    this.tags.set(`${name}:${tag}`, ids[number - 1] ?? '');
    return [];
  }

  async #printed(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await dvs(this.#root, args);
    if (code !== 0) throw new Error(`dvs ${args.join(' ')}: ${code}, ${stderr}`);
    return stdout;
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
