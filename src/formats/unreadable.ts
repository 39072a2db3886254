/** A file is not what it looked like; `message` says why, for people, without naming the file. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
