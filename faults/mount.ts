import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';

/** Runs a command of the system; throws what it said when it fails. */
export function system(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

/** Why nothing can be mounted here; undefined where it can. */
export function whyNoMounts(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux can mount what it takes';
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'dvs-faults', '/mnt']);
  return status === 0 ? undefined : 'no right to mount';
}

/** Runs `work` with something mounted on `path`; it is unmounted whatever happens. */
export async function mounted<T>(path: string, args: readonly string[], work: () => Promise<T>): Promise<T> {
  system('mount', ...args, path);
  try {
    return await work();
  } finally {
    unmount(path);
  }
}

export function unmount(path: string): void {
  // Lazily, when somebody still has a file open there: the mount must not outlive the run.
  if (spawnSync('umount', [path]).status !== 0) system('umount', '--lazy', path);
}

/** A file system in memory with so many KiB. */
export function tmpfs(kib: number): string[] {
  return ['-t', 'tmpfs', '-o', `size=${kib}k`, 'dvs-faults'];
}

export function resize(path: string, kib: number): void {
  system('mount', '-o', `remount,size=${kib}k`, path);
}

/** KiB in use in the file system of `path`. */
export function usedKib(path: string): number {
  const { blocks, bfree, bsize } = statfsSync(path);
  return ((blocks - bfree) * bsize) / 1024;
}
