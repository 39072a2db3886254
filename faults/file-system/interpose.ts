import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { type Call, DESCRIPTOR_CALLS, HANDLE_CALLS, PATH_CALLS } from './calls.js';
import { bytesOf, COMPOSED, makeFoldersWith } from './composed.js';
import type { Fate } from './trouble.js';

/** Who watches the calls of the file system. */
export interface Watcher {
  /** Before a call; what it returns is what becomes of the call. */
  before(call: Call, args: readonly unknown[]): Fate;
  /** When it is done, and before its caller hears of it. Does not return when the process is to end. */
  after(call: Call, fate: Fate, result: unknown): void;
}

type Describe = (args: readonly unknown[]) => Call;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Replaces the calls of `node:fs` that dvs makes, in every form, by ones that the watcher sees. Node's own modules
 * go on as they did.
 */
export async function interpose(watcher: Watcher): Promise<void> {
  const handles = await prototypeOfHandles();
  for (const [name, describe] of Object.entries(PATH_CALLS)) {
    replace(fs, `${name}Sync`, (original) => synchronous(original, describe, watcher));
    replace(fs, name, (original) => withCallback(original, describe, watcher));
    replace(promises, name, (original) => asynchronous(original, describe, watcher));
  }
  for (const [name, describe] of Object.entries(DESCRIPTOR_CALLS)) {
    replace(fs, `${name}Sync`, (original) => synchronous(original, describe, watcher));
    replace(fs, name, (original) => withCallback(original, describe, watcher));
  }
  for (const [name, call] of Object.entries(HANDLE_CALLS)) {
    const describe = DESCRIPTOR_CALLS[call];
    if (describe !== undefined) replace(handles, name, (original) => ofHandle(original, describe, watcher));
  }
  replaceWholeWrites(handles);
  const { mkdirSync } = fs;
  makeFoldersWith((path) => mkdirSync(path));
  for (const [name, act] of Object.entries(COMPOSED)) {
    replace(fs, `${name}Sync`, () => act);
    replace(
      promises,
      name,
      () =>
        async (...args) =>
          act(...args),
    );
  }
  syncBuiltinESMExports();
}

function replace(of: object, name: string, by: (original: Method) => Method): void {
  const original: unknown = Reflect.get(of, name);
  if (typeof original !== 'function') return; // not every call has every form
  const method = by(function (...args) {
    return Reflect.apply(original, this, args);
  });
  // Some carry more, such as `realpath.native`.
  Reflect.set(of, name, Object.assign(method, original));
}

/** True within a call, because node makes some of its calls by others. */
let isWithin = false;

function synchronous(original: Method, describe: Describe, watcher: Watcher): Method {
  return function (...args) {
    if (isWithin) return Reflect.apply(original, this, args);
    isWithin = true;
    try {
      const call = describe(args);
      const fate = watcher.before(call, args);
      const result = fate.args && Reflect.apply(original, this, [...fate.args]);
      watcher.after(call, fate, result);
      if (fate.error !== undefined) throw fate.error;
      return result;
    } finally {
      isWithin = false;
    }
  };
}

function asynchronous(original: Method, describe: Describe, watcher: Watcher): Method {
  return async function (...args) {
    const call = describe(args);
    const fate = watcher.before(call, args);
    const result: unknown = fate.args && (await Reflect.apply(original, this, [...fate.args]));
    watcher.after(call, fate, result);
    if (fate.error !== undefined) throw fate.error;
    return result;
  };
}

function ofHandle(original: Method, describe: Describe, watcher: Watcher): Method {
  const withoutFd: Method = function (_fd, ...args) {
    return Reflect.apply(original, this, args);
  };
  const watched = asynchronous(withoutFd, describe, watcher);
  return function (...args) {
    return Reflect.apply(watched, this, [fdOf(this), ...args]);
  };
}

function withCallback(original: Method, describe: Describe, watcher: Watcher): Method {
  return function (...given) {
    const callback = given.at(-1);
    if (isWithin || typeof callback !== 'function') return Reflect.apply(original, this, given);
    const args = given.slice(0, -1);
    const call = describe(args);
    const fate = watcher.before(call, args);
    const done = (error: unknown, ...results: unknown[]): void => {
      if (error === null || error === undefined) watcher.after(call, fate, results[0]);
      Reflect.apply(callback, undefined, [error ?? fate.error ?? null, ...results]);
    };
    if (fate.args === undefined) setImmediate(done, null);
    else Reflect.apply(original, this, [...fate.args, done]);
    return undefined;
  };
}

/** Makes the writes of a whole file out of `write`, so that they can be cut in two. */
function replaceWholeWrites(handles: object): void {
  const writeAll: Method = async function (data) {
    const bytes = bytesOf(data);
    const write: unknown = Reflect.get(Object(this), 'write');
    if (typeof write !== 'function') throw new Error('this handle cannot write');
    for (let at = 0; at < bytes.length; ) {
      const result: unknown = await Reflect.apply(write, this, [bytes, at, bytes.length - at, null]);
      at += Number(Reflect.get(Object(result), 'bytesWritten'));
    }
  };
  for (const name of ['writeFile', 'appendFile']) replace(handles, name, () => writeAll);
}

async function prototypeOfHandles(): Promise<object> {
  const handle = await promises.open(process.execPath, 'r');
  try {
    const prototype: unknown = Reflect.getPrototypeOf(handle);
    if (typeof prototype !== 'object' || prototype === null) throw new Error('handles have no prototype');
    return prototype;
  } finally {
    await handle.close();
  }
}

function fdOf(handle: unknown): number {
  return Number(Reflect.get(Object(handle), 'fd'));
}
