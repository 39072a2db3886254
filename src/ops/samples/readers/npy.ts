import { compareUtf8 } from '../../../base/bytes.js';
import { textFlaw } from '../../../entities/path.js';
import { badData } from '../../../formats/bad-data.js';
import { type Bytes, bytesAfter } from '../../../formats/byte-reader.js';
import { extensionOf } from '../../../formats/extension.js';
import { naming } from '../../../formats/naming.js';
import { type NpyHead, npyHead, readNpyHead } from '../../../formats/npy.js';
import { scalarText } from '../../../formats/scalar.js';
import { Unreadable } from '../../../formats/unreadable.js';
import { readZip, type ZipMember } from '../../../formats/zip.js';
import { type StoredMember, storedZip } from '../../../formats/zip-write.js';
import { type InputFile, oneByOne, type SampleReader, type Selection } from '../reader.js';
import { type ArrayColumn, ArraySource } from './array-source.js';
import { checkNoOptions } from './no-options.js';
import { chosenElements, elementsOf, type StoredArray } from './stored-array.js';

/** Each is read at the same time as the others, with some memory of its own. */
const MAX_MEMBERS = 256;
const SUFFIX = '.npy';

/** An array in numpy's format, and what its head says. */
interface NpyArray extends StoredArray {
  readonly head: NpyHead;
}

/**
 * Arrays as numpy saves them. A sample is one element along the first axis, its bytes as they are stored; in a `.npz` it is that
 * of every array, joined in byte order of their names.
 */
export const npyReader: SampleReader = {
  name: 'npy',
  version: 1,
  claims: (path) => ['npy', 'npz'].includes(extensionOf(path)),
  group: oneByOne,
  settle: async () => ({}),
  async open({ files }, options) {
    checkNoOptions('npy', options);
    const [file] = files;
    if (file === undefined) throw new RangeError('a source has a file');
    return extensionOf(file.path) === 'npz' ? openNpz(file) : openNpy(file);
  },
};

async function openNpy({ path, bytes }: InputFile): Promise<ArraySource> {
  const array = await naming(path, undefined, () =>
    npyArray({ path, within: undefined, bytes, size: bytes.size, isPacked: false }),
  );
  return new ArraySource({
    arrays: [array],
    columns: columnsOf(array),
    extract: (selection) => [{ path, bytes: npyFile(array, selection) }],
  });
}

async function openNpz({ path, bytes }: InputFile): Promise<ArraySource> {
  const members = await naming(path, undefined, () => readZip(bytes, MAX_MEMBERS));
  const named = members
    .map((member) => ({ member, name: arrayName(path, member) }))
    .toSorted((a, b) => compareUtf8(a.name, b.name));
  const arrays: NpyArray[] = [];
  const columns: ArrayColumn[] = [];
  for (const { member, name } of named) {
    const within = `array ${name}`;
    const array = await naming(
      path,
      () => within,
      () => npyArray({ path, within, ...member }),
    );
    arrays.push(array);
    columns.push({ name, array, text: textOf(array) });
  }
  const [first, ...others] = arrays;
  if (first === undefined) throw badData(path, 'it holds no arrays');
  const other = others.find(({ count }) => count !== first.count);
  if (other !== undefined) {
    throw badData(
      path,
      `its arrays differ in the length of their first axis: ${first.within} has ${first.count}, ${other.within} has ${other.count}`,
    );
  }
  const stored = (selection: Selection) =>
    arrays.map(
      (array, i): StoredMember => ({
        name: named[i]?.member.name ?? '',
        size: headFor(array, selection).length + selection.count * array.elementSize,
        bytes: () => npyFile(array, selection),
      }),
    );
  return new ArraySource({
    arrays: [first, ...others],
    columns,
    extract: (selection) => [{ path, bytes: storedZip(stored(selection)) }],
  });
}

function arrayName(path: string, { name }: ZipMember): string {
  if (!name.endsWith(SUFFIX))
    throw badData(path, `its member ${name} is no array: its name does not end in ${SUFFIX}`);
  const flaw = textFlaw(name);
  if (flaw !== undefined) throw badData(path, `the name of a member is none: ${flaw}`);
  return name.slice(0, -SUFFIX.length);
}

async function npyArray({
  bytes,
  size,
  ...where
}: {
  readonly path: string;
  readonly within: string | undefined;
  readonly bytes: Bytes;
  readonly size: number;
  readonly isPacked: boolean;
}): Promise<NpyArray> {
  const head = await readNpyHead(bytes);
  if (head.isFortran && head.shape.length > 1) {
    throw new Unreadable(
      'it is stored column by column (Fortran order), so that its elements are in pieces',
      {
        hint: 'Save it row by row (`np.save(path, np.ascontiguousarray(array))`) and add it again.',
      },
    );
  }
  const { count, elementSize } = elementsOf(head.shape, head.type.size);
  const expected = head.length + count * elementSize;
  if (size !== expected) {
    throw new Unreadable(`it has ${size} bytes, but ${expected} would follow from its header`);
  }
  const { path, within, isPacked } = where;
  return { path, within, isPacked, count, elementSize, bytes: bytesAfter(bytes, head.length), head };
}

/** Of an array that is alone: its fields, or its values. */
function columnsOf(array: NpyArray): ArrayColumn[] {
  const { shape, type } = array.head;
  if (shape.length !== 1) return [];
  if (type.fields === undefined) return [{ name: 'value', array, text: textOf(array) }];
  return type.fields.map(({ name, offset, size, scalar }) => ({
    name,
    array,
    within: { offset, size },
    text: (element) => {
      if (scalar === undefined) throw new Unreadable('it has parts, and so no text');
      return scalarText(scalar, element.subarray(offset, offset + scalar.size));
    },
  }));
}

/** What the elements of an array say. */
function textOf({ head: { shape, type } }: NpyArray): (element: Uint8Array) => string | undefined {
  return (element) => {
    if (shape.length !== 1 || type.scalar === undefined) throw new Unreadable('it has parts, and so no text');
    return scalarText(type.scalar, element);
  };
}

function headFor({ head }: NpyArray, { count }: Selection): Uint8Array {
  return npyHead(head, [count, ...head.shape.slice(1)]);
}

async function* npyFile(array: NpyArray, selection: Selection): AsyncGenerator<Uint8Array, void, undefined> {
  yield headFor(array, selection);
  yield* chosenElements(array, selection);
}
