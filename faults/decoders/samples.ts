import { utf8 } from '../../src/base/bytes.js';
import { datasetSchema } from '../../src/entities/dataset.js';
import { encodeMembers } from '../../src/entities/members.js';
import { encodePermutation } from '../../src/entities/permutation.js';
import { encodeRun } from '../../src/entities/run.js';
import { encodeSamples } from '../../src/entities/samples.js';
import { encodeSplit } from '../../src/entities/split.js';
import { cidOf, contentId, DAG_CBOR, nodeId } from '../../src/id/cid.js';
import { encode } from '../../src/id/codec.js';
import { type Digest, sha256 } from '../../src/id/hash.js';
import { encodeLogEntry } from '../../src/store/log/entry.js';
import { encodeRecipe } from '../../src/store/objects/recipe.js';
import { encodeFooter } from '../../src/store/pack/footer.js';
import { EntryKind, type Footer, FrameCodec, HEADER_LENGTH, PackType } from '../../src/store/pack/layout.js';
import { encodeItem, encodeNode } from '../../src/tree/node.js';
import { formatLock } from '../../src/workspace/lock-format.js';

/** Valid bytes of everything that is decoded, for others to damage. */
export type Samples = readonly [Uint8Array, ...Uint8Array[]];

const digest = (text: string): Digest => sha256(utf8(text));
const file = (path: string) =>
  encodeItem(datasetSchema, {
    key: path,
    value: { type: 'file', id: contentId(utf8(path)), size: path.length },
  });
const link = encodeItem(datasetSchema, { key: 'b/link', value: { type: 'link', target: '../a.txt' } });
const leaf = encodeNode('dataset', 0, [file('a.txt'), link, file('c/ü.png')]);

const run = encodeRun({
  op: 'add',
  inputs: { data: nodeId(leaf) },
  outputs: { photos: nodeId(leaf) },
  tool: { name: 'dvs', version: '0.1.0' },
  start: '2026-01-02T03:04:05.678Z',
  end: '2026-01-02T03:04:06.000Z',
  who: 'ada',
  message: 'why',
});

const samples = encodeSamples({
  dataset: nodeId(leaf),
  reader: {
    name: 'files',
    version: 1,
    options: { paths: [], key: null, label: 'parent', group: null, time: null },
  },
  count: 3,
});
const members = encodeMembers({
  level: 0,
  bits: 3,
  count: 2,
  items: [{ id: contentId(Uint8Array.of(5)), count: 2 }],
});
const split = encodeSplit({
  samples: samples.id,
  of: { split: nodeId(leaf), part: 'train' },
  method: { name: 'stable', version: 1, seed: '42', parts: ['a', 'b'], weights: [8, 1] },
  parts: [
    { name: 'a', count: 2, members: members.id },
    { name: 'b', count: 0, members: members.id },
  ],
});
const permutation = encodePermutation({
  of: split.id,
  part: 'a',
  algorithm: 'dvs-perm-1',
  seed: '42',
  n: 2n,
  tail: 'drop',
});

export const nodes: Samples = [
  leaf,
  samples.bytes,
  members.bytes,
  split.bytes,
  permutation.bytes,
  encodeNode('dataset', 0, []),
  encodeNode('dataset', 1, [
    encode(['a.txt', nodeId(leaf), 2, 10]),
    encode(['z', cidOf(DAG_CBOR, digest('z')), 1, 7]),
  ]),
  run.bytes,
  encode({ dvs: 1, kind: 'later', numbers: [0, -1, 2 ** 32, 2 ** 53 - 1], more: { deep: [[null, true]] } }),
];

const entry = (kind: EntryKind, name: string, frame: number, offset: number, length: number) => ({
  kind,
  id: digest(name),
  frame,
  offset,
  length,
});
const frame = (offset: number, storedLength: number, codec: FrameCodec, realLength = storedLength) => ({
  offset,
  storedLength,
  realLength,
  codec,
  crc: offset,
});

/** Each begins with where it lies in its pack (u32). */
export const footers: Samples = [
  placed({ type: PackType.data, frames: [], entries: [], recipes: [] }, HEADER_LENGTH),
  placed(
    {
      type: PackType.meta,
      frames: [
        frame(HEADER_LENGTH, 100, FrameCodec.plain),
        frame(HEADER_LENGTH + 100, 50, FrameCodec.zstd, 9000),
      ],
      entries: [
        entry(EntryKind.chunk, 'a', 0, 0, 60),
        entry(EntryKind.content, 'b', 0, 60, 40),
        entry(EntryKind.node, 'c', 1, 0, 8000),
        entry(EntryKind.recipe, 'd', 1, 8000, 1000),
      ],
      recipes: [{ content: digest('content'), recipe: digest('d') }],
    },
    HEADER_LENGTH + 150,
  ),
];

function placed(footer: Footer, footerAt: number): Uint8Array {
  const at = Buffer.alloc(4);
  at.writeUInt32LE(footerAt);
  return Buffer.concat([at, encodeFooter(footer)]);
}

/** All of slot 7. */
export const SLOT = 7;
export const logEntries: Samples = [
  encodeLogEntry({
    seq: SLOT,
    previous: digest('before'),
    transaction: digest('transaction').subarray(0, 16),
    time: '2026-01-02T03:04:05.678Z',
    by: 'ada',
    message: 'as published',
    names: [
      { name: 'photos', from: null, to: nodeId(leaf) },
      { name: 'photos', tag: 'best', from: nodeId(leaf), to: null },
    ],
    publishes: [run.id],
    packs: [digest('pack'), digest('another')],
  }).bytes,
  encodeLogEntry({
    seq: SLOT,
    previous: null,
    transaction: new Uint8Array(16),
    time: '',
    by: '',
    names: [],
    publishes: [],
    packs: [],
  }).bytes,
];

export const recipes: Samples = [
  encodeRecipe({ level: 0, length: 131_073, parts: [part('a', 131_072), part('b', 1)] }),
  encodeRecipe({ level: 4, length: 2 ** 52 + 5, parts: [part('a', 2 ** 52), part('b', 2), part('c', 3)] }),
];

function part(name: string, length: number) {
  return { id: digest(name), length };
}

const lockText = formatLock([
  { path: 'data/mnist', name: 'mnist', id: nodeId(leaf), type: 'folder' },
  { path: 'b "quoted"\\ü.csv', name: 'b', id: run.id, type: 'file' },
]);
export const locks: Samples = [
  utf8(lockText),
  utf8(lockText.replaceAll('"folder"', "'folder' # a remark")),
  utf8('version = 1\n'),
];

export const settings: Samples = [
  utf8('[remote]\nurl = "https://example.org"\nretries = 3\nsince = 2026-01-02T03:04:05Z\n'),
  utf8("a.b.c = [1, 2.5, [true, {x = 1}]]\n[[list]]\n\"quoted key\" = '''\nraw'''\n"),
];

export const formats: Samples = [utf8('dvs store, format 1\n'), utf8('dvs store, format 999999999\n')];

export const references: Samples = [
  utf8('mnist:v3/train/0.png'),
  utf8(`${nodeId(leaf).toString()}/c/ü.png`),
  utf8(nodeId(leaf).toString().slice(0, 20)),
  utf8('photos:best'),
];
