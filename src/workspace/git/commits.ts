import { fromUtf8 } from '../../base/bytes.js';
import { DvsError, isDvsError } from '../../base/errors.js';
import { LIMITS } from '../../base/limits.js';
import type { LockEntry } from '../lock-entry.js';
import { parseLock } from '../lock-format.js';
import { type Git, refused } from './run.js';

/** A commit of git, and how it was asked for. */
export interface Revision {
  readonly text: string;
  /** Its full hash. */
  readonly commit: string;
}

/** Two revisions to compare; without a second one, the lock on disk. */
export interface Range {
  readonly from: Revision;
  readonly to: Revision | undefined;
}

const FILE = 'dvs.lock';

/** What `git rev-parse` prints for a commit, in repositories of either hash. */
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads `<rev>`, `<a>..<b>` or `<a>...<b>` as `git diff` does; an empty side is HEAD. */
export async function parseRange(git: Git, text: string): Promise<Range> {
  const [, a = '', dots, b = ''] = /^(.*?)(\.{2,3})(.*)$/s.exec(text) ?? [];
  if (dots === undefined) return { from: await findCommit(git, text), to: undefined };
  const from = await findCommit(git, a || 'HEAD');
  const to = await findCommit(git, b || 'HEAD');
  return { from: dots === '...' ? await forkPoint(git, from, to) : from, to };
}

/** The commit that `text` means. E_USAGE for an option in disguise, E_NOT_FOUND when git knows no such commit. */
async function findCommit(git: Git, text: string): Promise<Revision> {
  if (text === '' || text.startsWith('-') || text.includes('\0')) {
    throw new DvsError('E_USAGE', `not a revision of git: ${JSON.stringify(text.slice(0, 200))}`, {
      hint: 'Give a branch, a tag, a commit, or two of them: `dvs diff --git main..topic`.',
    });
  }
  const { status, stdout, said } = await git.run(['rev-parse', '--verify', '--quiet', `${text}^{commit}`]);
  const commit = stdout.toString('latin1').trim();
  if (status === 0 && HASH.test(commit)) return { text, commit };
  if (said !== '' && !said.includes('ambiguous')) throw refused(git.folder, said);
  throw new DvsError('E_NOT_FOUND', `git has no commit ${text}`, {
    about: [text],
    hint: 'Run `git log --oneline --all` to see what there is.',
  });
}

async function forkPoint(git: Git, a: Revision, b: Revision): Promise<Revision> {
  const { status, stdout, said } = await git.run(['merge-base', a.commit, b.commit]);
  const commit = stdout.toString('latin1').trim();
  if (status === 0 && HASH.test(commit)) return { text: commit.slice(0, 10), commit };
  if (said !== '') throw refused(git.folder, said);
  throw new DvsError('E_NOT_FOUND', `${a.text} and ${b.text} have no commit in common`, {
    about: [a.text, b.text],
    hint: `Compare them as they are: \`dvs diff --git ${a.text}..${b.text}\`.`,
  });
}

/**
 * What dvs.lock of the workspace, which is the folder that git runs in, says in a commit, by path; nothing where the
 * commit has none. Throws what `parseLock` throws, naming the commit.
 */
export async function lockAt(git: Git, { text, commit }: Revision): Promise<Map<string, LockEntry>> {
  const listed = await git.ask(['--literal-pathspecs', 'ls-tree', '-z', commit, '--', FILE]);
  const [, mode, blob] = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(listed.toString('latin1')) ?? [];
  if (mode === undefined || blob === undefined) return new Map();
  if (!mode.startsWith('100')) throw unreadable(text, new DvsError('E_TYPE', `${FILE} is not a file`));
  const bytes = await git.ask(['cat-file', 'blob', blob], LIMITS.settingsBytes);
  try {
    const content = fromUtf8(bytes);
    if (content === undefined) throw new DvsError('E_ENCODING', `${FILE} is not UTF-8 text`);
    return parseLock(content);
  } catch (error) {
    throw isDvsError(error) ? unreadable(text, error) : error;
  }
}

function unreadable(revision: string, error: DvsError): DvsError {
  return new DvsError(error.code, `in the commit ${revision}: ${error.message}`, {
    cause: error,
    about: error.about,
    hint: `Look at it with \`git show ${revision}:./${FILE}\`, and compare with another commit.`,
  });
}
