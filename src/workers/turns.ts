/** One's place in a queue: wait for `ready`, do what must be done in order, then say `done`. */
export interface Turn {
  readonly ready: Promise<void>;
  /** Lets the next one go; saying it again changes nothing. */
  done(): void;
}

/** Lets work that was begun in parallel pass one point in the order in which it was begun. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  take(): Turn {
    const ready = this.#last;
    let release = (): void => {};
    const passed = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#last = ready.then(() => passed);
    return { ready, done: release };
  }
}
