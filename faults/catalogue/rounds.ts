import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Round } from './round.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const LIMIT_MS_A_ROUND = 5_000;

/** Runs rounds in processes of their own; one that ends before its last round is a fault of the round it was in. */
export async function runRounds(
  seed: number,
  { first, rounds, child = CHILD }: { first: number; rounds: number; child?: string },
): Promise<Round[]> {
  const over: Round[] = [];
  while (over.length < rounds) {
    const next = first + over.length;
    const { printed, ended } = await runChild(child, [seed, next, rounds - over.length]);
    const told = printed.split('\n').slice(0, -1).map(parseRound);
    over.push(...told.filter((round) => round.over));
    if (ended === '0') continue;
    const last = told.at(-1);
    if (last === undefined || last.over) throw new Error(`a process ended with ${ended} before it began`);
    over.push({ ...last, over: true, wrong: `the process ended with ${ended}` });
  }
  return over;
}

function parseRound(line: string): Round {
  return JSON.parse(line);
}

async function runChild(
  child: string,
  numbers: readonly number[],
): Promise<{ printed: string; ended: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'dvs-faults-'));
  try {
    const process_ = spawn(process.execPath, [child, folder, ...numbers.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000 + LIMIT_MS_A_ROUND * (numbers.at(-1) ?? 0),
      killSignal: 'SIGKILL',
    });
    const ended = new Promise<string>((resolve, reject) => {
      process_.on('error', reject);
      process_.on('close', (code, signal) => resolve(signal ?? String(code)));
    });
    return { printed: await text(process_.stdout), ended: await ended };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
