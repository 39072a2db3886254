import { join } from 'node:path';
import { LocalBackend } from '../../src/backend/local.js';
import type { StoredLogEntry } from '../../src/store/log/entry.js';
import { Log } from '../../src/store/log/log.js';

interface Change {
  readonly seq: number;
  readonly name: string;
  readonly tag: string | undefined;
  readonly to: string;
}

/** What was true of a store after each entry of its log, told by the log alone. */
export class Past {
  readonly #log: Log;
  readonly #changes: Change[] = [];
  #head = 0;

  constructor(storeDir: string) {
    this.#log = new Log(new LocalBackend(storeDir));
  }

  /** Takes in what was committed since; says which entry is the last. */
  async now(): Promise<number> {
    for (;;) {
      const entry = await this.#log.read(this.#head + 1);
      if (entry === undefined) return this.#head;
      this.#changes.push(...changesOf(entry));
      this.#head = entry.seq;
    }
  }

  /** The names there were after entry `seq`, in byte order. */
  names(seq: number): string[] {
    const names = this.#until(seq).map(({ name }) => name);
    return [...new Set(names)].sort();
  }

  /** The IDs of a name after entry `seq`, the first one first. */
  versions(name: string, seq: number): string[] {
    return this.moves(name, seq, (change) => change.tag === undefined);
  }

  /** Where a name and its tags had been moved by then, the first move first. */
  moves(name: string, seq: number, wanted: (change: Change) => boolean = () => true): string[] {
    const moves = this.#until(seq).filter((change) => change.name === name && wanted(change));
    return moves.map(({ to }) => to);
  }

  #until(seq: number): Change[] {
    return this.#changes.filter((change) => change.seq <= seq);
  }
}

/** The past of the store of a workspace. */
export function pastOf(root: string): Past {
  return new Past(join(root, '.dvs'));
}

function changesOf({ seq, names }: StoredLogEntry): Change[] {
  return names.flatMap(({ name, tag, to }) => (to === null ? [] : [{ seq, name, tag, to: to.toString() }]));
}
