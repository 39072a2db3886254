import type { Spill } from '../../base/spill.js';
import { contentAt } from '../../entities/record.js';
import type { OneSided } from './records.js';

/** Which removed item each added one was renamed from. */
export interface Pairing {
  readonly count: number;
  /** For each added item in order: where the removed one begins; NONE when it was not renamed. */
  readonly from: Float64Array;
  /** For each removed item in order: 1 when it is one that was renamed. */
  readonly gone: Uint8Array;
}

export const NONE = -1;

/** Removed items whose contents are in memory at once. */
const AT_ONCE = 1 << 17;

/**
 * Pairs what was removed with what was added elsewhere and has the same content: of several alike, the first
 * with the first. Contents are gone through in shares, so that memory does not grow with them.
 */
export function pairRenames(added: Spill<OneSided>, removed: Spill<OneSided>, atOnce = AT_ONCE): Pairing {
  const pairing = {
    count: 0,
    from: new Float64Array(added.length).fill(NONE),
    gone: new Uint8Array(removed.length),
  };
  if (added.length === 0) return pairing;
  const shares = Math.ceil(removed.length / atOnce);
  for (let share = 0; share < shares; share++) {
    const sources = new Sources();
    for (const { content, index, position } of contentsOf(removed, share, shares)) {
      sources.add(content.toString('latin1'), { index, position });
    }
    for (const { content, index } of contentsOf(added, share, shares)) {
      const source = sources.takeFirst(content.toString('latin1'));
      if (source === undefined) continue;
      pairing.count++;
      pairing.from[index] = source.position;
      pairing.gone[source.index] = 1;
    }
  }
  return pairing;
}

interface Source {
  readonly index: number;
  readonly position: number;
}

/** Removed items by content. Those of one content are a ring: each leads to the next, the last to the first. */
class Sources {
  readonly #last = new Map<string, number>();
  readonly #next: number[] = [];
  readonly #sources: Source[] = [];

  add(content: string, source: Source): void {
    const at = this.#sources.push(source) - 1;
    const last = this.#last.get(content);
    this.#next[at] = last === undefined ? at : (this.#next[last] ?? at);
    if (last !== undefined) this.#next[last] = at;
    this.#last.set(content, at);
  }

  takeFirst(content: string): Source | undefined {
    const last = this.#last.get(content);
    const first = last === undefined ? undefined : this.#next[last];
    if (last === undefined || first === undefined) return undefined;
    if (first === last) this.#last.delete(content);
    else this.#next[last] = this.#next[first] ?? last;
    return this.#sources[first];
  }
}

/** The items of one share that have a content; empty files are all alike, so none is ever called renamed. */
function* contentsOf(list: Spill<OneSided>, share: number, shares: number) {
  let index = 0;
  for (const { position, bytes } of list.records()) {
    const content = contentAt(bytes, 0);
    if (content !== undefined && (content.readUInt16LE() * shares) >>> 16 === share) {
      yield { content, index, position };
    }
    index++;
  }
}
