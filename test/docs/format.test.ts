import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { blake3 } from '@noble/hashes/blake3.js';
import { describe, expect, test } from 'vitest';
import { MemoryBackend } from '#src/backend/memory.js';
import { equalBytes, fromUtf8, hex } from '#src/base/bytes.js';
import { LIMITS } from '#src/base/limits.js';
import { isName } from '#src/base/names.js';
import { chunksOf } from '#src/chunk/chunks.js';
import { GEAR } from '#src/chunk/gear-table.js';
import { chunkHash } from '#src/chunk/hash.js';
import { MAX_CHUNK } from '#src/chunk/limits.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import {
  bitsOfItem,
  encodeMembers,
  MEMBERS_FANOUT,
  parseMembers,
  SEGMENT_BITS,
} from '#src/entities/members.js';
import { MAX_PATH_BYTES, MAX_SEGMENT_BYTES } from '#src/entities/path.js';
import { encodePermutation, PERMUTATION_ALGORITHM, parsePermutation } from '#src/entities/permutation.js';
import { encodeRun } from '#src/entities/run.js';
import { encodeSamples, parseSamples } from '#src/entities/samples.js';
import { encodeSplit, MAX_PARTS, parseSplit } from '#src/entities/split.js';
import { type CID, contentId, digestOf, nodeId, parseId } from '#src/id/cid.js';
import { decode, encode, isMap, type Value } from '#src/id/codec.js';
import { sha256 } from '#src/id/hash.js';
import { encodeDefinition, parseDefinition } from '#src/ops/samples/definition.js';
import { parseField } from '#src/ops/samples/field.js';
import { permutation } from '#src/ops/shuffle/permutation.js';
import { recipe } from '#src/ops/split/method.js';
import { stable, stableRule } from '#src/ops/split/methods/stable.js';
import { isPartName, MOST_PARTS, parseSeed } from '#src/ops/split/parameters.js';
import { splitDigest, uOf, weightEnds } from '#src/ops/split/u.js';
import { latest } from '#src/store/catalogue/names.js';
import { writeFormat } from '#src/store/format.js';
import { decodeLogEntry, encodeLogEntry, logKey } from '#src/store/log/entry.js';
import { decodeRecipe, encodeRecipe, RECIPE_PARTS } from '#src/store/objects/recipe.js';
import { encodeFooter, encodeHeader, encodeTrailer, packName } from '#src/store/pack/footer.js';
import {
  type Entry,
  EntryKind,
  FRAME_BYTES,
  FrameCodec,
  PACK_BYTES,
  PACK_ENTRIES,
  PackType,
} from '#src/store/pack/layout.js';
import { packKey } from '#src/store/pack/reader.js';
import { Store } from '#src/store/store.js';
import { MAX_ENTRIES, MAX_ENTRY_BYTES, MIN_ENTRIES } from '#src/tree/boundary.js';
import { buildTree } from '#src/tree/build.js';
import { entries, lookup } from '#src/tree/read.js';
import type { Entry as TreeEntry } from '#src/tree/schema.js';
import { formatLock, parseLock } from '#src/workspace/lock-format.js';
import { tempDir } from '../support/tmp.js';
import { MemoryNodes } from '../tree/support.js';

/** The bytes that docs/format.md shows are held against the code here. */
const TEXT = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
const BLOCKS = new Map(
  Array.from(TEXT.matchAll(/^```(?:hex|toml) ([a-z0-9-]+)\n(.*?)^```$/gms), ([, name = '', body = '']) => [
    name,
    body,
  ]),
);

function block(name: string): string {
  const body = BLOCKS.get(name);
  if (body === undefined) throw new Error(`docs/format.md has no block ${name}`);
  return body;
}

/** The bytes of a block: hexadecimal digits, and remarks after `#`. */
function shown(name: string): Buffer {
  const digits = block(name).replace(/#.*$/gm, '').replace(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})+$/.test(digits)) throw new Error(`the block ${name} is not hexadecimal`);
  return Buffer.from(digits, 'hex');
}

const HELLO = Buffer.from('hello\n');
const TIME = '2026-01-02T03:04:05.678Z';

function file(key: string): TreeEntry<DatasetEntry> {
  return { key, value: { type: 'file', id: contentId(HELLO), size: HELLO.length } };
}

async function build(...files: TreeEntry<DatasetEntry>[]): Promise<{ id: string; root: Uint8Array }> {
  const nodes = new MemoryNodes();
  const { id } = await buildTree(datasetSchema, files, nodes.sink);
  return { id: id.toString(), root: await nodes.get(id) };
}

describe('IDs and entities', () => {
  test('the ID of a content', () => {
    expect(hex(contentId(HELLO).bytes)).toBe(hex(shown('content-id')));
    expect(TEXT).toContain(`\`${contentId(HELLO).toString()}\``);
  });

  const trees: [string, TreeEntry<DatasetEntry>[]][] = [
    ['dataset-empty', []],
    ['dataset-two', [file('a.txt'), { key: 'b', value: { type: 'link', target: 'a.txt' } }]],
    ['dataset-inner', [file('a'), file('dx'), file('z')]],
  ];
  test.each(trees)('%s', async (name, files) => {
    const { id, root } = await build(...files);
    expect(hex(root)).toBe(hex(shown(name)));
    expect(TEXT).toContain(`\`${id}\``);
  });

  test('the hashes that end a node', () => {
    for (const key of ['a', 'dx', 'z']) {
      expect(TEXT).toContain(`\`${hex(sha256(Buffer.from(`\0${key}`))).slice(0, 8)}\``);
    }
  });

  test('a run', () => {
    const { id, bytes } = encodeRun({
      op: 'add',
      inputs: {},
      outputs: { docs: nodeId(shown('dataset-two')) },
      tool: { name: 'dvs', version: '0.1.0' },
      start: TIME,
      who: 'ada',
    });
    expect(hex(bytes)).toBe(hex(shown('run')));
    expect(TEXT).toContain(`\`${id.toString()}\``);
  });

  test('how deep a node may be nested', () => {
    const nested = (depth: number): Value => {
      let value: Value = 0;
      for (let i = 0; i < depth; i++) value = [value];
      return value;
    };
    const deepest = limit('nesting of maps, lists and links');
    expect(decode(encode(nested(deepest)))).toEqual(nested(deepest));
    const deeper = Buffer.concat([Buffer.from([0x81]), encode(nested(deepest))]);
    expect(() => decode(deeper)).toThrow(/nested/);
  });
});

describe('samples, splits and orders', () => {
  const keys = ['a', 'dx', 'z'];
  const parameters = { seed: '42', parts: ['train', 'test'], weights: [2, 1] };
  const grouped = (value: number): string => value.toLocaleString('en-US');

  test('samples', () => {
    const definition = { reader: 'files', version: 1, paths: [], fields: {}, own: {} };
    const dataset = nodeId(shown('dataset-inner'));
    const { id, bytes } = encodeSamples({
      dataset,
      reader: encodeDefinition(definition),
      count: keys.length,
    });
    expect(hex(bytes)).toBe(hex(shown('samples')));
    expect(TEXT).toContain(`\`${id.toString()}\``);
    expect(parseDefinition(parseSamples(decode(shown('samples'))).reader)).toEqual(definition);
  });

  /** The node that says which of the three samples are in a part. */
  const membersOf = (part: number): { id: CID; bytes: Uint8Array } => {
    const { partOf } = stableRule(parameters);
    const bits = keys.map((key, number) => (partOf({ number, key }) === part ? 1 << number : 0));
    const segment = Buffer.of(bits.reduce((all, bit) => all | bit));
    const count = bits.filter((bit) => bit > 0).length;
    const id = contentId(segment);
    if (part === 0) {
      expect(hex(segment)).toBe('05');
      expect(TEXT).toContain(`\`${id.toString()}\``);
    }
    return encodeMembers({ level: 0, bits: keys.length, count, items: [{ id, count }] });
  };

  test('members', () => {
    const { id, bytes } = membersOf(0);
    expect(hex(bytes)).toBe(hex(shown('members')));
    expect(TEXT).toContain(`\`${id.toString()}\``);
  });

  test('a split, and why each sample is where it is', () => {
    const { id, bytes } = encodeSplit({
      samples: nodeId(shown('samples')),
      of: undefined,
      method: recipe(stable, parameters).value,
      parts: [
        { name: 'train', count: 2, members: membersOf(0).id },
        { name: 'test', count: 1, members: membersOf(1).id },
      ],
    });
    expect(hex(bytes)).toBe(hex(shown('split')));
    expect(TEXT).toContain(`\`${id.toString()}\``);
    const digest = splitDigest(parameters.seed);
    for (const key of keys) expect(TEXT).toContain(`${grouped(uOf(digest(key)))}`);
    expect(TEXT).toContain(`\`train\` up to ${grouped(weightEnds(parameters.weights)[0] ?? 0)}`);
  });

  test('a permutation, and the orders that it gives', () => {
    const of = nodeId(shown('samples'));
    const order = { of, part: undefined, algorithm: PERMUTATION_ALGORITHM, seed: '42', n: 3n };
    const { id, bytes } = encodePermutation(order);
    expect(hex(bytes)).toBe(hex(shown('permutation')));
    expect(TEXT).toContain(`\`${id.toString()}\``);
    const epochs = [0, 1].map((epoch) => [...permutation({ n: 3, seed: '42', epoch }).slice()].join(', '));
    expect(TEXT.replace(/\s+/g, ' ')).toContain(
      `In epoch 0 they come as ${epochs[0]}, in epoch 1 as ${epochs[1]}:`,
    );
  });

  test('how long texts may be', () => {
    const x = (length: number): string => 'x'.repeat(length);
    const source = limit('source of a key, characters');
    expect(parseField(`column:${x(source - 7)}`)).toEqual({ from: 'column', name: x(source - 7) });
    expect(() => parseField(`column:${x(source - 6)}`)).toThrow();
    const seed = limit('seed, bytes');
    expect(parseSeed(x(seed))).toBe(x(seed));
    expect(() => parseSeed(x(seed + 1))).toThrow();
    const permuted = decode(shown('permutation'));
    const withSeed = (length: number): Value => ({ ...(isMap(permuted) ? permuted : {}), seed: x(length) });
    expect(parsePermutation(withSeed(seed)).seed).toBe(x(seed));
    expect(() => parsePermutation(withSeed(seed + 1))).toThrow(/longer/);
    expect([isPartName(x(100)), isPartName(x(101))]).toEqual([true, false]);
    const split = parseSplit(decode(shown('split')));
    const named = (length: number) => ({
      ...split,
      parts: split.parts.slice(1).map((part) => ({ ...part, name: x(length) })),
    });
    const name = limit('name of a part, bytes');
    expect(encodeSplit(named(name)).bytes.length).toBeGreaterThan(name);
    expect(() => encodeSplit(named(name + 1))).toThrow(/longer/);
    const samples = parseSamples(decode(shown('samples')));
    const readBy = (length: number) => ({ ...samples, reader: { ...samples.reader, name: x(length) } });
    const reader = limit('name of a reader, bytes');
    expect(encodeSamples(readBy(reader)).bytes.length).toBeGreaterThan(reader);
    expect(() => encodeSamples(readBy(reader + 1))).toThrow(/longer/);
  });

  test('how many paths there may be', () => {
    const { reader } = parseSamples(decode(shown('samples')));
    const most = limit('paths of samples');
    const withPaths = (length: number) => {
      const paths = Array.from({ length }, (_, i) => String(i).padStart(5, '0'));
      return parseDefinition({ ...reader, options: { ...reader.options, paths } }).paths.length;
    };
    expect(withPaths(most)).toBe(most);
    expect(() => withPaths(most + 1)).toThrow(/paths/);
  });

  test('how high members may be', () => {
    const item = { id: nodeId(shown('members')), count: 0 };
    const level = limit('level of a node of members');
    const node = { level, bits: bitsOfItem(level), count: 0, items: [item] };
    expect(parseMembers(decode(encodeMembers(node).bytes))).toEqual(node);
    expect(() => encodeMembers({ ...node, level: level + 1, bits: bitsOfItem(level + 1) })).toThrow(/level/);
  });
});

describe('chunks and recipes', () => {
  test('the gear table', () => {
    const bytes = Buffer.alloc(8 * GEAR.length);
    GEAR.forEach((value, i) => {
      bytes.writeBigUInt64LE(value, 8 * i);
    });
    expect(hex(sha256(bytes))).toBe(hex(shown('gear-table-sha256')));
    for (const i of [0, 255]) expect(TEXT).toContain(`\`${GEAR[i]?.toString(16)}\``);
  });

  test('the ID of a chunk', () => {
    const key = shown('chunk-key');
    const zero = Buffer.alloc(1);
    expect(hex(blake3(zero, { key }))).toBe(hex(shown('chunk-zero')));
    expect(hex(chunkHash(zero))).toBe(hex(shown('chunk-zero')));
  });

  test('a recipe', () => {
    const content = Buffer.alloc(131_073);
    const parts = chunksOf(content).map(({ offset, length }) => ({
      id: chunkHash(content.subarray(offset, offset + length)),
      length,
    }));
    const bytes = encodeRecipe({ level: 0, length: content.length, parts });
    expect(hex(bytes)).toBe(hex(shown('recipe')));
    expect(hex(sha256(bytes))).toBe(hex(shown('recipe-id')));
    expect(decodeRecipe(shown('recipe')).parts).toHaveLength(2);
  });
});

/** A pack of one plain frame, put together by the implementation. */
function pack(type: PackType, kind: EntryKind, objects: readonly Uint8Array[], nonce: Uint8Array) {
  const real = Buffer.concat(objects);
  let offset = 0;
  const found = objects.map((bytes): Entry => {
    const entry = { kind, id: sha256(bytes), frame: 0, offset, length: bytes.length };
    offset += bytes.length;
    return entry;
  });
  const header = encodeHeader(type);
  const { length } = real;
  const frame = { offset: header.length, storedLength: length, realLength: length, crc: crc32(real) };
  const frames = [{ ...frame, codec: FrameCodec.plain }];
  const footer = encodeFooter({ type, frames, entries: found, recipes: [] });
  const bytes = Buffer.concat([header, real, footer, encodeTrailer(nonce, footer.length)]);
  return { bytes, name: packName(footer, nonce) };
}

const counting = (from: number): Buffer => Buffer.from(Array.from({ length: 16 }, (_, i) => from + i));
const dataPack = () => pack(PackType.data, EntryKind.content, [HELLO], counting(0));
const metaPack = () =>
  pack(PackType.meta, EntryKind.node, [shown('dataset-two'), shown('run')], counting(16));

describe('the store', () => {
  test.each([
    ['pack-data', dataPack],
    ['pack-meta', metaPack],
  ])('%s', (name, make) => {
    const made = make();
    expect(hex(made.bytes)).toBe(hex(shown(name)));
    expect(TEXT).toContain(`\`${hex(made.name)}\``);
  });

  test('a log entry', () => {
    const { bytes, hash } = encodeLogEntry({
      seq: 1,
      previous: null,
      transaction: counting(32),
      time: TIME,
      by: 'ada',
      names: [{ name: 'docs', from: null, to: nodeId(shown('dataset-two')) }],
      publishes: [nodeId(shown('run'))],
      packs: [dataPack().name, metaPack().name],
    });
    expect(hex(bytes)).toBe(hex(shown('log-entry')));
    expect(equalBytes(decodeLogEntry(shown('log-entry'), 1).hash, hash)).toBe(true);
    expect(TEXT).toContain(`\`${logKey(1)}\``);
  });

  test('the format file', async () => {
    const backend = new MemoryBackend();
    await writeFormat(backend);
    expect(hex((await backend.read('format')) ?? new Uint8Array())).toBe(hex(shown('format')));
  });

  test('all of them together are a store', async () => {
    const backend = new MemoryBackend();
    await backend.create('format', shown('format'));
    await backend.create(packKey(hex(dataPack().name)), shown('pack-data'));
    await backend.create(packKey(hex(metaPack().name)), shown('pack-meta'));
    await backend.create(logKey(1), shown('log-entry'));
    const folder = await tempDir();
    const store = await Store.open({
      backend,
      catalogueDir: join(folder, 'catalogue'),
      scratchDir: join(folder, 'tmp'),
    });
    try {
      await store.refresh();
      const value = await store.query((session) => latest(session, 'docs'));
      expect(value).toMatchObject({ version: 1, seq: 1 });
      const root = value?.id ?? nodeId(new Uint8Array());
      const paths: string[] = [];
      for await (const { key } of entries(datasetSchema, store.objects, root)) paths.push(key);
      expect(paths).toEqual(['a.txt', 'b']);
      const found = await lookup(datasetSchema, store.objects, root, 'a.txt');
      const id = found?.type === 'file' ? found.id : contentId(new Uint8Array());
      const [piece] = await store.objects.allPieces(digestOf(id));
      expect(piece && fromUtf8(await store.objects.read(piece.object))).toBe('hello\n');
    } finally {
      await store.close();
    }
  });

  test('dvs.lock', () => {
    const id = parseId(nodeId(shown('dataset-two')).toString());
    const text = formatLock([{ path: 'data/mnist', name: 'mnist', id, type: 'folder' }]);
    expect(block('dvs-lock')).toBe(text);
    expect([...parseLock(text).keys()]).toEqual(['data/mnist']);
  });
});

/** The figure in the table of section 18. */
function limit(what: string): number {
  const rows = TEXT.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const figure = rows.find((cells) => cells[1] === what)?.[2];
  if (figure === undefined) throw new Error(`docs/format.md has no limit for ${what}`);
  return Number(figure.replaceAll(',', ''));
}

test.each([
  ['node or entity, bytes', LIMITS.nodeBytes],
  ['integer', Number.MAX_SAFE_INTEGER],
  ['entries of a tree node', MAX_ENTRIES],
  ['size of a tree node, bytes', MAX_ENTRY_BYTES],
  ['tree entry, bytes', MAX_ENTRY_BYTES / MIN_ENTRIES],
  ['level of a tree node', LIMITS.treeLevels],
  ['path, bytes', MAX_PATH_BYTES],
  ['path segment, bytes', MAX_SEGMENT_BYTES],
  ['link target, bytes', MAX_PATH_BYTES],
  ['text in a run, bytes', LIMITS.textBytes],
  ['bits of a segment', SEGMENT_BITS],
  ['items of a node of members', MEMBERS_FANOUT],
  ['parts of a split', MAX_PARTS],
  ['parts of a method, folds', MOST_PARTS],
  ['chunk, bytes', MAX_CHUNK],
  ['parts of a recipe', RECIPE_PARTS],
  ['frame, bytes', FRAME_BYTES],
  ['entries of a pack', PACK_ENTRIES],
  ['header and frames of a pack, bytes', PACK_BYTES],
  ['body of a log entry, bytes', LIMITS.logEntryBytes],
  ['dvs.lock, bytes', LIMITS.settingsBytes],
])('the limit for %s', (what, value) => {
  expect(limit(what)).toBe(value);
});

test('the limit for names', () => {
  const longest = limit('name or tag, characters');
  expect(isName('x'.repeat(longest))).toBe(true);
  expect(isName('x'.repeat(longest + 1))).toBe(false);
});
