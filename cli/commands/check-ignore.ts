import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { type CheckedPath, checkIgnore } from '../../src/flows/check-ignore.js';
import { type CheckedPathView, checkedPathView } from '../../src/wire/check-ignore.js';
import type { Dvs } from '../dvs.js';
import { escapeText, quotePath } from '../escape.js';
import { STATUS } from '../exit.js';
import { addExamples } from '../options.js';
import type { Plain } from '../report.js';
import { readLines } from '../stdin.js';

interface Options {
  readonly verbose?: boolean;
  readonly nonMatching?: boolean;
  readonly z?: boolean;
  readonly stdin?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs check-ignore data/a.tmp data/b.txt', 'those of the paths that are ignored; exit 1 when none is'],
    ['dvs check-ignore -v data/a.tmp', 'by which pattern in which line of which file'],
    ['find data -print0 | dvs check-ignore -z --stdin', 'many paths'],
  ])
    .argument('[paths...]', 'paths in the workspace; a folder that is not there ends with /')
    .option('-v, --verbose', 'show the pattern that decided, also one that lets a path in (`!…`)')
    .option('-n, --non-matching', 'with -v, show the other paths, too')
    .option('-z', 'end what is read and printed with NUL instead of a line break, and escape nothing')
    .option('--stdin', 'read the paths from standard input, one a line')
    .action((paths: string[], options: Options) =>
      run(async ({ cwd, repository, quiet }) => {
        checkOptions(paths, options);
        const { stdin = false, z = false } = options;
        const checked = checkIgnore(await repository(), cwd, stdin ? readLines(process.stdin, z) : paths);
        return new Answer(checked, { ...options, quiet });
      }),
    );
}

/** What there is to say, and whether anything was ignored once it was said. */
class Answer implements Plain {
  readonly #checked: AsyncIterable<CheckedPath>;
  readonly #options: Options & { readonly quiet: boolean };
  #isAny = false;

  constructor(checked: AsyncIterable<CheckedPath>, options: Options & { readonly quiet: boolean }) {
    this.#checked = checked;
    this.#options = options;
  }

  /** As of git: with -v also a pattern that lets a path in counts. */
  get status(): number {
    return this.#isAny ? STATUS.done : STATUS.no;
  }

  async *view(): AsyncGenerator<CheckedPathView> {
    for await (const path of this.#counted()) yield checkedPathView(path);
  }

  /** As git prints it: patterns are not quoted, because backslashes are their syntax. */
  async *plain(): AsyncGenerator<string> {
    const { nonMatching = false, verbose = false, z = false, quiet } = this.#options;
    for await (const path of this.#counted()) {
      if (quiet || (!this.#counts(path) && !nonMatching)) continue;
      const { source, line, pattern } = path.rule ?? NO_RULE;
      if (z) yield [...(verbose ? [source, line, pattern] : []), path.path, ''].join('\0');
      else {
        const rule = verbose ? `${escapeText(source)}:${line}:${escapeText(pattern)}\t` : '';
        yield `${rule}${quotePath(path.path)}\n`;
      }
    }
  }

  async *#counted(): AsyncGenerator<CheckedPath> {
    for await (const path of this.#checked) {
      this.#isAny ||= this.#counts(path);
      yield path;
    }
  }

  #counts({ isIgnored, rule }: CheckedPath): boolean {
    return isIgnored || (this.#options.verbose === true && rule !== undefined);
  }
}

const NO_RULE = { source: '', line: '', pattern: '' };

function checkOptions(paths: readonly string[], { verbose, nonMatching, stdin = false }: Options): void {
  const hint = 'Run `dvs help check-ignore` for examples.';
  if (nonMatching === true && verbose !== true) throw new DvsError('E_USAGE', '-n is for -v only', { hint });
  if (stdin && paths.length > 0)
    throw new DvsError('E_USAGE', 'paths come as arguments or by --stdin, not both', { hint });
  if (!stdin && paths.length === 0) throw new DvsError('E_USAGE', 'which paths are to be checked?', { hint });
}
