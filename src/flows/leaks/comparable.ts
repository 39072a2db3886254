import { DvsError } from '../../base/errors.js';
import type { LeakNeed } from '../../ops/leaks/sample.js';
import type { Subject } from './subject.js';

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

/** Refuses (E_USAGE) samples whose bytes and cells cannot be the same, since they are read in another way. */
export function assertAlike(own: Subject, others: readonly Subject[], needs: readonly LeakNeed[]): void {
  if (!needs.includes('digest') && !needs.includes('cells')) return;
  const { name } = own.opened.samples.reader;
  for (const { cohorts, opened } of others) {
    const other = opened.samples.reader.name;
    if (other === name) continue;
    throw new DvsError(
      'E_USAGE',
      `${cohorts[0]} is read as ${other}, and this as ${name}, so nothing in them is the same`,
      {
        hint: 'Name the dataset instead: it is then read alike. Or look for groups alone: `--check group`.',
      },
    );
  }
}
