import { compareUtf8 } from '../base/bytes.js';
import { DvsError, type ErrorCode, isDvsError } from '../base/errors.js';
import { type CID, parseId } from '../id/cid.js';
import { checkDisjoint, checkEntry, type LockEntry, VERSION_KEY } from './lock-entry.js';
import { isTable, parseToml } from './toml.js';

const FILE = 'dvs.lock';
const VERSION = 1;
const HEADER = `# dvs.lock: the version of each tracked path. Kept in git; written by dvs.
${VERSION_KEY} = ${VERSION}
`;

/**
 * The text of a dvs.lock: one block a path in byte order, so that git merges what touched different paths.
 * Refuses the entries that `parseLock` refuses.
 */
export function formatLock(entries: Iterable<LockEntry>): string {
  const sorted = [...entries].sort((a, b) => compareUtf8(a.path, b.path));
  for (const entry of sorted) checkEntry(entry);
  checkDisjoint(sorted.map(({ path }) => path));
  return HEADER + sorted.map(formatEntry).join('');
}

function formatEntry({ path, name, id, type, links }: LockEntry): string {
  const more = links === undefined ? '' : `links = "${links}"\n`;
  // What JSON escapes TOML escapes in the same way, and a path has no other character that needs it.
  return `\n[${JSON.stringify(path)}]\nname = "${name}"\nid = "${id.toString()}"\ntype = "${type}"\n${more}`;
}

/**
 * Reads the text of a dvs.lock, which may come from a stranger. E_ENCODING when it is not what dvs writes,
 * E_FORMAT when a newer dvs wrote it, E_PATH and E_PATH_RESERVED for a path, E_CID for an ID that it may not
 * hold. Entries come in byte order of their paths.
 */
export function parseLock(text: string): Map<string, LockEntry> {
  const { [VERSION_KEY]: version, ...blocks } = parseToml(FILE, text);
  checkVersion(version);
  const entries = Object.entries(blocks).map(([path, block]) => {
    try {
      const entry = parseEntry(path, block);
      checkEntry(entry);
      return entry;
    } catch (error) {
      throw isDvsError(error) ? inBlock(path, error) : error;
    }
  });
  entries.sort((a, b) => compareUtf8(a.path, b.path));
  checkDisjoint(entries.map(({ path }) => path));
  return new Map(entries.map((entry) => [entry.path, entry]));
}

function checkVersion(version: unknown): void {
  if (version === VERSION) return;
  if (typeof version === 'number' && version > VERSION) {
    throw new DvsError('E_FORMAT', `${FILE} has version ${version}; this dvs knows ${VERSION}`, {
      hint: 'Use a newer dvs.',
    });
  }
  throw damaged(`it has no \`${VERSION_KEY} = ${VERSION}\``);
}

function parseEntry(path: string, block: unknown): LockEntry {
  if (!isTable(block)) throw damaged('it is no block of name, id and type');
  const { name, id, type, links, ...others } = block;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw damaged(`it has an unknown key ${JSON.stringify(unknown.slice(0, 80))}`);
  if (type !== 'folder' && type !== 'file') throw damaged('its type is neither "folder" nor "file"');
  if (links !== undefined && links !== 'followed') throw damaged('its links are not "followed"');
  return { path, name: textOf('name', name), id: idOf(id), type, links };
}

function idOf(id: unknown): CID {
  return parseId(textOf('id', id));
}

function textOf(key: string, value: unknown): string {
  if (typeof value !== 'string') throw damaged(`its ${key} is missing or no text`);
  return value;
}

function damaged(why: string): DvsError {
  return new DvsError('E_ENCODING', `${FILE}: ${why}`, {
    hint: `Take ${FILE} from git again; only dvs should write it.`,
  });
}

function inBlock(path: string, error: DvsError): DvsError {
  // What is wrong usage in a command is a damaged file here.
  const code: ErrorCode = error.code === 'E_USAGE' ? 'E_ENCODING' : error.code;
  const shown = JSON.stringify(path.slice(0, 200));
  return new DvsError(code, `${FILE}, block [${shown}]: ${error.message.replace(`${FILE}: `, '')}`, {
    cause: error,
    about: [path],
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
