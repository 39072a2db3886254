import { spawnSync } from 'node:child_process';

/** The first number with dots in what a program says about its version; nothing when there is no such program. */
export function versionOf(file: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8' });
  return status === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown') : undefined;
}
