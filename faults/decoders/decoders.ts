import { MemoryBackend } from '../../src/backend/memory.js';
import { equalBytes, fromUtf8 } from '../../src/base/bytes.js';
import { DvsError } from '../../src/base/errors.js';
import { LIMITS } from '../../src/base/limits.js';
import { datasetSchema } from '../../src/entities/dataset.js';
import { parseEntity } from '../../src/entities/kinds.js';
import { encodeRun, parseRun } from '../../src/entities/run.js';
import { looksLikeId, parseId } from '../../src/id/cid.js';
import { decode, encode, isMap, type Value } from '../../src/id/codec.js';
import { DIGEST_LENGTH, sha256 } from '../../src/id/hash.js';
import { idPrefixes } from '../../src/id/prefix.js';
import { parseReference, versionNumber } from '../../src/ops/resolve/reference.js';
import { checkFormat } from '../../src/store/format.js';
import { decodeLogEntry, encodeLogEntry } from '../../src/store/log/entry.js';
import { decodeRecipe, encodeRecipe } from '../../src/store/objects/recipe.js';
import { decodeFooter, encodeFooter } from '../../src/store/pack/footer.js';
import { decodeNode, encodeItem, encodeNode } from '../../src/tree/node.js';
import { formatLock, parseLock } from '../../src/workspace/lock-format.js';
import { parseLevel } from '../../src/workspace/settings/level.js';
import { refusal } from '../../src/workspace/settings/reach.js';
import * as samples from './samples.js';

/** Says whether what was read gives the bytes that it was read from. */
export type WritesBack = () => boolean;

/** Something that reads bytes which anybody may have made. */
export interface Decoder {
  readonly name: string;
  readonly samples: samples.Samples;
  /** Puts the checksum right where a wrong one would hide all the rest. */
  seal?(bytes: Buffer): Buffer;
  /** Reads them, or throws a DvsError. Errors of what it returns are none of the reading, so they are faults. */
  read(bytes: Uint8Array): WritesBack | Promise<WritesBack>;
}

const node: Decoder = {
  name: 'node',
  samples: samples.nodes,
  read(bytes) {
    const { kind, value } = parseEntity(bytes);
    return () => {
      if (!equalBytes(encode(value), bytes)) return false;
      if (kind === 'run') return equalBytes(encodeRun(parseRun(value)).bytes, bytes);
      if (kind !== datasetSchema.kind) return true;
      const { level, items } = decodeNode(datasetSchema, bytes);
      const entries = items.map((item) => encodeItem(datasetSchema, item));
      return equalBytes(encodeNode(kind, level, entries), bytes);
    };
  },
};

const footer: Decoder = {
  name: 'pack footer',
  samples: samples.footers,
  read(bytes) {
    if (bytes.length < 4) throw new DvsError('E_DAMAGED', 'too short to say where it lies');
    const own = Buffer.from(bytes.subarray(4));
    const read = decodeFooter(own, Buffer.from(bytes).readUInt32LE());
    return () => equalBytes(encodeFooter(read), own);
  },
};

const ENTRY_KEYS = [
  'dvs',
  'entry',
  'seq',
  'previous',
  'transaction',
  'time',
  'by',
  'message',
  'names',
  'publishes',
  'packs',
];
const CHANGE_KEYS = ['name', 'tag', 'from', 'to'];

const logEntry: Decoder = {
  name: 'log entry',
  samples: samples.logEntries,
  seal(bytes) {
    const body = bytes.subarray(0, -DIGEST_LENGTH);
    return Buffer.concat([body, sha256(body)]);
  },
  read(bytes) {
    const entry = decodeLogEntry(bytes, samples.SLOT);
    return () => equalBytes(encodeLogEntry(entry).bytes.subarray(0, -DIGEST_LENGTH), knownPart(bytes));
  },
};

/** A body without the keys that this version does not know: those it passes over, and cannot write again. */
function knownPart(bytes: Uint8Array): Uint8Array {
  const only = (value: Value | undefined, keys: readonly string[]): { [key: string]: Value } =>
    isMap(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) : {};
  const body = only(decode(bytes.subarray(0, -DIGEST_LENGTH), LIMITS.logEntryBytes), ENTRY_KEYS);
  const { names } = body;
  const known = Array.isArray(names) ? names.map((change) => only(change, CHANGE_KEYS)) : [];
  return encode({ ...body, names: known }, LIMITS.logEntryBytes);
}

const recipe: Decoder = {
  name: 'recipe',
  samples: samples.recipes,
  read(bytes) {
    const read = decodeRecipe(bytes);
    return () => equalBytes(encodeRecipe(read), bytes);
  },
};

/** TOML has many spellings of one thing, so what has to come back is what dvs itself would have written. */
const lock: Decoder = {
  name: 'dvs.lock',
  samples: samples.locks,
  read(bytes) {
    const entries = parseLock(textOf(bytes));
    return () => {
      const text = formatLock(entries.values());
      const again = parseLock(text);
      return again.size === entries.size && formatLock(again.values()) === text;
    };
  },
};

const toml: Decoder = {
  name: 'dvs.toml',
  samples: samples.settings,
  read(bytes) {
    const { level, warnings } = parseLevel('shared', 'dvs.toml', textOf(bytes));
    return () =>
      warnings.every(({ what }) => what.length < 1000) &&
      [...level.values.keys()].every((key) => refusal(key, 'shared') === undefined);
  },
};

const format: Decoder = {
  name: 'format',
  samples: samples.formats,
  async read(bytes) {
    const backend = new MemoryBackend();
    await backend.create('format', bytes);
    await checkFormat(backend);
    return () => equalBytes(bytes, samples.formats[0]);
  },
};

const reference: Decoder = {
  name: 'reference',
  samples: samples.references,
  read(bytes) {
    const text = textOf(bytes);
    const { base, selector, path } = parseReference(text);
    if (looksLikeId(base)) parseId(base);
    return () => {
      const number = selector === undefined ? undefined : versionNumber(selector);
      const head = base + (selector === undefined ? '' : `:${selector}`);
      const rest = text.slice(head.length);
      return (
        text.startsWith(head) &&
        rest.replace(/^\//, '').replace(/\/+$/, '') === path &&
        (number === undefined || selector === `v${number}`) &&
        idPrefixes(base).every(({ from, to }) => Buffer.compare(from, to) <= 0)
      );
    };
  },
};

function textOf(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new DvsError('E_ENCODING', 'not UTF-8 text');
  return text;
}

/** Everything that reads bytes of strangers. */
export const decoders: readonly Decoder[] = [node, footer, logEntry, recipe, lock, toml, format, reference];
