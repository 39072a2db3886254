import { DvsError } from '../../base/errors.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import type { SkippedCheck } from './look.js';
import { readOtherwise, type Subject } from './subject.js';

/** Columns that a message lists. */
const SHOWN = 20;

/** Refuses (E_USAGE) to ignore columns that there are nowhere: most are mistyped, and would make all rows differ. */
export async function assertColumns(subjects: readonly Subject[], ignore: readonly string[]): Promise<void> {
  const known: string[] = [];
  for (const { opened } of subjects) {
    const columns = await opened.set.columns();
    if (columns === undefined) return;
    known.push(...columns.filter((column) => !known.includes(column)));
  }
  const unknown = ignore.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new DvsError('E_USAGE', `there is no column ${unknown} to be ignored`, {
    about: [unknown],
    hint:
      known.length === 0
        ? 'These samples have no columns: leave `--ignore` out.'
        : `Columns are: ${listed(known)}.`,
  });
}

/** Refuses (E_USAGE) to ignore what turned out to be a column of no sample, where each has its own. */
export function assertSeen(ignore: readonly string[], unseen: readonly string[]): void {
  const isWithin = (name: string): boolean => ignore.some((other) => name.startsWith(`${other}.`));
  const unknown = ignore.find((name) => unseen.includes(name) && !isWithin(name));
  if (unknown === undefined) return;
  throw new DvsError('E_USAGE', `no sample has a column ${unknown} to be ignored`, {
    about: [unknown],
    hint: 'Look at a sample: `dvs cat <samples> --sample 0`. Columns are case-sensitive.',
  });
}

/**
 * Refuses (E_USAGE) samples of which nothing can be the same: read in another way, or of other columns. Where cells are
 * compared, those that the others have beyond one's own do not matter; of arrays all together make the bytes.
 */
export async function assertAlike(
  own: Subject,
  others: readonly Subject[],
  { ignored, byCells }: { readonly ignored: readonly string[]; readonly byCells: boolean },
): Promise<void> {
  const { name } = own.opened.samples.reader;
  const counting = await countingOf(own, ignored);
  for (const other of others) {
    const [label = ''] = other.cohorts;
    const reader = other.opened.samples.reader.name;
    if (reader !== name) throw readOtherwise(label, reader, name);
    const columns = await countingOf(other, ignored);
    if (counting === undefined || columns === undefined) continue;
    const lacking = counting.find((column) => !columns.includes(column));
    const beyond = columns.find((column) => !counting.includes(column));
    if (lacking !== undefined) throw hasNo(label, lacking);
    if (byCells || counting.join('\n') === columns.join('\n')) continue;
    if (beyond !== undefined) throw hasNo(own.cohorts[0] ?? '', beyond);
    throw new DvsError('E_USAGE', `${label} has its fields in another order: ${listed(columns)}`, {
      about: [label],
      hint: `Save them in the order of the others: ${listed(counting)}.`,
    });
  }
}

async function countingOf(
  { opened }: Subject,
  ignored: readonly string[],
): Promise<readonly string[] | undefined> {
  return (await opened.set.columns())?.filter((column) => !ignored.includes(column));
}

function hasNo(name: string, column: string): DvsError {
  return new DvsError('E_USAGE', `${name} has no column ${column}`, {
    about: [column],
    hint: `Leave it out on both sides: \`--ignore ${column}\`. Or look for groups alone: \`--check group\`.`,
  });
}

/** Those that have no groups while one's own have: what the check for groups cannot say. */
export function withoutGroups(others: readonly Subject[]): SkippedCheck[] {
  return others
    .filter(({ opened }) => parseDefinition(opened.samples.reader).fields.group === undefined)
    .map(({ cohorts: [label = ''] }) => ({
      name: 'group',
      why: `${label} has no groups (\`dvs samples --group\`)`,
    }));
}

function listed(columns: readonly string[]): string {
  return `${columns.slice(0, SHOWN).join(', ')}${columns.length > SHOWN ? ' …' : ''}`;
}
