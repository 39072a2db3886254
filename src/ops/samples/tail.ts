import { parseId } from '../../id/cid.js';
import type { SourcePlace } from './row-samples.js';

/** What an index says beside its records. */
export interface IndexTail {
  /** By number; undefined when there are too many, or none were asked for. */
  readonly labels: readonly string[] | undefined;
  /** Of rows. */
  readonly sources: readonly SourcePlace[];
}

/** As JSON. `of` is the ID of the samples. */
export function encodeTail(of: string, { labels, sources }: IndexTail): unknown {
  return {
    of,
    labels: labels ?? null,
    sources: sources.map(({ files, first }) => [
      first,
      ...files.map(({ path, entry }) => [path, entry.id.toString(), entry.size]),
    ]),
  };
}

/** Reads what `encodeTail` gave for these samples; undefined for anything else. */
export function parseTail(of: string, tail: unknown): IndexTail | undefined {
  if (typeof tail !== 'object' || tail === null) return undefined;
  const { of: owner, labels, sources }: { [Field in 'of' | keyof IndexTail]?: unknown } = tail;
  if (owner !== of) return undefined;
  if (!Array.isArray(sources) || !(labels === null || isTexts(labels))) return undefined;
  const places: SourcePlace[] = [];
  for (const source of sources) {
    const place = parseSource(source);
    if (place === undefined) return undefined;
    places.push(place);
  }
  return { labels: labels ?? undefined, sources: places };
}

function parseSource(source: unknown): SourcePlace | undefined {
  if (!Array.isArray(source)) return undefined;
  const [first, ...rest]: unknown[] = source;
  if (typeof first !== 'number' || rest.length === 0) return undefined;
  const files: SourcePlace['files'][number][] = [];
  for (const file of rest) {
    const [path, id, size]: unknown[] = Array.isArray(file) ? file : [];
    if (typeof path !== 'string' || typeof id !== 'string' || typeof size !== 'number') return undefined;
    files.push({ path, entry: { type: 'file', id: parseId(id), size } });
  }
  return { files, first };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
