/** The catalogue is not usable; since it is only an index, the answer is to make it again. */
export class CatalogueDamage extends Error {
  /** Number of the manifest that led to it. */
  generation: number | undefined;
}

/** Runs `work`, which reads what the manifest of that number leads to. */
export async function fromGeneration<T>(generation: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CatalogueDamage) error.generation ??= generation;
    throw error;
  }
}
