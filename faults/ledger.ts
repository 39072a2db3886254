import type { Repository } from '../src/flows/repository.js';
import { differences, type Files, filesOf } from './files.js';
import type { History } from './history.js';

/** What commands said they had recorded: all of it has to be there, now and for ever. */
export class Ledger {
  readonly #recorded = new Map<string, { readonly name: string; readonly files: Files }>();

  get size(): number {
    return this.#recorded.size;
  }

  /** The files of a version, or undefined for one that nobody was told of. */
  filesOf(id: string): Files | undefined {
    return this.#recorded.get(id)?.files;
  }

  /** Whether some version has just these files. */
  has(files: Files): boolean {
    return [...this.#recorded.values()].some((one) => differences(one.files, files).length === 0);
  }

  acknowledge(name: string, id: string, files: Files): void {
    this.#recorded.set(id, { name, files });
  }

  /** What is not there any more, by the log. Each version of a test has contents of its own, so each is there once. */
  lost({ versions }: History): string[] {
    return [...this.#recorded].flatMap(([id, { name }]) => {
      const times = versions.get(name)?.filter((one) => one === id).length ?? 0;
      return times === 1 ? [] : [`${name} has the acknowledged version ${id} ${times} times`];
    });
  }

  /** What does not read back as it was: of all versions, or of these. */
  async unequal(repo: Repository, ids: Iterable<string> = this.#recorded.keys()): Promise<string[]> {
    const failures: string[] = [];
    for (const id of ids) {
      const wanted = this.#recorded.get(id)?.files ?? new Map();
      const wrong = differences(wanted, await filesOf(repo, id));
      if (wrong.length > 0) failures.push(`${id} reads back otherwise: ${wrong.join(', ')}`);
    }
    return failures;
  }
}
