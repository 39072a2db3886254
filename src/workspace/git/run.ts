import { execFile } from 'node:child_process';
import { DvsError, systemCode } from '../../base/errors.js';
import { KiB } from '../../base/limits.js';

/** The variables that git's programs are run with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a run of git gave. */
export interface GitOutput {
  readonly status: number;
  readonly stdout: Buffer;
  /** What git said, for people. */
  readonly said: string;
}

/** Of what git prints, unless more is allowed. */
const MOST_OUTPUT = 64 * KiB;

/** What leads git elsewhere than to the repository of the folder that it runs in: a hook is given most of them. */
const MISLEADING = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** Whatever happens, git must neither ask anybody nor show a pager. */
const QUIET = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

/** git, run in one folder: without a shell, with fixed arguments, and with an end to what it may print. */
export class Git {
  readonly folder: string;
  readonly #env: Environment;

  constructor(folder: string, env: Environment) {
    this.folder = folder;
    const kept = Object.entries(env).filter(([name]) => !MISLEADING.includes(name));
    this.#env = { ...Object.fromEntries(kept), ...QUIET };
  }

  /** Runs git and says how it ended. E_UNSUPPORTED when there is none, E_LIMIT when it prints more than `most` bytes. */
  run(args: readonly string[], most: number = MOST_OUTPUT): Promise<GitOutput> {
    const options = { cwd: this.folder, env: { ...this.#env }, encoding: 'buffer', maxBuffer: most } as const;
    return new Promise((resolve, reject) => {
      const child = execFile('git', [...args], options, (error, stdout, stderr) => {
        const said = stderr.toString('utf8').trim();
        if (error === null) resolve({ status: 0, stdout, said });
        else if (typeof error.code === 'number') resolve({ status: error.code, stdout, said });
        else reject(failure(error, most));
      });
      child.stdin?.end();
    });
  }

  /** Runs git, which must succeed, and gives what it printed. E_NOT_FOUND outside of a git repository. */
  async ask(args: readonly string[], most?: number): Promise<Buffer> {
    const { status, stdout, said } = await this.run(args, most);
    if (status === 0) return stdout;
    throw refused(this.folder, said);
  }
}

/** What git answered instead of doing it. */
export function refused(folder: string, said: string): DvsError {
  const first = said.split('\n')[0]?.replace(/^(?:fatal|error): /, '') ?? '';
  if (first.startsWith('not a git repository')) {
    return new DvsError('E_NOT_FOUND', `${folder} is not in a git repository`, {
      hint: 'Run `git init` to make one, or go to where yours is.',
    });
  }
  return new DvsError('E_UNSUPPORTED', `git says: ${first === '' ? 'nothing, and fails' : first}`, {
    about: [folder],
    hint: 'Try `git status` in that folder, and follow what it says.',
  });
}

function failure(error: Error, most: number): DvsError {
  const code = systemCode(error);
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new DvsError('E_LIMIT', `git printed more than ${most} bytes`, {
      cause: error,
      hint: 'No file of dvs is that long: look at what is there in git.',
    });
  }
  const why = code === 'ENOENT' ? 'there is none in PATH' : (code ?? error.message);
  return new DvsError('E_UNSUPPORTED', `git cannot be run: ${why}`, {
    cause: error,
    hint: 'Install git, or make `git --version` work. Everything else in dvs works without it.',
  });
}
