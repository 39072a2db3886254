import fs from 'node:fs';
import { resolve } from 'node:path';
import type { Happened } from './journal.js';
import type { Kind } from './plan.js';

/** A call of the file system before it is made. */
export interface Call {
  readonly kind: Kind;
  /** What it is about; undefined for a descriptor that another thread opened. */
  readonly path: string | undefined;
  readonly otherPath?: string;
  /** What the journal says when it begins. */
  readonly beginning?: Happened;
  /** What the journal says when it is done: `args` are those it was made with, `result` what it returned. */
  done?(args: readonly unknown[], result: unknown): Happened | undefined;
}

type Describe = (args: readonly unknown[]) => Call;

// Before anything here is replaced.
const { existsSync, constants } = fs;

/** Paths of the descriptors that this thread opened. */
const paths = new Map<number, string>();

/** Calls that begin with a path, by the name that they have in `node:fs/promises`. */
export const PATH_CALLS: Readonly<Record<string, Describe>> = {
  open: describeOpen,
  readFile: about('read'),
  readdir: about('readdir'),
  opendir: about('readdir'),
  readlink: about('readlink'),
  realpath: about('stat'),
  stat: about('stat'),
  lstat: about('stat'),
  utimes: about('utimes'),
  lutimes: about('utimes'),
  chmod: about('chmod'),
  mkdir: about('mkdir', (path) => ({ op: 'mkdir', path })),
  rmdir: about('rmdir', (path) => ({ op: 'rmdir', path })),
  unlink: about('unlink', (path) => ({ op: 'unlink', path })),
  symlink: ([target, at]) => {
    const path = pathOf(at);
    return { kind: 'symlink', path, done: () => ({ op: 'symlink', path, target: String(target) }) };
  },
  rename: fromTo('rename'),
  link: fromTo('link'),
};

/** Calls that begin with a descriptor, by the name that they have in `node:fs`. */
export const DESCRIPTOR_CALLS: Readonly<Record<string, Describe>> = {
  read: onOpen('read'),
  readv: onOpen('read'),
  fstat: onOpen('stat'),
  futimes: onOpen('utimes'),
  fchmod: onOpen('chmod'),
  fsync: describeSync,
  fdatasync: describeSync,
  write: (args) => ({ ...onOpen('write')(args), done: written }),
  ftruncate: ([fd, length]) => ({
    ...onOpen('truncate')([fd]),
    done: () => ({ op: 'truncate', fd: Number(fd), length: Number(length ?? 0) }),
  }),
  close: ([fd]) => ({
    ...onOpen('close')([fd]),
    done: () => {
      paths.delete(Number(fd));
      return undefined;
    },
  }),
};

/** Methods of FileHandle, and what they are called in `DESCRIPTOR_CALLS`. */
export const HANDLE_CALLS: Readonly<Record<string, string>> = {
  read: 'read',
  readv: 'readv',
  readFile: 'read',
  write: 'write',
  stat: 'fstat',
  utimes: 'futimes',
  chmod: 'fchmod',
  sync: 'fsync',
  datasync: 'fdatasync',
  truncate: 'ftruncate',
  close: 'close',
};

function about(kind: Kind, done?: (path: string) => Happened): Describe {
  return ([at]) => {
    const path = pathOf(at);
    return { kind, path, ...(done === undefined ? {} : { done: () => done(path) }) };
  };
}

function fromTo(op: 'rename' | 'link'): Describe {
  return ([source, target]) => {
    const [from, to] = [pathOf(source), pathOf(target)];
    return { kind: op, path: to, otherPath: from, done: () => ({ op, from, to }) };
  };
}

function onOpen(kind: Kind): Describe {
  return ([fd]) => ({ kind, path: paths.get(Number(fd)) });
}

function describeSync([fd]: readonly unknown[]): Call {
  const path = paths.get(Number(fd)) ?? '';
  return {
    kind: 'fsync',
    path,
    beginning: { op: 'syncing', fd: Number(fd), path },
    done: () => ({ op: 'synced', fd: Number(fd), path }),
  };
}

function describeOpen([at, flags = 'r']: readonly unknown[]): Call {
  const path = pathOf(at);
  const existed = existsSync(path);
  const bits = typeof flags === 'number' ? flags : bitsOf(String(flags));
  return {
    kind: 'open',
    path,
    done: (_, result) => {
      const fd = numberIn(result, 'fd');
      paths.set(fd, path);
      return {
        op: 'open',
        fd,
        path,
        created: !existed && (bits & constants.O_CREAT) !== 0,
        truncated: existed && (bits & constants.O_TRUNC) !== 0,
        append: (bits & constants.O_APPEND) !== 0,
      };
    },
  };
}

function bitsOf(flags: string): number {
  if (flags.startsWith('w')) return constants.O_CREAT | constants.O_TRUNC;
  return flags.startsWith('a') ? constants.O_CREAT | constants.O_APPEND : 0;
}

function written([fd, bytes, offset, , position]: readonly unknown[], result: unknown): Happened {
  const length = numberIn(result, 'bytesWritten');
  // The other forms of `write` take an object or a text; whoever begins to use them must be heard of.
  if (!ArrayBuffer.isView(bytes) || typeof offset === 'object')
    throw new Error('this write is not understood');
  const from = bytes.byteOffset + Number(offset ?? 0);
  return {
    op: 'write',
    fd: Number(fd),
    at: typeof position === 'number' ? position : null,
    length,
    data: Buffer.from(bytes.buffer, from, length).toString('base64'),
  };
}

function numberIn(result: unknown, field: string): number {
  if (typeof result === 'number') return result;
  const found: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, field) : undefined;
  if (typeof found !== 'number') throw new Error(`no ${field} in what the call returned`);
  return found;
}

function pathOf(at: unknown): string {
  return resolve(Buffer.isBuffer(at) ? at.toString() : at instanceof URL ? at.pathname : String(at));
}
