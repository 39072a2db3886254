import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Kept } from '#cli/kept.js';
import { Written } from '#src/store/written.js';
import { type Ran, Scratch } from './support.js';

const MIB = 1 << 20;

/** Runs dvs and sends it a signal once the shell command `until` succeeds; 0 when it ended before. */
function interrupted(scratch: Scratch, args: string, until: string, signal = 'INT'): Promise<Ran> {
  return scratch.shell(
    `$DVS ${args} & child=$!; until ${until} || ! kill -0 $child; do sleep 0.002; done 2>/dev/null; ` +
      `kill -${signal} $child 2>/dev/null; wait $child`,
  );
}

describe('what is said to stay', () => {
  const event = (phase: string, items: number) => ({ phase, items, bytes: 0 });

  test.each([
    ['nothing, when only something was read', ['reading', 'checking'], {}, 'nothing was changed'],
    [
      'packs that count already',
      ['reading'],
      { bytes: 3 * MIB },
      '3.0 MiB are in the store and will not be stored again',
    ],
    ['a version', ['reading'], { bytes: MIB, commits: 1 }, 'it was recorded'],
    ['a commit on its way', ['reading'], { isUncertain: true }, '`dvs log` tells whether it was recorded'],
    ['a checkout that has just begun', ['writing 0'], {}, 'files were about to be written'],
    ['files', ['writing 0', 'writing 256', 'writing 300'], {}, 'at least 300 files in place'],
    [
      'files of several places',
      ['writing 0', 'writing 2', 'writing 0', 'writing 1'],
      {},
      'at least 3 files in place',
    ],
  ])('%s', (_, events, written, said) => {
    const kept = new Kept();
    const take = kept.following(undefined);
    for (const text of events) {
      const [phase = '', items] = text.split(' ');
      take(event(phase, Number(items ?? 0)));
    }
    expect(kept.describe(Object.assign(new Written(), written))).toBe(said);
  });
});

describe('Ctrl-C', () => {
  test('during an add leaves no trace, and the next add goes on', async () => {
    const scratch = await Scratch.withData();
    scratch.write('big.bin', Buffer.alloc(64 * MIB, 'x'));
    const { status, stderr } = await interrupted(scratch, 'add big.bin', 'ls .dvs/tmp | grep -q "^$child"');
    expect({ status, stderr }).toEqual({
      status: 130,
      stderr: 'dvs: interrupted: nothing was changed [E_INTERRUPTED]\nRun the same command again to go on.\n',
    });
    expect(readdirSync(scratch.path('.dvs/tmp'))).toEqual([]);
    expect(await scratch.ok('log', '-q')).toBe(await scratch.ok('resolve', 'data'));
    expect(await scratch.ok('add', 'big.bin')).toContain('big.bin:v1');
  });

  test('during a checkout says how many files are in place; the next one writes only the others', async () => {
    const scratch = await Scratch.empty();
    const files = 2400;
    await scratch.ok('init');
    for (let i = 0; i < files; i++) scratch.write(`data/${i % 40}/${i}`, `file ${i}\n`);
    await scratch.ok('add', 'data', '-q');
    scratch.remove('data');
    const many = `[ "$(find data -type f 2>/dev/null | wc -l)" -gt 600 ]`;
    const { status, stderr } = await interrupted(scratch, 'checkout -j 1', many);
    expect(status).toBe(130);
    const said = /^dvs: interrupted: at least ([\d,]+) files in place \[E_INTERRUPTED\]\n/.exec(stderr)?.[1];
    const there = (await scratch.shell('find data -type f | wc -l')).stdout.trim();
    const claimed = Number(said?.replace(',', ''));
    expect(claimed).toBeGreaterThan(0);
    expect(claimed).toBeLessThanOrEqual(Number(there));
    expect(Number(there)).toBeLessThan(files);
    expect(readdirSync(scratch.path('.dvs/tmp'))).toEqual([]);
    const { written, unchanged } = await scratch.json('checkout');
    expect({ written, unchanged }).toEqual({ written: files - Number(there), unchanged: Number(there) });
    expect(await scratch.ok('status')).toContain('clean');
  });

  test('during what only reads changes nothing', async () => {
    const scratch = await Scratch.withData();
    await scratch.shell('truncate -s 1G data/big.bin'); // a second's reading, and no room on the disk
    const before = scratch.snapshot('.dvs/log');
    const reading = 'grep -q "rchar: [0-9]\\{8\\}" /proc/$child/io';
    for (const command of ['status', 'diff', 'add --dry-run']) {
      const { status, stdout, stderr } = await interrupted(scratch, command, reading);
      expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
      expect(stderr).toContain('interrupted: nothing was changed');
    }
    expect(scratch.snapshot('.dvs/log')).toEqual(before);
  });

  test('is told as errors are, with --json', async () => {
    const scratch = await Scratch.withData();
    scratch.write('big.bin', Buffer.alloc(64 * MIB, 'x'));
    const { status, stderr } = await interrupted(
      scratch,
      'add --json big.bin',
      'ls .dvs/tmp | grep -q "^$child"',
    );
    expect(status).toBe(130);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'E_INTERRUPTED' } });
  });

  test.each([
    ['TERM', 143],
    ['HUP', 129],
  ])('and SIG%s end it alike, with a status of its own', async (signal, expected) => {
    const scratch = await Scratch.withData();
    scratch.write('big.bin', Buffer.alloc(64 * MIB, 'x'));
    const { status, stderr } = await interrupted(
      scratch,
      'add big.bin',
      'ls .dvs/tmp | grep -q "^$child"',
      signal,
    );
    expect(status).toBe(expected);
    expect(stderr).toContain('nothing was changed');
  });
});
