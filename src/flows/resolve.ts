import type { DvsError } from '../base/errors.js';
import { isDvsError } from '../base/errors.js';
import { type Known, knownNow } from './references.js';
import type { Repository } from './repository.js';

/** What became of one reference among many: what was found, or why nothing was. */
export type Answer<T> =
  | { readonly reference: string; readonly found: T }
  | { readonly reference: string; readonly error: DvsError };

/**
 * Looks up references one by one, in order, as they come, in what is recorded when it begins. One that leads nowhere (or
 * to more than one thing, or that is none) is an answer like others; what else goes wrong ends it.
 */
export async function* resolveEach<T>(
  repo: Repository,
  references: Iterable<string> | AsyncIterable<string>,
  look: (repo: Repository, reference: string, known: Known) => Promise<T>,
): AsyncGenerator<Answer<T>> {
  const known = await knownNow(repo);
  for await (const reference of references) {
    let answer: Answer<T>;
    try {
      answer = { reference, found: await look(repo, reference, known) };
    } catch (error) {
      if (!isDvsError(error, 'E_NOT_FOUND', 'E_AMBIGUOUS', 'E_USAGE')) throw error;
      answer = { reference, error };
    }
    yield answer;
  }
}
