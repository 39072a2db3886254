import type { Spill } from '../../base/spill.js';
import { contentAt } from '../../entities/record.js';
import { type KeyedItem, type KeyedList, type Pairing, pairByKey } from './pairing.js';
import type { OneSided } from './records.js';

/** Pairs what was removed with what was added elsewhere and has the same content. */
export function pairRenames(added: Spill<OneSided>, removed: Spill<OneSided>, atOnce?: number): Pairing {
  return pairByKey(byContent(added), byContent(removed), atOnce);
}

/** The items that have a content; empty files are all alike, so none is ever called renamed. */
function byContent(list: Spill<OneSided>): KeyedList {
  return {
    length: list.length,
    *items(isWanted): Generator<KeyedItem> {
      let index = 0;
      for (const { position, bytes } of list.records()) {
        const content = contentAt(bytes, 0);
        if (content !== undefined && isWanted(content.readUInt16LE())) {
          yield { key: content.toString('latin1'), index, position };
        }
        index++;
      }
    },
  };
}
