import { DvsError } from '../../base/errors.js';
import { readOtherwise, type Subject } from './subject.js';

/** Refuses (E_USAGE) to ignore columns that there are not: most are mistyped, and would make all rows differ. */
export async function assertColumns({ opened }: Subject, ignore: readonly string[]): Promise<void> {
  const columns = await opened.set.columns();
  const unknown = ignore.find((name) => columns?.includes(name) === false);
  if (unknown === undefined || columns === undefined) return;
  throw new DvsError('E_USAGE', `there is no column ${unknown} to be ignored`, {
    about: [unknown],
    hint:
      columns.length === 0
        ? 'These samples have no columns: leave `--ignore` out.'
        : `Columns are: ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ' …' : ''}.`,
  });
}

/** Refuses (E_USAGE) to ignore what turned out to be a column of no sample, where each has its own. */
export function assertSeen(ignore: readonly string[], unseen: readonly string[]): void {
  const unknown = ignore.find((name) => unseen.includes(name));
  if (unknown === undefined) return;
  throw new DvsError('E_USAGE', `no sample has a column ${unknown} to be ignored`, {
    about: [unknown],
    hint: 'Look at a sample: `dvs cat <samples> --sample 0`. Columns are case-sensitive.',
  });
}

/**
 * Refuses (E_USAGE) samples whose bytes and cells cannot be the same, since they are read in another way; and those that lack a
 * column, where cells but for those `ignored` are compared.
 */
export async function assertAlike(
  own: Subject,
  others: readonly Subject[],
  ignored: readonly string[] | undefined,
): Promise<void> {
  const { name } = own.opened.samples.reader;
  const counting = (await own.opened.set.columns())?.filter((column) => ignored?.includes(column) === false);
  for (const { cohorts, opened } of others) {
    const other = opened.samples.reader.name;
    if (other !== name) throw readOtherwise(cohorts[0] ?? '', other, name);
    const columns = await opened.set.columns();
    const lacking = counting?.find((column) => columns?.includes(column) === false);
    if (lacking === undefined) continue;
    throw new DvsError('E_USAGE', `${cohorts[0]} has no column ${lacking}`, {
      about: [lacking],
      hint: `Leave it out on both sides: \`--ignore ${lacking}\`. Or look for groups alone: \`--check group\`.`,
    });
  }
}
