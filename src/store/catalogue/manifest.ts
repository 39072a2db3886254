import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { tryLink } from '../../backend/link.js';
import { ioError, isShortage, systemCode } from '../../base/errors.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { type Owner, ownedName, ownerOf } from '../../base/owner.js';
import { CatalogueDamage } from './damage.js';
import { LAYOUT } from './records.js';
import type { TableFacts } from './table.js';

/** One state of the catalogue: which tables it is made of. Manifests are numbered; the last one counts. */
export interface Manifest {
  /** Which epoch of the catalogue it belongs to: a text without spaces. */
  readonly epoch: string;
  /** The newest first. */
  readonly tables: readonly TableFacts[];
}

/** Manifests are short: there are few tables. */
const MANIFEST_BYTES = 64 * 1024;

const PREFIX = `${LAYOUT}-`;
const MANIFEST_NAME = new RegExp(`^${LAYOUT}-manifest-([1-9]\\d{0,11})$`);
const TABLE_LINE = new RegExp(`^(${LAYOUT}-[A-Za-z0-9.-]+) (\\d{1,15}) (\\d{1,9}) (\\d{1,10})$`);

/** A name for a file that nobody else has: a table, or a manifest that is not in place yet. */
export function newName(): string {
  return PREFIX + ownedName();
}

/** True for what a dvs left that had another layout. */
export function isOutdated(name: string): boolean {
  const [, layout] = /^(\d{1,3})-/.exec(name) ?? [];
  return name === 'current' || (layout !== undefined && Number(layout) < LAYOUT);
}

/** Who made the file of this name; undefined for files that are none of ours. */
export function makerOf(name: string): Owner | undefined {
  return name.startsWith(PREFIX) ? ownerOf(name.slice(PREFIX.length)) : undefined;
}

/** The last number that a manifest can have. */
export const LAST_GENERATION = 1e12 - 1;

/** What lies in a catalogue's folder: numbers of manifests, ascending, and all other names. */
export async function listFolder(folder: string): Promise<{ generations: number[]; others: string[] }> {
  const generations: number[] = [];
  const others: string[] = [];
  for (const name of await namesIn(folder)) {
    const [, generation] = MANIFEST_NAME.exec(name) ?? [];
    if (generation === undefined) others.push(name);
    else generations.push(Number(generation));
  }
  return { generations: generations.sort((a, b) => a - b), others };
}

/** The number of the manifest that counts; 0 when there is none. */
export async function newestGeneration(folder: string): Promise<number> {
  return (await listFolder(folder)).generations.at(-1) ?? 0;
}

/** A folder that cannot be read is as good as none: all that is in it can be made again. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isShortage(error)) throw ioError(error, 'listing', folder);
    return [];
  }
}

/** Undefined when there is none of that number (any more); CatalogueDamage when it is not as it was written. */
export async function readManifest(folder: string, generation: number): Promise<Manifest | undefined> {
  try {
    const handle = await open(pathOf(folder, generation), READ_NO_LINK);
    try {
      const bytes = Buffer.alloc(MANIFEST_BYTES);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return decodeManifest(bytes.toString('latin1', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (error instanceof CatalogueDamage) throw error;
    if (isShortage(error)) throw ioError(error, 'reading', folder);
    throw new CatalogueDamage('cannot read the manifest', { cause: error });
  }
}

/** Puts a manifest in place, complete, or (false) finds that somebody else has put one there. */
export async function createManifest(
  folder: string,
  generation: number,
  manifest: Manifest,
): Promise<boolean> {
  const staged = newName();
  try {
    await writeFile(join(folder, staged), encodeManifest(manifest), { flag: 'wx' });
    return await tryLink(join(folder, staged), pathOf(folder, generation));
  } finally {
    await discard(folder, staged);
  }
}

/** Removes what nobody needs; what cannot be removed is swept later. */
export async function discard(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true, recursive: true }).catch(() => {});
}

export function discardManifest(folder: string, generation: number): Promise<void> {
  return discard(folder, manifestName(generation));
}

function pathOf(folder: string, generation: number): string {
  return join(folder, manifestName(generation));
}

function manifestName(generation: number): string {
  return `${PREFIX}manifest-${generation}`;
}

/** A line for the epoch, one for each table, one with the CRC-32 of all before it. */
export function encodeManifest({ epoch, tables }: Manifest): string {
  const lines = tables.map((table) => [table.name, table.size, table.indexLength, table.indexCrc].join(' '));
  const text = [`dvs catalogue ${epoch}`, ...lines, ''].join('\n');
  return `${text}${crc32(text)}\n`;
}

/** CatalogueDamage for all that `encodeManifest` did not write. */
export function decodeManifest(text: string): Manifest {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  if (text.slice(end) !== `${crc32(text.slice(0, end))}\n`)
    throw new CatalogueDamage('a manifest is damaged');
  const [first = '', ...lines] = text.slice(0, end).split('\n').slice(0, -1);
  const [, epoch] = /^dvs catalogue (\S+)$/.exec(first) ?? [];
  if (epoch === undefined) throw new CatalogueDamage('a manifest has another form');
  return { epoch, tables: lines.map(decodeTable) };
}

function decodeTable(line: string): TableFacts {
  const [, name, ...numbers] = TABLE_LINE.exec(line) ?? [];
  const [size = 0, indexLength = 0, indexCrc = 0] = numbers.map(Number);
  if (name === undefined || indexLength > size) throw new CatalogueDamage('a manifest has another form');
  return { name, size, indexLength, indexCrc };
}
