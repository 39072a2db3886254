import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import type { Repository } from '../../src/flows/repository.js';
import { listTags, type TagResult, tag, untag } from '../../src/flows/tag.js';
import { tagView } from '../../src/wire/tag.js';
import type { Dvs } from '../dvs.js';
import { shortId } from '../format.js';
import { addExamples } from '../options.js';
import { type Line, type Report, styled } from '../report.js';
import { table } from '../table.js';

interface Options {
  readonly delete?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs tag mnist:v3 production', 'mnist:production now means v3'],
    ['dvs tag mnist', 'list the tags of a name'],
    ['dvs tag -d mnist:production', 'delete a tag'],
  ])
    .argument('<ref>', 'a version of a name; a name alone to list its tags; name:tag to delete it')
    .argument('[tag]', 'the tag to set or move there')
    .option('-d, --delete', 'delete the tag')
    .action((reference: string, label: string | undefined, options: Options) =>
      run(async ({ repository }) => {
        if (options.delete !== true) {
          const repo = await repository();
          return label === undefined
            ? listReport(repo, reference)
            : moveReport(await tag(repo, reference, label));
        }
        if (label === undefined) return moveReport(await untag(await repository(), reference));
        throw new DvsError('E_USAGE', 'with -d there is one argument, name:tag', {
          hint: `Write it as \`dvs tag -d ${reference}:${label}\`.`,
        });
      }),
    );
}

async function listReport(repo: Repository, name: string): Promise<Report> {
  const tags = await listTags(repo, name);
  return {
    view: () => tags.map(({ tag, id }) => tagView({ name, tag, id })),
    brief: () => tags.map(({ id }) => id.toString()),
    text: () =>
      tags.length === 0
        ? [`${name} has no tags.`]
        : table(
            tags.map(({ tag, id }) => [`${name}:${tag}`, shortId(id)]),
            ['left', 'left'],
          ),
  };
}

function moveReport(result: TagResult): Report {
  return {
    view: () => tagView(result),
    brief: () => (result.id === null ? [] : [result.id.toString()]),
    text: () => [moveLine(result)],
  };
}

function moveLine({ name, tag: label, id, before, changed }: TagResult): Line {
  const title = styled('bold', `${name}:${label}`);
  const was = before === undefined ? '' : ` (was ${shortId(before)})`;
  if (id === null) return [title, ` deleted${was}`];
  return changed ? [title, ' → ', styled('cyan', id.toString()), was] : [title, ' was there already'];
}
