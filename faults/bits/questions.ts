import type { Backend } from '../../src/backend/interface.js';
import { datasetSchema } from '../../src/entities/dataset.js';
import { cidOf, contentId, digestOf, parseId, RAW } from '../../src/id/cid.js';
import { Sha256 } from '../../src/id/hash.js';
import { resolve } from '../../src/ops/resolve/resolve.js';
import { ObjectReader } from '../../src/store/objects/reader.js';
import type { Store } from '../../src/store/store.js';
import { entries } from '../../src/tree/read.js';
import type { Files, Version } from './small-store.js';

/** Something that one asks a store, and the one right answer as text. */
export interface Question {
  readonly name: string;
  readonly right: string;
  ask(): Promise<string>;
}

/**
 * What each reference means, what each version lists, and what the bytes of each file are. Objects are read by
 * a new reader each time, because one that has read them before would remember them.
 */
export function questionsOf(store: Store, backend: Backend, versions: readonly Version[]): Question[] {
  const reader = () => new ObjectReader(backend, store.catalogue);
  const contents = new Map(
    versions.flatMap(({ reference, files }) =>
      [...files].map(([path, bytes]): [string, string] => [
        contentId(bytes).toString(),
        `${reference}/${path}`,
      ]),
    ),
  );
  const ofVersions = versions.flatMap(({ reference, id, files }): Question[] => [
    {
      name: `resolve ${reference}`,
      right: id,
      ask: async () => (await resolve(store, reference)).id.toString(),
    },
    {
      name: `ls ${reference}`,
      right: listing(files),
      ask: async () => {
        const lines: string[] = [];
        for await (const { key, value } of entries(datasetSchema, reader(), parseId(id))) {
          lines.push(
            value.type === 'file' ? line(key, value.id.toString(), value.size) : `${key} → ${value.target}`,
          );
        }
        return lines.join('\n');
      },
    },
  ]);
  const ofContents = [...contents].map(
    ([id, name]): Question => ({
      name: `cat ${name}`,
      right: id,
      ask: async () => {
        const objects = reader();
        const hash = new Sha256();
        for await (const pieces of objects.pieces(digestOf(parseId(id)))) {
          for (const { object } of pieces) hash.update(await objects.read(object));
        }
        return cidOf(RAW, hash.digest()).toString();
      },
    }),
  );
  return [...ofVersions, ...ofContents];
}

function listing(files: Files): string {
  const lines = [...files].map(([path, bytes]) => line(path, contentId(bytes).toString(), bytes.length));
  return lines.sort().join('\n');
}

function line(path: string, id: string, size: number): string {
  return `${path} ${id} ${size}`;
}
