import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import {
  type CacheSummary,
  type CacheVerified,
  cachePrune,
  cacheSummary,
  cacheVerify,
} from '../../src/flows/cache.js';
import { cacheLines, cacheVerifiedView, cacheView, prunedView } from '../../src/wire/cache.js';
import type { Amount, Pruned } from '../../src/workspace/cache/prune.js';
import { type Config, chosen } from '../../src/workspace/settings/config.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count, formatBytes, shortId } from '../format.js';
import { addExamples, byteSize } from '../options.js';
import { type Line, styled } from '../report.js';

/** `1023.9 MiB` */
const SIZE_WIDTH = 10;

interface PruneFlags {
  readonly to?: number;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs cache ls', 'where the cache is, how full, and what lies in it'],
    ['dvs cache prune --to 5GiB', 'remove what was not used for longest'],
    ['dvs cache verify', 'hash every file in it, and remove what is damaged'],
  ]);
  command
    .command('ls')
    .description('tell where the cache is and what lies in it')
    .action(() =>
      run(async ({ surroundings, config }) => {
        const summary = cacheSummary(surroundings);
        return {
          view: () => cacheView(summary),
          lines: () => cacheLines(cacheView(summary)),
          brief: () => ids(summary),
          text: () => summaryLines(summary, turnOn(config())),
        };
      }),
    );
  command
    .command('prune')
    .description('remove the files that were not used for longest')
    .option('--to <size>', 'how much may stay (default: the size of the cache)', byteSize)
    .option('--all', 'remove all, also files that are hard-linked into a workspace')
    .option('-n, --dry-run', 'tell what would be removed, and remove nothing')
    .action(({ to, all = false, dryRun = false }: PruneFlags) =>
      run(async ({ surroundings }) => {
        if (all && to !== undefined) {
          throw new DvsError('E_USAGE', '--all leaves nothing, so that --to means nothing with it', {
            hint: 'Give one of the two: `dvs cache prune --all`.',
          });
        }
        const pruned = await cachePrune(surroundings, { all, dryRun, ...(to === undefined ? {} : { to }) });
        return {
          view: () => prunedView(pruned, dryRun),
          brief: () => [],
          text: () => prunedLines(pruned, dryRun),
        };
      }),
    );
  command
    .command('verify')
    .description('hash every file, and remove those that are damaged')
    .action(() =>
      run(async ({ surroundings }) => {
        const verified = await cacheVerify(surroundings);
        return {
          view: () => cacheVerifiedView(verified),
          brief: () => verified.removed.map(String),
          text: () => verifiedLines(verified),
          status: verified.removed.length > 0 ? STATUS.damaged : STATUS.done,
        };
      }),
    );
}

function* ids({ entries }: CacheSummary): Generator<Line> {
  for (const { id } of entries) yield id.toString();
}

/** What to type where the size is 0. */
function turnOn(config: Config): string {
  const { origin } = chosen(config, 'cache.size');
  return origin === 'environment' ? 'unset DVS_CACHE_SIZE' : 'dvs config unset --user cache.size';
}

function* summaryLines(
  { root, limit, own, linked, damaged, entries }: CacheSummary,
  cure: string,
): Generator<Line> {
  yield [
    styled('bold', root),
    limit === 0 ? `: turned off, ${filesOf(own)}` : `: ${filesOf(own)} of at most ${formatBytes(limit)}`,
  ];
  if (limit === 0) yield `  turn it on:  ${cure}`;
  if (linked.files > 0) yield `  and ${filesOf(linked)} that workspaces have as hard links`;
  if (damaged.files > 0)
    yield [styled('red', `  and ${filesOf(damaged)} that somebody changed`), ': not used'];
  for (const { id, size, isLinked } of entries) {
    const start = [formatBytes(size).padStart(SIZE_WIDTH), '  ', styled('cyan', shortId(id))];
    yield isLinked ? [...start, styled('dim', '  linked')] : start;
  }
}

function* prunedLines({ removed, kept, linked }: Pruned, dryRun: boolean): Generator<Line> {
  yield `${dryRun ? 'Would remove' : 'Removed'} ${filesOf(removed)}; ${filesOf(kept)} stay.`;
  if (linked.files > 0) {
    yield `Of the rest, ${filesOf(linked)}, there are hard links in workspaces: to remove them frees nothing.`;
  }
}

function* verifiedLines({ intact, removed }: CacheVerified): Generator<Line> {
  for (const id of removed) yield [styled('red', 'damaged, removed'), '  ', styled('cyan', id.toString())];
  const read = `Read and hashed ${filesOf(intact)}`;
  if (removed.length === 0) yield [read, ': ', styled('green', 'all intact'), '.'];
  else yield `${read}; removed ${count(removed.length, 'damaged file')}. The store is not concerned.`;
}

function filesOf({ files, bytes }: Amount): string {
  return `${count(files, 'file')} (${formatBytes(bytes)})`;
}
