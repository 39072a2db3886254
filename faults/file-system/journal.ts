import { readFileSync } from 'node:fs';

/** What happened, told when it was complete and before the caller heard of it. */
export type Happened =
  | { readonly op: 'open'; fd: number; path: string; created: boolean; truncated: boolean; append: boolean }
  /** `at` is null for the position of the descriptor; `data` is base64, empty where it was not asked for. */
  | { readonly op: 'write'; fd: number; at: number | null; length: number; data: string }
  | { readonly op: 'truncate'; fd: number; length: number }
  /** An fsync is told twice, because only what was written before it began is durable after it. */
  | { readonly op: 'syncing'; fd: number; path: string }
  | { readonly op: 'synced'; fd: number; path: string }
  | { readonly op: 'rename' | 'link'; from: string; to: string }
  | { readonly op: 'symlink'; path: string; target: string }
  | { readonly op: 'unlink' | 'mkdir' | 'rmdir'; path: string }
  /** A call that was made to go wrong. */
  | { readonly op: 'fault'; kind: string; path: string }
  /** At the end of a process: how many calls of each kind all its threads made. */
  | { readonly op: 'calls'; counts: Readonly<Record<string, number>> }
  /** Told by who runs the commands: a file that was put there and lasts. */
  | { readonly op: 'put'; path: string; data: string | null }
  /** Told by who runs the commands: one begins, or ended so. */
  | { readonly op: 'begin'; command: string }
  | { readonly op: 'end'; command: string; code: number | null };

export type Entry = Happened & { readonly pid: number };

/** The line of a journal; one written to its end at once does not mix with those of other threads and processes. */
export function journalLine(happened: Happened): string {
  return `${JSON.stringify({ ...happened, pid: process.pid })}\n`;
}

/** A journal, in the order in which things were complete. */
export function readJournal(journal: string): Entry[] {
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Entry => JSON.parse(line)); // written by `journalLine` alone
}
