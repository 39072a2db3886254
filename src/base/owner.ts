import { hash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ioError, systemCode } from './errors.js';

/** A process, so told that others can find out whether it still lives. */
export interface Owner {
  readonly pid: number;
  /** When it started, in the kernel's own unit; `0` where that cannot be learnt. */
  readonly started: string;
  /** Where its pid means something: the host's name and a digest of what tells it from its namesakes. */
  readonly place: string;
}

const OWNED_NAME = /^([1-9]\d{0,9})\.(\d{1,20})\.[0-9a-f-]{36}\.([A-Za-z0-9-]{1,60})$/;

let self: Owner | undefined;

/** This process. */
export function describeOwner(): Owner {
  self ??= { pid: process.pid, started: processStat(process.pid)?.started ?? '0', place: describePlace() };
  return self;
}

/** True when `owner` belongs to this host, so that this process can judge whether it lives. */
export function isHere(owner: Owner): boolean {
  return owner.place === describeOwner().place;
}

/** False only when it is certain that the process has ended: on another host nothing is. */
export function isOwnerAlive(owner: Owner): boolean {
  if (!isHere(owner)) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  const found = processStat(owner.pid);
  if (found === undefined) return true;
  const isReused = owner.started !== '0' && owner.started !== found.started;
  return !isReused && !found.isZombie;
}

/** A name that nothing else has or will have, and that tells who made it: for temporary files and folders. */
export function ownedName(): string {
  const { pid, started, place } = describeOwner();
  return `${pid}.${started}.${randomUUID()}.${place}`;
}

/** Who made a file or folder of this name; undefined for names that `ownedName` never gave. */
export function ownerOf(name: string): Owner | undefined {
  const [, pid, started, place] = OWNED_NAME.exec(name) ?? [];
  if (pid === undefined || started === undefined || place === undefined) return undefined;
  return { pid: Number(pid), started, place };
}

/**
 * Removes what ended processes of this host left in `folder`: files and folders with an `ownedName`. All else
 * stays. Returns how many it removed.
 */
export async function sweepTemp(folder: string): Promise<number> {
  let swept = 0;
  try {
    for (const name of await readdir(folder)) {
      const owner = ownerOf(name);
      if (owner === undefined || isOwnerAlive(owner)) continue;
      await rm(join(folder, name), { recursive: true, force: true });
      swept++;
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw ioError(error, 'sweeping', folder);
  }
  return swept;
}

interface ProcessStat {
  readonly started: string;
  readonly isZombie: boolean;
}

/** What Linux tells of a process, see proc(5); undefined elsewhere, or when it tells nothing. */
function processStat(pid: number): ProcessStat | undefined {
  const text = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The second field, in parentheses, is chosen by the process and may hold anything, `)` included.
  const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const started = rest[18];
  if (started === undefined || !/^\d+$/.test(started)) return undefined;
  return { started, isZombie: state === 'Z' || state === 'X' };
}

function describePlace(): string {
  const name = hostname();
  const machine = tryRead(() => readFileSync('/etc/machine-id', 'latin1'));
  // Containers may share name and machine, but then count their processes apart.
  const pids = tryRead(() => readlinkSync('/proc/self/ns/pid'));
  const digest = hash('sha256', [name, machine, pids].join('\0')).slice(0, 8);
  return `${name.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 50)}-${digest}`;
}

function tryRead(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return ''; // not every system has such a file, and none must show it
  }
}
