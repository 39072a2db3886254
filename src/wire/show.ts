import type { ShownSplit } from '../flows/samples/show-split.js';
import type { Shown } from '../flows/show.js';
import { isMap } from '../id/codec.js';
import type { Totals } from '../ops/folders/level.js';
import type { Outline, OutlinedEntry } from '../ops/folders/outline.js';
import { type ValueView, valueView } from './value.js';

/** A folder, file or link of an outline. */
export interface OutlineView {
  readonly path: string;
  readonly type: 'folder' | 'file' | 'link';
  /** Of a folder: files and links in it, however deep. */
  readonly files?: number;
  readonly bytes: number;
  /** Of a folder: what lies directly in it, as far as it is shown. */
  readonly children?: readonly OutlineView[];
  /** Of a folder: what lies in it beside the children that are shown; null when nothing does. */
  readonly more?: Totals | null;
  /** Of a link. */
  readonly target?: string;
}

/** What is known of an ID. The fields of an entity come after these. */
export interface ShownView {
  /** Null for a folder, which has none of its own. */
  readonly id: string | null;
  readonly kind: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly madeBy: readonly string[];
  readonly usedBy: readonly string[];
  /** Short facts about an entity, or the length of a content. */
  readonly about: Readonly<Record<string, string>>;
  /** Of a folder: the ID of the dataset that it lies in. */
  readonly dataset?: string;
  /** Of a part: the split that it belongs to. */
  readonly split?: string;
  /** Of a dataset or a folder: what lies in it. */
  readonly outline?: OutlineView;
  /** Of a split or a part of one: what is in its parts. */
  readonly contents?: SplitContentsView;
  readonly [field: string]: unknown;
}

/** What is in the parts of a split. */
export interface SplitContentsView {
  /** Samples in its parts: those that were divided. */
  readonly total: number;
  readonly parts: readonly {
    readonly name: string;
    readonly count: number;
    /** Label and count, the most frequent first; null where samples have no labels. */
    readonly labels: readonly { readonly label: string; readonly count: number }[] | null;
  }[];
}

function splitContentsView({ total, parts }: ShownSplit): SplitContentsView {
  return { total, parts: parts.map(({ name, count, labels }) => ({ name, count, labels: labels ?? null })) };
}

export function shownView(shown: Shown): ShownView {
  const { id, kind, names, tags, madeBy, usedBy, entity, outline, split } = shown;
  const isFolder = kind === 'folder';
  const isPart = kind === 'part';
  const known = {
    id: isFolder || isPart ? null : id.toString(),
    kind,
    names: names.map(({ name, version }) => `${name}:v${version}`),
    tags: tags.map(({ name, tag }) => `${name}:${tag}`),
    madeBy: madeBy.map(String),
    usedBy: usedBy.map(String),
    about: aboutOf(shown),
    ...(isFolder ? { dataset: id.toString() } : {}),
    ...(isPart ? { split: id.toString() } : {}),
    ...(split === undefined ? {} : { contents: splitContentsView(split) }),
    ...(outline === undefined ? {} : { outline: outlineView(outline) }),
  };
  // Twice, so that the fields of the entity come last and still replace nothing.
  return { ...known, ...fieldsOf(entity), ...known };
}

function aboutOf({ entity, bytes, outline, split }: Shown): Readonly<Record<string, string>> {
  if (entity !== undefined) return entity.description;
  if (split !== undefined) return { samples: String(split.parts[0]?.count ?? 0), of: String(split.total) };
  if (outline === undefined) return { bytes: String(bytes) };
  return { entries: String(outline.files), bytes: String(outline.bytes) };
}

function outlineView({ path, files, bytes, children, more }: Outline): OutlineView {
  const views = children.map((child) => (child.type === 'entry' ? childView(child) : outlineView(child)));
  return { path, type: 'folder', files, bytes, children: views, more: more ?? null };
}

function childView({ path, entry }: OutlinedEntry): OutlineView {
  if (entry.type === 'link') return { path, type: 'link', bytes: 0, target: entry.target };
  return { path, type: 'file', bytes: entry.size };
}

function fieldsOf(entity: Shown['entity']): Record<string, ValueView> {
  if (entity === undefined || !isMap(entity.value)) return {};
  return Object.fromEntries(Object.entries(entity.value).map(([key, value]) => [key, valueView(value)]));
}
