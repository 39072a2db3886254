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
import { MAX_PATH_BYTES, MAX_SEGMENT_BYTES } from '#src/entities/path.js';
import { encodeRun } from '#src/entities/run.js';
import { contentId, digestOf, nodeId, parseId } from '#src/id/cid.js';
import { decode, encode, type Value } from '#src/id/codec.js';
import { sha256 } from '#src/id/hash.js';
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

/** The figure in the table of section 13. */
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
