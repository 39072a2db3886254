import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { findId, findTarget, type Known } from '../../src/flows/references.js';
import type { Repository } from '../../src/flows/repository.js';
import { type Answer, resolveEach } from '../../src/flows/resolve.js';
import { answerView, resolvedView } from '../../src/wire/resolve.js';
import type { Dvs } from '../dvs.js';
import { quotePath } from '../escape.js';
import { reportError, STATUS } from '../exit.js';
import { addExamples } from '../options.js';
import type { Plain } from '../report.js';
import { readLines } from '../stdin.js';
import { fill, parseTemplate } from '../template.js';

/** What a format may have: keys of the JSON document. */
const FIELDS = ['id', 'reference', 'kind', 'name', 'version', 'path', 'sha256'] as const;

interface Options {
  readonly format?: string;
  readonly stdin?: boolean;
  readonly z?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs resolve mnist', 'the recorded version here, else the latest'],
    ['dvs resolve mnist:v3', 'a version'],
    ['dvs resolve mnist/train/0.png', 'the content of a file'],
    ["dvs resolve mnist:best --format '{name}:v{version}'", 'another fact than the ID'],
    ['dvs resolve --stdin < references.txt', 'many, one a line'],
  ])
    .argument('[refs...]', 'a name, name:v3, name:tag, tracked path, ID or its beginning; a /path may follow')
    .option('--format <text>', `what to print, with fields ${FIELDS.map((field) => `{${field}}`).join(' ')}`)
    .option('--stdin', 'read references from standard input, one a line (as does - for a reference)')
    .option('-z', 'what is read and what is printed is ended by NUL')
    .action((given: string[], options: Options) =>
      run(async ({ repository, quiet, json }) => {
        if (json && options.format !== undefined) {
          throw new DvsError('E_USAGE', 'JSON has all facts, so that --format means nothing with it', {
            hint: 'Leave out one of them.',
          });
        }
        const references = referencesOf(given, options);
        const lineOf = linesAs(options);
        const repo = await repository();
        const end = options.z ? '\0' : '\n';
        if (typeof references === 'string') {
          return {
            view: async () => resolvedView(references, await findTarget(repo, references)),
            plain: async function* () {
              yield (await lineOf(repo, references)) + end;
            },
          };
        }
        return many(repo, references, lineOf, { end, quiet });
      }),
    );
}

type LineOf = (repo: Repository, reference: string, known?: Known) => Promise<string>;

/** One reference, or several. */
function referencesOf(
  given: readonly string[],
  { stdin, z }: Options,
): string | string[] | AsyncIterable<string> {
  const [only, second] = given;
  const asksForInput = stdin === true || given.includes('-');
  if (asksForInput && given.filter((reference) => reference !== '-').length > 0) {
    throw new DvsError(
      'E_USAGE',
      'references come from the command line or from standard input, not from both',
      {
        hint: 'Leave out one of them.',
      },
    );
  }
  if (asksForInput) return readLines(process.stdin, z === true);
  if (only === undefined) {
    throw new DvsError('E_USAGE', "missing required argument 'refs'", {
      hint: 'Give one, such as mnist:v3, or many with --stdin.',
    });
  }
  return second === undefined ? only : [...given];
}

/** How to print what a reference leads to; the ID alone is the cheapest question. */
function linesAs({ format, z }: Options): LineOf {
  if (format === undefined) return async (repo, ...asked) => (await findId(repo, ...asked)).toString();
  const template = parseTemplate(format, FIELDS);
  return async (repo, reference, known) => {
    const view = resolvedView(reference, await findTarget(repo, reference, known));
    return fill(template, (field) => {
      const text = String(view[field] ?? '');
      return z ? text : quotePath(text);
    });
  };
}

/** All of them in order; one that leads nowhere does not keep the others, but tells in the exit status. */
function many(
  repo: Repository,
  references: Iterable<string> | AsyncIterable<string>,
  lineOf: LineOf,
  { end, quiet }: { readonly end: string; readonly quiet: boolean },
): Plain {
  let status: number = STATUS.done;
  const each = async function* <T>(look: (repo: Repository, reference: string, known: Known) => Promise<T>) {
    for await (const answer of resolveEach(repo, references, look)) {
      if ('error' in answer) status = STATUS.notFound;
      yield answer;
    }
  };
  return {
    view: async function* () {
      for await (const answer of each(findTarget)) yield answerView(answer);
    },
    plain: async function* () {
      let line = 0;
      for await (const answer of each(lineOf)) {
        line++;
        if ('error' in answer && !quiet) complain(answer.error, line);
        yield ('found' in answer ? answer.found : lostLine(answer, end)) + end;
      }
    },
    get status() {
      return status;
    },
  };
}

/** As `git cat-file --batch` says it, so that every reference has its line. */
function lostLine({ reference, error }: Extract<Answer<string>, { error: DvsError }>, end: string): string {
  const shown = end === '\0' ? reference : quotePath(reference);
  return `${shown} ${error.code === 'E_AMBIGUOUS' ? 'ambiguous' : 'missing'}`;
}

function complain({ code, message, hint, about }: DvsError, line: number): void {
  const options = { about, ...(hint === undefined ? {} : { hint }) };
  reportError(new DvsError(code, `reference ${line}: ${message}`, options), { json: false, debug: false });
}
