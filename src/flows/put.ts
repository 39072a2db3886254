import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { compareUtf8 } from '../base/bytes.js';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { checkLinkTarget } from '../entities/link.js';
import { checkPath } from '../entities/path.js';
import type { SourceFile } from '../ops/ingest/sources.js';
import { type CrawledFile, crawl, crawlFile } from '../workspace/crawl.js';
import { literalPattern } from '../workspace/patterns.js';
import { checkPlace, type EditPlace, findPlace, kindAt } from './edit/base.js';
import { type EditedVersion, type EditOptions, editVersion } from './edit/edit.js';
import type { Repository } from './repository.js';

/** What to put where. */
export interface PutOptions extends EditOptions {
  /** Absolute paths of files and folders, anywhere on this machine. */
  readonly sources: readonly string[];
  /** A place in a dataset, such as `mnist/train/`. */
  readonly destination: string;
}

/** A file or folder and where in the dataset it goes. */
interface Put {
  readonly source: string;
  readonly type: 'file' | 'folder';
  readonly path: string;
}

/**
 * Puts files into a dataset without checking it out: a new version of its name. Like `cp -r`: into a folder that is there
 * or is written with a slash at its end, else at the path itself.
 */
export async function put(
  repo: Repository,
  { sources, destination, ...options }: PutOptions,
): Promise<EditedVersion> {
  if (sources.length === 0) {
    throw new DvsError('E_USAGE', 'put needs files and, last, a place in a dataset', {
      hint: 'Such as `dvs put new.png mnist/train/`.',
    });
  }
  const place = await findPlace(repo, destination);
  const puts = await choose(repo, sources, place);
  return editVersion(
    repo,
    {
      op: 'put',
      base: place.base,
      async *edits(ingest) {
        for await (const { path, entry } of ingest.run(sourceFiles(puts))) yield { key: path, value: entry };
      },
      touched: puts.map(({ path }) => literalPattern(path)),
    },
    options,
  );
}

async function choose(
  repo: Repository,
  sources: readonly string[],
  { base, path, isFolder }: EditPlace,
): Promise<Put[]> {
  if (path !== '') checkPlace(base.name, path);
  const there = await kindAt(repo, base.id, path);
  const isInto = isFolder || there === 'folder';
  if (there === 'file' && (isInto || sources.length > 1)) {
    throw new DvsError('E_USAGE', `${path} is a file of ${base.name}, so nothing can be put into it`, {
      about: [path],
      hint: `Name a folder: \`${base.name}/<folder>/\`; \`dvs ls --folders ${base.name}\` lists them.`,
    });
  }
  if (!isInto && sources.length > 1) {
    throw new DvsError('E_USAGE', `${base.name} has no folder ${path} to put several files into`, {
      about: [path],
      hint: `To make one, write a slash at the end: ${base.name}/${path}/`,
    });
  }
  const puts: Put[] = [];
  for (const source of sources) {
    const target = isInto ? [path, basename(source)].filter((part) => part !== '').join('/') : path;
    checkPlace(base.name, target);
    puts.push({ source, type: await typeOf(source), path: target });
  }
  const twice = puts.find(({ path }, i) => puts.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) {
    throw new DvsError('E_USAGE', `two of these would both be ${twice.path}`, {
      about: [twice.path],
      hint: 'Put them one by one.',
    });
  }
  if (base.tracked?.type === 'file' && puts.some(({ path }) => path !== basename(base.tracked?.path ?? ''))) {
    throw new DvsError('E_USAGE', `${base.name} is the one file ${base.tracked.path}, not a folder`, {
      about: [base.tracked.path],
      hint: `Put files into a dataset that is a folder, or record them on their own: \`dvs add <path>\`.`,
    });
  }
  // A folder's files come where its name with a slash would.
  return puts.sort((a, b) => compareUtf8(orderOf(a), orderOf(b)));
}

function orderOf({ type, path }: Put): string {
  return type === 'folder' ? `${path}/` : path;
}

async function typeOf(source: string): Promise<Put['type']> {
  try {
    return (await lstat(source)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT' && systemCode(cause) !== 'ENOTDIR') {
      throw ioError(cause, 'reading', source);
    }
    throw new DvsError('E_NOT_FOUND', `there is nothing at ${source}`, {
      cause,
      about: [source],
      hint:
        basename(source) === '-'
          ? 'Standard input cannot be put; write it to a file first.'
          : 'Check the spelling of the file to put; the last argument is the place in the dataset.',
    });
  }
}

function* sourceFiles(puts: readonly Put[]): Generator<SourceFile> {
  for (const { source, type, path } of puts) {
    if (type === 'file') yield moved(crawlFile(source), path);
    else for (const file of crawl(source)) yield moved(file, `${path}/${file.path}`);
  }
}

function moved(file: CrawledFile, path: string): SourceFile {
  checkPath(path);
  if (file.type === 'file') return { ...file, path, known: undefined };
  checkLinkTarget(path, file.target);
  return { ...file, path };
}
