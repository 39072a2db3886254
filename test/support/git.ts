import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, type Ran, type RunOptions, Scratch } from '../cli/support.js';

/** Tests that need git are skipped where there is none. */
export const lacksGit = spawnSync('git', ['--version']).status !== 0;

/** For tests that start some twenty processes. */
export const PATIENT = { timeout: 120_000 };

/** A git repository in a folder of its own, whose hooks find dvs, and no settings but these. */
export class GitScratch {
  readonly scratch: Scratch;
  readonly env: NodeJS.ProcessEnv;

  private constructor(scratch: Scratch) {
    this.scratch = scratch;
    const bin = join(scratch.home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'dvs'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(join(bin, 'dvs'), 0o755);
    writeFileSync(
      join(scratch.home, '.gitconfig'),
      '[user]\nname = ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n',
    );
    const { PATH } = scratch.env;
    this.env = { PATH: `${bin}:${PATH}`, GIT_CONFIG_NOSYSTEM: '1' };
  }

  static async empty(): Promise<GitScratch> {
    const made = new GitScratch(await Scratch.empty());
    await made.git('init', '-q');
    return made;
  }

  /** The same for several tests; `remove` is for `afterAll`. */
  static async shared(): Promise<{ git: GitScratch; remove: () => Promise<void> }> {
    const { scratch, remove } = await Scratch.shared();
    const git = new GitScratch(scratch);
    await git.git('init', '-q');
    return { git, remove };
  }

  /** With a workspace at the top, in which `data` is recorded and committed on `main`. */
  static async withData(): Promise<GitScratch> {
    const made = new GitScratch(await Scratch.withData());
    await made.git('init', '-q');
    made.scratch.write('.gitignore', '/data\n/.dvs\n');
    await made.commit('first');
    return made;
  }

  /** Runs git, which must succeed; what it and its hooks printed. */
  async git(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.tryGit(...args);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  tryGit(...args: string[]): Promise<Ran> {
    return this.shell('git "$@"', { args });
  }

  /** Commits everything that git does not ignore. */
  async commit(message: string): Promise<void> {
    await this.git('add', '-A');
    await this.git('commit', '-qm', message);
  }

  /** `dvs add` of all that is tracked (or of these paths), and a commit of it. */
  async record(message: string, ...paths: string[]): Promise<void> {
    await this.scratch.ok('add', ...paths);
    await this.commit(message);
  }

  /** Runs dvs with git at hand. */
  dvs(args: readonly string[], { cwd, env }: RunOptions = {}): Promise<Ran> {
    return this.scratch.run(args, { ...(cwd === undefined ? {} : { cwd }), env: { ...this.env, ...env } });
  }

  /** Runs dvs, which must succeed, and returns what it printed. */
  async ok(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.dvs(args);
    if (status !== 0) throw new Error(`dvs ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a line of shell, to which `args` are given. */
  shell(line: string, { cwd, env, args = [] }: RunOptions & { args?: string[] } = {}): Promise<Ran> {
    const words = args.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return this.scratch.shell(`set -- ${words}; ${line}`, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...this.env, ...env },
    });
  }
}
