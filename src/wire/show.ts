import type { Shown } from '../flows/show.js';
import { type ValueView, valueView } from './value.js';

export interface ShownView {
  readonly id: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly madeBy: readonly string[];
  readonly usedBy: readonly string[];
  /** Of a content; null for an entity. */
  readonly bytes: number | null;
  /** The fields of an entity; null for a content. */
  readonly entity: ValueView | null;
}

export function shownView({ id, kind, names, tags, madeBy, usedBy, bytes, entity }: Shown): ShownView {
  return {
    id: id.toString(),
    kind,
    names: names.map(({ name, version }) => `${name}:v${version}`),
    tags: tags.map(({ name, tag }) => `${name}:${tag}`),
    madeBy: madeBy.map(String),
    usedBy: usedBy.map(String),
    bytes: bytes ?? null,
    entity: entity === undefined ? null : valueView(entity.value),
  };
}
