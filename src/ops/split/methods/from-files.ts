import { DvsError } from '../../../base/errors.js';
import { RecordSorter } from '../../../base/record-sorter.js';
import type { Scratch } from '../../../base/scratch.js';
import { CID, isContentId } from '../../../id/cid.js';
import type { Value, ValueMap } from '../../../id/value.js';
import { plainParts } from '../division.js';
import { type SampleList, sampleName } from '../facts.js';
import { Few, namesOf } from '../few.js';
import { addKeys } from '../key-records.js';
import type { DivideOptions, Method } from '../method.js';
import { badParameters, fieldsOf, parsePartNames } from '../parameters.js';
import { PartTable } from '../part-table.js';
import { NUMBER_BYTES, putDigest, putInteger, RecordCursor, takeInteger } from '../record.js';
import { DIGEST_BYTES, keyDigest } from '../u.js';

export interface FileParts {
  readonly parts: readonly string[];
  /** The part of all that is in no list. */
  readonly rest?: string | undefined;
  /** The contents of the lists, of the parts in order but for `rest`: keys, one a line. */
  readonly lists: readonly CID[];
}

const PART_BYTES = 2;

/** By lists of keys, which somebody else made: `DivideOptions.keys` gives them. */
export const fromFiles: Method<FileParts> = {
  name: 'from-files',
  version: 1,
  needs: [],
  parse(value) {
    const { parts, rest, lists } = fieldsOf(value, ['parts', 'lists'], ['rest']);
    const names = parsePartNames(parts);
    if (rest !== undefined && (typeof rest !== 'string' || !names.includes(rest)))
      throw badParameters('the part for the rest is none of the parts');
    const contents = Array.isArray(lists) ? lists.filter(isContent) : [];
    if (
      !Array.isArray(lists) ||
      contents.length !== lists.length ||
      lists.length !== names.length - (rest === undefined ? 0 : 1)
    )
      throw badParameters('there is not one list of keys for each part but the rest');
    return { parts: names, lists: contents, ...(rest === undefined ? {} : { rest }) };
  },
  encode({ parts, rest, lists }): ValueMap {
    return { parts: [...parts], lists: [...lists], ...(rest === undefined ? {} : { rest }) };
  },
  async divide(samples, parameters, options) {
    const table = await byLists(samples, parameters, listsOf(parameters, options), options.scratch);
    await placeRest(samples, parameters, table);
    return table.division(plainParts(parameters.parts));
  },
  place: async ({ parts, rest }, old) => ({
    parts: old.parts,
    partOf(sample) {
      if (rest !== undefined) return parts.indexOf(rest);
      throw new DvsError('E_USAGE', `${sampleName(sample)} is new, and no part takes the rest`, {
        about: [sample.key],
        hint: 'Split the new samples from files again, one part as `rest`.',
      });
    },
  }),
};

function isContent(value: Value): value is CID {
  return value instanceof CID && isContentId(value);
}

/** The listed keys, each with its part. */
type Listed = () => AsyncIterable<{ readonly part: number; readonly keys: readonly string[] }>;

function listsOf({ parts, rest }: FileParts, options: DivideOptions): Listed {
  return async function* () {
    for (const [part, name] of parts.entries()) {
      if (name === rest) continue;
      if (options.keys === undefined) {
        throw new DvsError('E_USAGE', `the list of keys of the part ${name} is not at hand`, {
          about: [name],
          hint: 'Give the files that the split was made from.',
        });
      }
      for await (const keys of options.keys(name)) yield { part, keys };
    }
  };
}

/** Joins lists and samples, both sorted by the digests of keys. */
async function byLists(
  samples: SampleList,
  { parts }: FileParts,
  listed: Listed,
  scratch: Scratch,
): Promise<PartTable> {
  const ordinalAt = DIGEST_BYTES + PART_BYTES;
  const lists = new RecordSorter(scratch, ordinalAt + NUMBER_BYTES);
  const numbers = new RecordSorter(scratch, DIGEST_BYTES + NUMBER_BYTES);
  const table = new PartTable(samples.total, parts.length);
  const twice = new Few();
  const unknown = new Few();
  try {
    await addListed(listed, lists);
    await addKeys(samples, numbers);
    const list = new RecordCursor(lists);
    const sample = new RecordCursor(numbers);
    const first = new Uint8Array(DIGEST_BYTES);
    while (!list.isAtEnd) {
      list.copyTo(first, DIGEST_BYTES);
      const part = takeInteger(list.bytes, list.at + DIGEST_BYTES, PART_BYTES);
      while (sample.compare(list, DIGEST_BYTES) < 0) sample.next();
      let isThere = false;
      for (; sample.compare(list, DIGEST_BYTES) === 0; sample.next()) {
        isThere = true;
        table.set(takeInteger(sample.bytes, sample.at + DIGEST_BYTES, NUMBER_BYTES), part + 1);
      }
      if (!isThere) unknown.add(takeInteger(list.bytes, list.at + ordinalAt, NUMBER_BYTES));
      for (list.next(); list.startsWith(first); list.next()) {
        if (takeInteger(list.bytes, list.at + DIGEST_BYTES, PART_BYTES) !== part)
          twice.add(takeInteger(list.bytes, list.at + ordinalAt, NUMBER_BYTES));
      }
    }
  } finally {
    lists.close();
    numbers.close();
  }
  await refuse(listed, twice, 'keys are in the lists of two parts');
  await refuse(listed, unknown, 'keys are in a list, but no sample has them');
  return table;
}

async function addListed(listed: Listed, sorter: RecordSorter): Promise<void> {
  const record = new Uint8Array(sorter.width);
  let ordinal = 0;
  for await (const { part, keys } of listed()) {
    for (const key of keys) {
      putDigest(record, 0, keyDigest(key), DIGEST_BYTES);
      const end = putInteger(record, DIGEST_BYTES, part, PART_BYTES);
      putInteger(record, end, ordinal++, NUMBER_BYTES);
      sorter.add(record);
    }
  }
}

async function refuse(listed: Listed, few: Few, why: string): Promise<void> {
  if (few.count === 0) return;
  const names: string[] = [];
  let ordinal = 0;
  for await (const { keys } of listed()) {
    for (const key of keys) if (few.has(ordinal++)) names.push(key);
  }
  throw new DvsError('E_USAGE', `${why}: ${namesOf(names, few.count)}`, {
    about: names,
    hint: 'Every listed key is that of a sample, and in one list.',
  });
}

/** Samples in no list go to the rest. E_USAGE when there are some, and no part takes them. */
async function placeRest(samples: SampleList, { parts, rest }: FileParts, table: PartTable): Promise<void> {
  const part = rest === undefined ? -1 : parts.indexOf(rest);
  const left = new Few();
  const names: string[] = [];
  for await (const batch of samples.facts()) {
    for (const { number, key } of batch) {
      if (table.get(number) !== 0) continue;
      if (part >= 0) table.set(number, part + 1);
      else {
        left.add(number);
        if (left.has(number)) names.push(key);
      }
    }
  }
  if (left.count === 0) return;
  throw new DvsError('E_USAGE', `samples are in no list: ${namesOf(names, left.count)}`, {
    about: names,
    hint: 'List them, or let one part take the rest.',
  });
}
