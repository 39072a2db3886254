import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { makeTempDir, tempDir } from '../support/tmp.js';

export const MAIN = fileURLToPath(new URL('../../dist/cli/bundle/main.js', import.meta.url));
export const NOW = '2026-01-02T03:04:05Z';

let template: Promise<{ scratch: Scratch; remove: () => Promise<void> }> | undefined;

afterAll(async () => (await template)?.remove());

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A folder to work in, a home of its own, and dvs with nothing else in its environment. */
export class Scratch {
  readonly root: string;
  readonly home: string;

  private constructor(base: string) {
    this.root = join(base, 'work');
    this.home = join(base, 'home');
    mkdirSync(this.root);
    mkdirSync(this.home);
  }

  /** An empty folder that goes when the running test ends. */
  static async empty(): Promise<Scratch> {
    return new Scratch(realpathSync(await tempDir()));
  }

  /** The same for several tests; `remove` is for `afterAll`. */
  static async shared(): Promise<{ scratch: Scratch; remove: () => Promise<void> }> {
    const { path, remove } = await makeTempDir();
    return { scratch: new Scratch(realpathSync(path)), remove };
  }

  /** A workspace with `data` recorded as data:v1: a copy of one that is made once a test file. */
  static async withData(): Promise<Scratch> {
    const scratch = await Scratch.empty();
    template ??= Scratch.shared().then(async (shared) => {
      await shared.scratch.addData();
      return shared;
    });
    cpSync((await template).scratch.root, scratch.root, { recursive: true });
    return scratch;
  }

  async addData(): Promise<void> {
    await this.ok('init');
    this.write('data/labels.csv', 'cat\ndog\n');
    this.write('data/train/0.txt', 'zero\n');
    this.write('data/train/1.txt', 'one\n');
    await this.ok('add', 'data', '-m', 'first');
  }

  get env(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    return { PATH, HOME: this.home, DVS_USER: 'ada', DVS_NOW: NOW, LC_ALL: 'C.UTF-8' };
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  /** All files beneath `path`, with their size and time of change: equal when nothing was written there. */
  snapshot(path: string): string[] {
    return readdirSync(this.path(path), { recursive: true, encoding: 'utf8' })
      .sort()
      .flatMap((name) => {
        const stat = statSync(this.path(path, name));
        return stat.isFile() ? [`${name} ${stat.size} ${stat.mtimeMs}`] : [];
      });
  }

  /** Runs dvs. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.spawn(process.execPath, [MAIN, ...args], options);
  }

  /** Runs a line of shell in which `$DVS` is dvs. */
  shell(line: string, options: RunOptions = {}): Promise<Ran> {
    const env = { DVS: `${process.execPath} ${MAIN}`, ...options.env };
    return this.spawn('bash', ['-o', 'pipefail', '-c', line], { ...options, env });
  }

  /** Runs dvs, which must succeed, and returns what it printed. */
  async ok(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(args);
    if (status !== 0) throw new Error(`dvs ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs dvs with --json, which must succeed and print one document. */
  // biome-ignore lint/suspicious/noExplicitAny: what a document holds is for the test to say
  async json(...args: string[]): Promise<any> {
    return JSON.parse(await this.ok(...args, '--json'));
  }

  private async spawn(command: string, args: readonly string[], { cwd, env }: RunOptions): Promise<Ran> {
    const child = spawn(command, args, {
      cwd: cwd ?? this.root,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status]: (number | null)[] = await once(child, 'close');
    return { status: status ?? null, stdout, stderr };
  }
}
