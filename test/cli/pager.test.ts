import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ran, Scratch } from './support.js';

/** A dataset of thirty files. Nothing here changes it. */
let scratch: Scratch;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.ok('init');
  for (let i = 0; i < 30; i++) scratch.write(`data/${String(i).padStart(2, '0')}.txt`, `${i}\n`);
  scratch.write('other/x', 'x');
  await scratch.ok('add', 'data', 'other');
  // Marks what went through it, and tells how it was started.
  scratch.write('pager', '#!/bin/sh\necho "pager $* LESS=$LESS"; sed "s/^/> /"\n');
  chmodSync(scratch.path('pager'), 0o755);
});

afterAll(() => remove());

/** Runs a line of shell on a terminal of ten rows, with a pager that marks what it shows. */
function onTerminal(line: string, pager = './pager'): Promise<Ran> {
  return scratch.shell(`script -qec "stty rows 10 cols 80; ${line}" /dev/null < /dev/null`, {
    env: { DVS_PAGER: pager, TERM: 'xterm' },
  });
}

const lines = ({ stdout }: Ran): string[] => stdout.replaceAll('\r', '').split('\n').slice(0, -1);

test('more than a screen goes to the pager, with its options and what less needs', async () => {
  const ran = await onTerminal('$DVS ls data', './pager -x');
  expect(ran.status).toBe(0);
  expect(lines(ran)[0]).toBe('pager -x LESS=FRX');
  expect(lines(ran).slice(1)).toHaveLength(30);
  for (const line of lines(ran).slice(1)) expect(line).toMatch(/^> .*\.txt$/);
  expect(ran.stdout).toContain('\x1b[36m');
});

test('a screen or less does not, and neither does --no-pager, --jsonl or cat', async () => {
  for (const line of ['ls', 'ls data --no-pager', 'ls data --jsonl', 'cat data/00.txt', 'status']) {
    expect((await onTerminal(`$DVS ${line}`)).stdout).not.toContain('LESS=');
  }
  expect((await scratch.run(['ls', 'data'], { env: { DVS_PAGER: './pager' } })).stdout).not.toContain(
    'pager',
  );
});

test('what only a shell understands is run by one, and LESS is left as it is', async () => {
  const ran = await onTerminal('LESS=X $DVS ls data', './pager | tail -n 1');
  expect(lines(ran)).toEqual([expect.stringMatching(/^> .*29\.txt$/)]);
  expect((await onTerminal('LESS=X $DVS ls data')).stdout).toContain('LESS=X');
});

test('leaving it early is no error, and the exit status is that of the answer', async () => {
  const ran = await onTerminal('$DVS ls data', 'head -n 1');
  expect([ran.status, lines(ran).length]).toEqual([0, 1]);
  expect((await onTerminal('$DVS diff --exit-code data other', 'head -n 1')).status).toBe(1);
});

test('without it everything is printed all the same', async () => {
  const ran = await onTerminal('$DVS ls data', 'no-such-pager -x');
  expect(lines(ran)[0]).toContain('no-such-pager -x cannot be run');
  expect(lines(ran)).toHaveLength(31);
});

test('Ctrl-C waits for the pager, which has the terminal', async () => {
  scratch.write('slow', '#!/bin/sh\ntrap "" INT\ncat > /dev/null\nkill -INT $PPID\nsleep 0.3\necho left\n');
  chmodSync(scratch.path('slow'), 0o755);
  const ran = await onTerminal('$DVS ls data', './slow');
  expect(ran.status).toBe(130);
  expect(lines(ran).slice(0, 2)).toEqual(['left', expect.stringContaining('[E_INTERRUPTED]')]);
});
