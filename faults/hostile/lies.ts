import { chunkHash } from '../../src/chunk/hash.js';
import { cidOf, contentId, DAG_CBOR } from '../../src/id/cid.js';
import type { Value } from '../../src/id/codec.js';
import { sha256 } from '../../src/id/hash.js';
import { encodeRecipe, RECIPE_PARTS, type RecipePart } from '../../src/store/objects/recipe.js';
import { EntryKind, FrameCodec, PACK_ENTRIES } from '../../src/store/pack/layout.js';
import { dataset, EVIL, evilContent, evilFile, type Forge, type Forged, node, recipe } from './forge.js';

const absent = sha256(Buffer.from('absent'));
const leaf = (path: string) => node(dataset([[path, contentId(EVIL), EVIL.length]]));
const inner = (key: string, child: ReturnType<typeof node>, count = 1): Value => [
  key,
  child.cid,
  count,
  EVIL.length,
];

/** `evil/f` is a content that leads to this recipe. */
function byRecipe(forge: Forge, top: Forged, others: readonly Forged[] = []): void {
  const record = { content: evilContent.id, recipe: top.id };
  forge.publish([...others, top, node(dataset([evilFile]))], [record]);
}

const chunk = (bytes: Uint8Array): Forged => ({ kind: EntryKind.chunk, id: chunkHash(bytes), bytes });
const ofParts = (level: number, parts: readonly RecipePart[]): Forged =>
  recipe(encodeRecipe({ level, length: parts.reduce((sum, { length }) => sum + length, 0), parts }));
const repeated = (below: Forged, length: number): RecipePart[] =>
  Array.from({ length: RECIPE_PARTS }, () => ({ id: below.id, length }));

/** Nodes: bytes that are what their ID says, and not what a dataset is. */
const nodes: Readonly<Record<string, Value | Uint8Array>> = {
  'a path that climbs': dataset([['../evil', contentId(EVIL), 4]]),
  'a path into the store': dataset([['.dvs/format', contentId(EVIL), 4]]),
  'a link that leaves': dataset([['l', '../../etc']]),
  'a size too large': dataset([['f', contentId(EVIL), 5]]),
  'a size too small': dataset([['f', contentId(EVIL), 3]]),
  'a size beyond all disks': dataset([['f', contentId(EVIL), 2 ** 53 - 1]]),
  'sizes that add up to too much': dataset([
    ['f', contentId(EVIL), 2 ** 53 - 1],
    ['g', contentId(EVIL), 2 ** 53 - 1],
  ]),
  'unsorted entries': dataset([['g', contentId(EVIL), 4], evilFile]),
  'one path twice': dataset([evilFile, evilFile]),
  'an absurd level': dataset([['f', cidOf(DAG_CBOR, absent), 1, 1]], 1e9),
  'children that are not there': dataset(
    [
      ['f', cidOf(DAG_CBOR, absent), 1, 1],
      ['g', cidOf(DAG_CBOR, absent), 1, 1],
    ],
    1,
  ),
  'nesting without end': Buffer.alloc(200_000, 0x81),
  'a huge count': Buffer.from('9bffffffffffffffff', 'hex'),
  'a huge text': Buffer.from('7b7fffffffffffffff', 'hex'),
  'a byte too many': Buffer.concat([leaf('f').bytes, Buffer.alloc(1)]),
  'no bytes at all': new Uint8Array(),
  'a newer format': { dvs: 2, kind: 'dataset', level: 0, entries: [] },
  'a kind of another time': { dvs: 1, kind: 'later', from: contentId(EVIL) },
  'no entity': ['f'],
};

/** Stores in which bytes are what their hash says, and say what is not so. `evil` names a dataset with `f`. */
export const lies: Readonly<Record<string, (forge: Forge) => void>> = {
  ...Object.fromEntries(
    Object.entries(nodes).map(([name, value]) => [
      `a node with ${name}`,
      (forge: Forge) => forge.publish([evilContent, node(value)]),
    ]),
  ),
  'a tree whose sums lie': (forge) => {
    const [f, g] = [leaf('f'), leaf('g')];
    forge.publish([evilContent, f, g, node(dataset([inner('f', f, 7), inner('g', g)], 1))]);
  },
  'a tree whose keys lie': (forge) => {
    const [f, g] = [leaf('f'), leaf('g')];
    forge.publish([evilContent, f, g, node(dataset([inner('f', f), inner('h', g)], 1))]);
  },
  'a tree whose levels do not descend': (forge) => {
    const [f, g] = [leaf('f'), leaf('g')];
    forge.publish([evilContent, f, g, node(dataset([inner('f', f), inner('g', g)], 3))]);
  },
  'a content under the ID of another': (forge) =>
    forge.publish([{ ...evilContent, bytes: Buffer.from('live') }, node(dataset([evilFile]))]),
  'a node under the ID of another': (forge) => {
    const claimed = node(dataset([evilFile]));
    forge.publish([evilContent, { ...claimed, bytes: leaf('g').bytes }]);
  },
  'a content stored as a node': (forge) =>
    forge.publish([{ ...evilContent, kind: EntryKind.node }, node(dataset([evilFile]))]),
  'a recipe under the ID of another, which lists itself': (forge) => {
    const bytes = encodeRecipe({ level: 1, length: 4, parts: [{ id: absent, length: 4 }] });
    byRecipe(forge, { kind: EntryKind.recipe, id: absent, bytes });
  },
  'a recipe that lists more than its chunks have': (forge) => {
    const part = chunk(EVIL);
    byRecipe(forge, ofParts(0, [{ id: part.id, length: 5 }]), [part]);
  },
  'a recipe whose lengths overlap': (forge) => {
    const part = chunk(EVIL);
    const parts = [part, part].map(({ id }) => ({ id, length: 3 }));
    byRecipe(forge, ofParts(0, parts), [part]);
  },
  'a recipe of chunks that make another content': (forge) => {
    const part = chunk(Buffer.from('live'));
    byRecipe(forge, ofParts(0, [{ id: part.id, length: 4 }]), [part]);
  },
  'a recipe that lists recipes as chunks': (forge) => {
    const part = chunk(EVIL);
    const below = ofParts(0, [{ id: part.id, length: 4 }]);
    byRecipe(forge, ofParts(0, [{ id: below.id, length: 4 }]), [part, below]);
  },
  'a recipe that skips a level': (forge) => {
    const part = chunk(EVIL);
    const below = ofParts(0, [{ id: part.id, length: 4 }]);
    byRecipe(forge, ofParts(2, [{ id: below.id, length: 4 }]), [part, below]);
  },
  'a recipe for two tebibytes from one chunk': (forge) => {
    const part = chunk(Buffer.alloc(131_072));
    const below = ofParts(0, repeated(part, 131_072));
    byRecipe(forge, ofParts(1, repeated(below, 131_072 * RECIPE_PARTS)), [part, below]);
  },
  'a recipe with an absurd count': (forge) => {
    const bytes = Buffer.from(ofParts(0, [{ id: absent, length: 4 }]).bytes);
    bytes.writeUInt32LE(0xffffffff, 4);
    byRecipe(forge, recipe(bytes));
  },
  'a recipe that is not there': (forge) =>
    forge.publish([node(dataset([evilFile]))], [{ content: evilContent.id, recipe: absent }]),
  'a frame that unpacks to more than it says': (forge) => {
    const bytes = Buffer.alloc(200_000);
    const pack = forge.pack([{ ...evilContent, bytes }, node(dataset([evilFile]))], [], (footer) => ({
      ...footer,
      frames: footer.frames.map((frame) => ({ ...frame, realLength: Math.min(frame.realLength, 4) })),
      entries: footer.entries.map((entry) => ({ ...entry, length: Math.min(entry.length, 4) })),
    }));
    forge.commit({ packs: [pack], names: [{ name: 'evil', from: null, to: node(dataset([evilFile])).cid }] });
  },
  'a frame that is not what its codec says': (forge) => {
    const pack = forge.pack([evilContent, node(dataset([evilFile]))], [], (footer) => ({
      ...footer,
      frames: footer.frames.map((frame) => ({ ...frame, codec: FrameCodec.zstd })),
    }));
    forge.commit({ packs: [pack], names: [{ name: 'evil', from: null, to: node(dataset([evilFile])).cid }] });
  },
  'frames larger than any': (forge) => {
    const pack = forge.pack([evilContent, node(dataset([evilFile]))], [], (footer) => ({
      ...footer,
      frames: footer.frames.map((frame) => ({ ...frame, realLength: 2 ** 32 - 1 })),
    }));
    forge.commit({ packs: [pack], names: [{ name: 'evil', from: null, to: node(dataset([evilFile])).cid }] });
  },
  'entries that lie over one another': (forge) => {
    const pack = forge.pack([evilContent, node(dataset([evilFile]))], [], (footer) => ({
      ...footer,
      entries: footer.entries.map((entry) => ({ ...entry, frame: 0, length: 4 })),
    }));
    forge.commit({ packs: [pack], names: [{ name: 'evil', from: null, to: node(dataset([evilFile])).cid }] });
  },
  'as many entries as a pack may have, none of them true': (forge) => {
    const pack = forge.pack([evilContent, node(dataset([evilFile]))], [], (footer) => ({
      ...footer,
      entries: Array.from({ length: PACK_ENTRIES }, (_, i) => ({
        kind: EntryKind.content,
        id: sha256(Buffer.from(String(i))),
        frame: 0,
        offset: 0,
        length: 4,
      })),
    }));
    forge.commit({ packs: [pack], names: [{ name: 'evil', from: null, to: node(dataset([evilFile])).cid }] });
  },
  'a name of a content': (forge) =>
    forge.commit({
      packs: [forge.pack([evilContent])],
      names: [{ name: 'evil', from: null, to: contentId(EVIL) }],
    }),
  'a name of nothing': (forge) =>
    forge.commit({ names: [{ name: 'evil', from: null, to: cidOf(DAG_CBOR, absent) }] }),
  'a run that is not there': (forge) => forge.commit({ publishes: [cidOf(DAG_CBOR, absent)] }),
  'names that are none': (forge) => forge.commit({ names: [{ name: '../evil', from: null, to: null }] }),
  'ten thousand names in one commit': (forge) => {
    const to = node(dataset([evilFile]));
    const names = Array.from({ length: 10_000 }, (_, i) => ({ name: `evil${i}`, from: null, to: to.cid }));
    forge.commit({ packs: [forge.pack([evilContent, to])], names });
  },
  'a pack that is not there': (forge) => forge.commit({ packs: [absent] }),
  'one pack named two thousand times': (forge) => {
    const to = node(dataset([evilFile]));
    const pack = forge.pack([evilContent, to]);
    const packs = Array.from({ length: 2000 }, () => pack);
    forge.commit({ packs, names: [{ name: 'evil', from: null, to: to.cid }] });
  },
  'a log entry of a newer dvs': (forge) => forge.commitRaw({ entry: 'other' }),
  'a log entry of another slot': (forge) => forge.commitRaw({ seq: 77 }),
  'a log entry that follows another': (forge) => forge.commitRaw({ previous: absent }),
  'a log entry whose lists are none': (forge) => forge.commitRaw({ names: 'all', packs: 1 }),
};
