import { badData } from '../../../formats/bad-data.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { named } from '../../../formats/naming.js';
import type { ReadAhead } from '../../../formats/read-ahead.js';
import { type TarMember, tarMembers } from '../../../formats/tar.js';
import { TAR_BLOCK } from '../../../formats/tar-head.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { Place } from '../reader.js';
import { Seen } from './seen.js';

/** Members of a tar that follow one another and have one base name. */
export interface TarSample {
  readonly base: string;
  /** By what their names have after the base name and a dot. */
  readonly members: ReadonlyMap<string, TarMember>;
  /** From the first header of the first member to the end of the last. */
  readonly place: Place;
}

const MAX_MEMBERS = 1000;
const MAX_LENGTH = 2 ** 32 - 1;
/** Up to the first dot after the last slash is the base name. */
const NAME = /^((?:.*\/)?[^./]+)\.([^/]+)$/s;

/**
 * The samples of a whole tar, by its headers alone. E_DATA where a base name comes back, an extension comes twice, a name
 * has no base or extension, and where the tar does not end as one does.
 */
export async function* samplesOf(
  path: string,
  file: FileBytes,
  source: ReadAhead,
): AsyncGenerator<TarSample, void, undefined> {
  const seen = new Seen();
  if (file.size % TAR_BLOCK !== 0) {
    throw badData(path, `it breaks off: ${file.size} bytes are no whole number of blocks of ${TAR_BLOCK}`);
  }
  const end = yield* grouped(path, source, { at: 0, length: file.size }, (base) => {
    if (!seen.add(base)) {
      throw new Unreadable(`the sample ${base} comes back; the files of one must follow one another`);
    }
  });
  await checkEnd(path, file, source, end);
}

/** The samples at a place: one, where it was given by `samplesOf`. */
export function samplesAt(
  path: string,
  source: ReadAhead,
  place: Place,
): AsyncGenerator<TarSample, number, undefined> {
  return grouped(path, source, place, () => undefined);
}

/** Returns where the last member ends. */
async function* grouped(
  path: string,
  source: ReadAhead,
  { at: start, length }: Place,
  begin: (base: string) => void,
): AsyncGenerator<TarSample, number, undefined> {
  const members = tarMembers(source, start, start + length);
  let at = start;
  let sample: OpenSample | undefined;
  try {
    for (let next = await members.next(); ; next = await members.next()) {
      if (next.done === true) {
        if (sample !== undefined) yield sample.closed();
        return next.value;
      }
      const member = next.value;
      const [, base = '', extension = ''] = NAME.exec(member.name) ?? [];
      if (base === '') {
        throw new Unreadable(
          `${member.name} is not named as the file of a sample is: a name, a dot and an extension`,
        );
      }
      if (sample !== undefined && sample.base !== base) {
        yield sample.closed();
        sample = undefined;
      }
      at = member.at;
      if (sample === undefined) {
        begin(base);
        sample = new OpenSample(base, member.at);
      }
      sample.add(extension, member);
      at = member.end;
    }
  } catch (error) {
    throw named(path, `byte ${at}`, error);
  }
}

class OpenSample {
  readonly base: string;
  readonly #members = new Map<string, TarMember>();
  readonly #at: number;
  #end = 0;

  constructor(base: string, at: number) {
    this.base = base;
    this.#at = at;
  }

  add(extension: string, member: TarMember): void {
    if (this.#members.has(extension))
      throw new Unreadable(`the sample ${this.base} has two files ${extension}`);
    if (this.#members.size >= MAX_MEMBERS) {
      throw new Unreadable(`the sample ${this.base} has more than ${MAX_MEMBERS} files`);
    }
    if (member.end - this.#at > MAX_LENGTH)
      throw new Unreadable(`the sample ${this.base} has more than 4 GiB`);
    this.#members.set(extension, member);
    this.#end = member.end;
  }

  closed(): TarSample {
    return { base: this.base, members: this.#members, place: { at: this.#at, length: this.#end - this.#at } };
  }
}

/** Two blocks of zeros end a tar, and only zeros may follow: another tar after it would be lost without a word. */
async function checkEnd(path: string, file: FileBytes, source: ReadAhead, end: number): Promise<void> {
  if (file.size - end < 2 * TAR_BLOCK) {
    throw badData(path, 'it breaks off: a tar ends with two blocks of zeros', { place: `byte ${end}` });
  }
  for (let at = end; at < file.size; at += TAR_BLOCK) {
    const block = await source.read(at, TAR_BLOCK);
    if (block.length < TAR_BLOCK || block.some((byte) => byte !== 0)) {
      throw badData(path, 'more follows after its end', { place: `byte ${at}` });
    }
  }
}
