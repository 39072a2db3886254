import type { Shown } from '../flows/show.js';
import { isMap } from '../id/codec.js';
import { type ValueView, valueView } from './value.js';

/** What is known of an ID. The fields of an entity come after these. */
export interface ShownView {
  readonly id: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly madeBy: readonly string[];
  readonly usedBy: readonly string[];
  /** Short facts about an entity, or the length of a content. */
  readonly about: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export function shownView({ id, kind, names, tags, madeBy, usedBy, bytes, entity }: Shown): ShownView {
  const known = {
    id: id.toString(),
    kind,
    names: names.map(({ name, version }) => `${name}:v${version}`),
    tags: tags.map(({ name, tag }) => `${name}:${tag}`),
    madeBy: madeBy.map(String),
    usedBy: usedBy.map(String),
    about: entity?.description ?? { bytes: String(bytes) },
  };
  // Twice, so that the fields of the entity come last and still replace nothing.
  return { ...known, ...fieldsOf(entity), ...known };
}

function fieldsOf(entity: Shown['entity']): Record<string, ValueView> {
  if (entity === undefined || !isMap(entity.value)) return {};
  return Object.fromEntries(Object.entries(entity.value).map(([key, value]) => [key, valueView(value)]));
}
