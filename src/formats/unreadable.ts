/** A file is not what it looked like; `message` says why, for people, without naming the file. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  /** What to do about it, where that is not the same for all such files. */
  readonly hint: string | undefined;

  constructor(message: string, { hint, ...options }: ErrorOptions & { readonly hint?: string } = {}) {
    super(message, options);
    this.hint = hint;
  }
}
