import { DvsError, isDvsError } from '../../base/errors.js';
import type { Scratch } from '../../base/scratch.js';
import type { ValueMap } from '../../id/value.js';
import type { Division, Rule } from './division.js';
import { type Need, type SampleFacts, type SampleList, trusted } from './facts.js';

/** What methods work with beside samples and parameters. */
export interface DivideOptions {
  readonly scratch: Scratch;
  /** Of `from-files`: the keys of a part, those of `rest` not asked for; can be gone through as often as wanted. */
  keys?(part: string): AsyncIterable<readonly string[]>;
  /** Of `like`: what is carried over. */
  readonly old?: OldSplit | undefined;
}

/** A split that is there, and whose samples have other versions by now. */
export interface OldSplit extends Division {
  /** How it was made. Of a split that was itself carried over: how the first one was made. */
  readonly recipe: Recipe;
  /** The samples that it divides, with the facts that its recipe needs. */
  readonly samples: SampleList;
}

/** Samples that a carried split has to place. */
export type Newcomers = () => AsyncIterable<readonly SampleFacts[]>;

/** A way to divide samples: one file in `methods` and one line in `methods.ts` each. */
export interface Method<P> {
  readonly name: string;
  /** Part of IDs: what would divide otherwise is another version. */
  readonly version: number;
  /** The facts that it goes by beside keys; of `like`: those that the old recipe needs. */
  readonly needs: readonly Need[];
  /** Reads what `encode` wrote. E_ENCODING for anything else: an entity may have been written by a stranger. */
  parse(fields: ValueMap): P;
  encode(parameters: P): ValueMap;
  /** The part of each sample. There is at least one. E_USAGE, E_DATA or E_LIMIT when it cannot be done. */
  divide(samples: SampleList, parameters: P, options: DivideOptions): Promise<Division>;
  /** Where a split that was carried over puts samples whose keys are new. Its parts begin with those of `old`. */
  place(parameters: P, old: OldSplit, newcomers: Newcomers): Promise<Rule>;
}

/** A method with its parameters. */
export interface Recipe {
  readonly name: string;
  readonly version: number;
  readonly needs: readonly Need[];
  /** As entities hold it: name, version, parameters. */
  readonly value: ValueMap;
  /** The part of each sample. E_USAGE when there is none, or for the reasons of the method. */
  divide(samples: SampleList, options: DivideOptions): Promise<Division>;
  place(old: OldSplit, newcomers: Newcomers): Promise<Rule>;
}

/** How a user asks for a method. E_USAGE for parameters that it does not take. */
export function recipe<P>(method: Method<P>, parameters: P): Recipe {
  try {
    return bind(method, method.parse(method.encode(parameters)));
  } catch (cause) {
    if (!isDvsError(cause, 'E_ENCODING')) throw cause;
    throw new DvsError('E_USAGE', `${method.name}: ${cause.message}`, {
      hint: 'See `dvs help split` for what methods take.',
      cause,
    });
  }
}

/** A method of which is known only how to read it. */
export interface ReadableMethod {
  readonly name: string;
  readonly version: number;
  parse(fields: ValueMap): Recipe;
}

/** The method for THE list, where parameters of all types come together. */
export function readable<P>(method: Method<P>): ReadableMethod {
  const { name, version } = method;
  return { name, version, parse: (fields) => bind(method, method.parse(fields)) };
}

function bind<P>(method: Method<P>, parameters: P): Recipe {
  const { name, version, needs } = method;
  return {
    name,
    version,
    needs,
    value: { ...method.encode(parameters), name, version },
    async divide(samples, options) {
      if (samples.count === 0) {
        throw new DvsError('E_USAGE', 'there are no samples to split', {
          hint: 'Choose samples, or a part of a split, that has some.',
        });
      }
      return method.divide(trusted(samples), parameters, options);
    },
    place: (old, newcomers) => method.place(parameters, old, newcomers),
  };
}
