import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { systemCode } from '../src/base/errors.js';
import { LESS } from './pager-choice.js';

/** What only a shell understands; a command without any of it is started without one. */
const SHELL_ONLY = /[|&;<>()$`\\"'*?[#~=%\n]/;

/** A pager that runs. It has the terminal until it ends, so whoever started it waits for that. */
export class Pager {
  /** Where the text goes. */
  readonly input: Writable;
  /** Settles when the pager was left. */
  readonly closed: Promise<unknown>;
  #isOpen = true;

  private constructor(child: ChildProcess, input: Writable) {
    this.input = input;
    this.closed = once(child, 'close').finally(() => {
      this.#isOpen = false;
    });
    input.on('error', () => {
      this.#isOpen = false; // it was left before the end of the text
    });
  }

  /** Starts `command`; undefined when there is no such program. */
  static async start(command: string): Promise<Pager | undefined> {
    const [program = '', ...args] = SHELL_ONLY.test(command) ? ['sh', '-c', command] : command.split(/\s+/);
    const { LESS: less = LESS, LV: lv = '-c' } = process.env;
    const child = spawn(program, args, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, LESS: less, LV: lv },
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return undefined;
    }
    return new Pager(child, child.stdin);
  }

  /** False once its reader has seen enough. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Says that no more text comes, and waits until the reader is done. */
  async finish(): Promise<void> {
    this.input.end();
    await this.closed;
  }
}
