import { DvsError } from '../base/errors.js';
import { isMap, type Value, type ValueMap } from '../id/codec.js';

/** The `dvs` in every entity: the version of the format it is written in. */
export const FORMAT_VERSION = 1;

export interface Envelope {
  readonly kind: string;
  readonly map: ValueMap;
}

/**
 * Opens what all entities have in common: a map with `dvs` and `kind`. E_FORMAT when a newer dvs wrote it,
 * E_ENCODING when it is no entity at all.
 */
export function openEnvelope(value: Value): Envelope {
  if (!isMap(value)) throw new DvsError('E_ENCODING', 'not an entity: not a map');
  const { dvs, kind } = value;
  if (typeof dvs !== 'number' || dvs < 1) throw new DvsError('E_ENCODING', 'not an entity: no `dvs` version');
  if (dvs !== FORMAT_VERSION) {
    throw new DvsError(
      'E_FORMAT',
      `written by a newer dvs (format ${dvs}; this one reads ${FORMAT_VERSION})`,
      {
        hint: 'Update dvs and run the same command again.',
      },
    );
  }
  if (typeof kind !== 'string' || kind === '') throw new DvsError('E_ENCODING', 'not an entity: no `kind`');
  return { kind, map: value };
}

/** Opens an entity that must be of `kind`. E_ENCODING when it is of another. */
export function openKind(value: Value, kind: string): ValueMap {
  const envelope = openEnvelope(value);
  if (envelope.kind !== kind) {
    throw new DvsError('E_ENCODING', `expected a ${kind}, found a ${envelope.kind}`);
  }
  return envelope.map;
}
