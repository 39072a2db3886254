import { badData } from '../../../formats/bad-data.js';
import { type Bytes, bytesAfter } from '../../../formats/byte-reader.js';
import { gzipped, MAX_EXPANSION, unpackedBytes } from '../../../formats/deflate.js';
import { type IdxHead, idxHead, readIdxHead } from '../../../formats/idx.js';
import { naming } from '../../../formats/naming.js';
import { scalarText } from '../../../formats/scalar.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { InputFile, SampleReader, Selection } from '../reader.js';
import { ArraySource } from './array-source.js';
import { imagesWithLabels } from './idx-pairs.js';
import { checkNoOptions } from './no-options.js';
import { chosenElements, elementsOf, type StoredArray } from './stored-array.js';

const NAME = /(?:\.idx\d*|[.-]idx\d+-[a-z]+|-ubyte)(?:\.gz)?$/i;
const GZIP = /\.gz$/i;

/** An array in idx format, and what its head says. */
interface IdxArray extends StoredArray {
  readonly head: IdxHead;
}

/**
 * The format of MNIST, also gzipped. A sample is one element along the first axis, its bytes as they are stored; where
 * images and labels are beside each other it is an image with its label.
 */
export const idxReader: SampleReader = {
  name: 'idx',
  version: 1,
  claims: (path) => NAME.test(path),
  group: imagesWithLabels,
  settle: async () => ({}),
  async open({ files }, options) {
    checkNoOptions('idx', options);
    const [first, ...others] = await Promise.all(files.map(idxArray));
    if (first === undefined) throw new RangeError('a source has a file');
    const other = others.find(({ count }) => count !== first.count);
    if (other !== undefined) {
      throw badData(other.path, `it has ${other.count} elements, but ${first.path} has ${first.count}`);
    }
    const arrays: [IdxArray, ...IdxArray[]] = [first, ...others];
    const names = others.length > 0 ? ['images', 'labels'] : first.head.shape.length === 1 ? ['value'] : [];
    return new ArraySource({
      arrays,
      columns: names.flatMap((name, i) => {
        const array = arrays[i];
        return array === undefined ? [] : [{ name, array, text: textOf(array) }];
      }),
      extract: (selection) => arrays.map((array) => ({ path: array.path, bytes: idxFile(array, selection) })),
    });
  },
};

function idxArray({ path, bytes: file }: InputFile): Promise<IdxArray> {
  return naming(path, undefined, async () => {
    const isPacked = GZIP.test(path);
    const bytes: Bytes = isPacked ? unpackedBytes(() => file.stream(), 'gzip') : file;
    const head = await readIdxHead(bytes);
    const { count, elementSize } = elementsOf(head.shape, head.scalar.size);
    const size = head.length + count * elementSize;
    if (isPacked ? size > file.size * MAX_EXPANSION : size !== file.size) {
      throw new Unreadable(`it has ${file.size} bytes, but ${size} would follow from its header`);
    }
    return {
      path,
      within: undefined,
      count,
      elementSize,
      bytes: bytesAfter(bytes, head.length),
      isPacked,
      head,
    };
  });
}

function textOf({ head: { shape, scalar } }: IdxArray): (element: Uint8Array) => string | undefined {
  return (element) => {
    if (shape.length !== 1) throw new Unreadable('it has parts, and so no text');
    return scalarText(scalar, element);
  };
}

function idxFile(array: IdxArray, selection: Selection): AsyncIterable<Uint8Array> {
  return array.isPacked ? gzipped(plainFile(array, selection)) : plainFile(array, selection);
}

async function* plainFile(
  array: IdxArray,
  selection: Selection,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield idxHead(array.head, [selection.count, ...array.head.shape.slice(1)]);
  yield* chosenElements(array, selection);
}
