import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from '../bench/main.js';
import { measure } from '../bench/measure.js';

/** Runs `dvs` as whole processes, and holds the peak of their resident memory against a limit. */
export class Peaks {
  readonly failures: string[] = [];
  commands = 0;
  largest = 0;
  readonly #limitMiB: number;
  readonly #report: (line: string) => void;

  constructor(limitMiB: number, report: (line: string) => void) {
    this.#limitMiB = limitMiB;
    this.#report = report;
  }

  /** Runs one command in `cwd`; `what` says on what, for whoever wants to see a failure again. */
  async run(cwd: string, what: string, ...args: readonly string[]): Promise<void> {
    const shown = `dvs ${args.join(' ')} (${what})`;
    this.commands++;
    try {
      const { peakMiB, seconds } = await measure({
        file: process.execPath,
        args: [MAIN, ...args],
        cwd,
        env: { DVS_USER: 'faults', NO_COLOR: '1' },
        piped: true,
      });
      this.largest = Math.max(this.largest, peakMiB);
      this.#report(`${shown}: ${peakMiB.toFixed(0)} MiB, ${seconds.toFixed(1)} s`);
      if (peakMiB > this.#limitMiB)
        this.failures.push(`${shown}: ${peakMiB.toFixed(0)} MiB, and ${this.#limitMiB} are allowed`);
    } catch (error) {
      this.failures.push(`${shown}: ${error instanceof Error ? error.message.slice(-1000) : String(error)}`);
    }
  }
}

/** Makes `count` files of 100 bytes in one folder; files of another `text` have other contents. */
export function makeFiles(folder: string, count: number, text: string): void {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    writeFileSync(join(folder, `${String(i).padStart(7, '0')}.txt`), `${text} ${i}\n`.padStart(100, '.'));
  }
}
