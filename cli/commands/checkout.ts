import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type CheckedOut, type CheckoutOptions, checkout } from '../../src/flows/checkout.js';
import { toWorkspacePatterns } from '../../src/flows/paths.js';
import { LINK_MODES, type LinkMode } from '../../src/ops/checkout/linking.js';
import { checkoutView } from '../../src/wire/checkout.js';
import { setting } from '../../src/workspace/settings/config.js';
import type { Dvs } from '../dvs.js';
import { count, formatBytes, shortId, thousands, versionName } from '../format.js';
import { ALLOW_ROOT_LINK, addExamples } from '../options.js';
import { partialSpans } from '../partial.js';
import { type Line, styled } from '../report.js';
import { first } from '../streams.js';

/** Files left alone that are listed. */
const SHOWN = 5;

interface Options {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly allowRootLink?: boolean;
  readonly all?: boolean;
  readonly link?: LinkMode;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(command, [
    ['dvs checkout', 'bring every tracked path to the version in dvs.lock'],
    ['dvs checkout mnist:v1', 'go back to a version of a tracked path'],
    ['dvs checkout mnist:v1 /tmp/old', 'write a version elsewhere'],
    ["dvs checkout mnist:v1 /tmp/old -- 'train/*.png'", 'only some of its files'],
    ["dvs checkout mnist -- 'train/*'", 'a part of a tracked path, remembered; later ones come on top'],
    ['dvs checkout mnist --all', 'then all of it'],
    ['dvs checkout mnist --link hardlink', 'read-only files that take no room of their own'],
  ])
    .usage('[options] [ref] [dest] [-- paths or globs...]')
    .argument('[ref]', 'what to bring back (default: what dvs.lock says of every tracked path)')
    .argument('[dest]', 'where to (default: the tracked path, else a folder called like the name)')
    .option('-f, --force', 'overwrite files that were never added')
    .option('--all', 'check out all of what was checked out in part')
    .option('-n, --dry-run', 'tell what would be done, and change nothing')
    .option('--allow-root-link', ALLOW_ROOT_LINK)
    .addOption(new Option('--link <how>', 'bring files from the cache of this machine').choices(LINK_MODES))
    .action((reference: string | undefined, dest: string | undefined, options: Options) =>
      run(async ({ cwd, repository, config }) => {
        const repo = await repository();
        const wanted: CheckoutOptions = {
          link: setting(config(), 'checkout.link'),
          ...options,
          cwd,
          patterns: reference === undefined ? await toWorkspacePatterns(repo, cwd, patterns) : patterns,
          ...(reference === undefined ? {} : { reference }),
          ...(dest === undefined ? {} : { dest: resolve(cwd, dest) }),
        };
        const results = await checkout(repo, wanted);
        return {
          view: () => checkoutView(results),
          brief: () => results.map(({ id }) => id.toString()),
          text: () => {
            // Patterns without a reference are for all tracked paths, and most have nothing to do with them.
            const shown = patterns.length === 0 ? results : results.filter(isTouched);
            return shown.flatMap((result) => [...lines(result, cwd, options.dryRun === true)]);
          },
        };
      }),
    );
}

function isTouched({ written, removed, unchanged, left }: CheckedOut): boolean {
  return written + removed + unchanged + left.length > 0;
}

function* lines(result: CheckedOut, cwd: string, dryRun: boolean): Generator<Line> {
  const { dest, id, name, version, written, removed, unchanged, bytes, left, linked, notLinked } = result;
  const what = versionName(name, version) ?? shortId(id);
  yield [styled('bold', what), ' → ', relative(cwd, dest) || '.', '  ', styled('cyan', id.toString())];
  const parts = [
    written > 0 ? `${thousands(written)} written (${formatBytes(bytes)})` : [],
    removed > 0 ? `${thousands(removed)} removed` : [],
    unchanged > 0 ? `${thousands(unchanged)} unchanged` : [],
  ].flat();
  yield `  ${parts.join(', ') || 'nothing to write'}${dryRun ? ' (dry run: nothing was changed)' : ''}`;
  if (result.partial !== undefined && !dryRun) {
    yield ['  checked out in part: ', ...partialSpans(result.partial)];
  }
  if (linked > 0) yield `  ${count(linked, 'file')} linked from the cache`;
  if (notLinked !== undefined) yield [styled('yellow', '  copied, not linked: '), notLinked];
  if (left.length === 0) return;
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
  yield `  left alone, never added: ${count(left.length, 'file')}: ${[...first(SHOWN, left)].join(', ')}${more}`;
}
