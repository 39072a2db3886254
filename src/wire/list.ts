import type { ListedEntry } from '../flows/list.js';
import type { ListedSample } from '../flows/list-samples.js';
import type { ListedName } from '../flows/names.js';

export interface ListedView {
  readonly path: string;
  readonly type: 'file' | 'link' | 'folder';
  readonly id: string | null;
  readonly size: number;
  /** Of a link. */
  readonly target?: string;
  /** In a folder. */
  readonly files?: number;
}

export function listedView({ path, type, id, size, target, files }: ListedEntry): ListedView {
  return {
    path,
    type,
    id: id ?? null,
    size,
    ...(target === undefined ? {} : { target }),
    ...(files === undefined ? {} : { files }),
  };
}

export interface NameView {
  readonly name: string;
  readonly version: number;
  readonly id: string;
  readonly kind: string;
  readonly files: number | null;
  readonly bytes: number | null;
}

export function nameView({ name, version, id, kind, files, bytes }: ListedName): NameView {
  return { name, version, id: id.toString(), kind, files: files ?? null, bytes: bytes ?? null };
}

export interface SampleView {
  readonly number: number;
  readonly path: string;
  readonly key: string;
  readonly label: string | null;
}

export function sampleView({ number, path, key, label }: ListedSample): SampleView {
  return { number, path, key, label: label ?? null };
}
