import type { SchemaElement } from 'hyparquet/src/types.js';
import { extensionOf } from '../../../formats/extension.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { readParquetFooter } from '../../../formats/parquet-footer.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { ContentKind } from './kind.js';

/** A column that holds values; nested names joined with dots. */
export interface ParquetColumn {
  readonly name: string;
  /** Such as `INT64`, `BYTE_ARRAY (UTF8)`, `optional`. */
  readonly type: string;
}

/** How much a Parquet file holds. */
export interface ParquetFacts {
  readonly rows: number;
  readonly rowGroups: number;
  readonly columns: number;
}

/** How the schema and the number of rows changed, by what the footers say. */
export interface ParquetDiff {
  readonly kind: 'parquet';
  readonly before: ParquetFacts;
  readonly after: ParquetFacts;
  readonly added: readonly ParquetColumn[];
  readonly removed: readonly ParquetColumn[];
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  readonly note?: string;
}

const MAGIC = 'PAR1';

export const parquetKind: ContentKind<ParquetDiff> = {
  name: 'parquet',
  matches: (path, heads) =>
    ['parquet', 'pq'].includes(extensionOf(path)) ||
    heads.every((head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === MAGIC),
  async compare(sides): Promise<ParquetDiff> {
    const [before, after] = [await readFooter(sides.before), await readFooter(sides.after)];
    const old = new Map(before.columns.map(({ name, type }) => [name, type]));
    const now = new Map(after.columns.map(({ name, type }) => [name, type]));
    return {
      kind: 'parquet',
      before: { ...before.facts, columns: before.columns.length },
      after: { ...after.facts, columns: after.columns.length },
      added: after.columns.filter(({ name }) => !old.has(name)),
      removed: before.columns.filter(({ name }) => !now.has(name)),
      changed: after.columns.flatMap(({ name, type }) => {
        const was = old.get(name);
        return was === undefined || was === type ? [] : [{ name, before: was, after: type }];
      }),
    };
  },
};

interface Footer {
  readonly facts: Omit<ParquetFacts, 'columns'>;
  readonly columns: readonly ParquetColumn[];
}

async function readFooter(side: FileBytes): Promise<Footer> {
  const { num_rows: rows, row_groups: groups, schema } = await readParquetFooter(side);
  try {
    return {
      facts: { rows: Number(rows), rowGroups: groups.length },
      columns: columnsOf(schema),
    };
  } catch {
    throw new Unreadable('its Parquet footer cannot be read'); // what the library found need not be of its types
  }
}

/** The leaves of a schema, which is a list: each element says how many of those after it are its children. */
function columnsOf(schema: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  /** The folders we are in: their names, and how many children are to come. The root has no name. */
  const open = [{ name: '', left: schema[0]?.num_children ?? 0 }];
  for (const element of schema.slice(1)) {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent === undefined) break;
    parent.left--;
    const name = parent.name === '' ? element.name : `${parent.name}.${element.name}`;
    const { num_children: children = 0 } = element;
    if (children > 0 && name.length <= MAX_NAME) open.push({ name, left: children });
    else columns.push({ name, type: typeOf(element) });
  }
  return columns;
}

/** Deeper nesting than this makes no honest name. */
const MAX_NAME = 4096;

function typeOf({ type, converted_type: converted, logical_type: logical, ...rest }: SchemaElement): string {
  const meaning = logical?.type ?? converted;
  const length = rest.type_length === undefined ? '' : `[${rest.type_length}]`;
  const repetition =
    rest.repetition_type === 'REQUIRED' ? '' : ` ${rest.repetition_type?.toLowerCase() ?? ''}`;
  return `${type ?? 'group'}${length}${meaning === undefined ? '' : ` (${meaning})`}${repetition}`.trim();
}
