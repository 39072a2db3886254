import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describe as describeEvent, ProgressLine, type Screen } from '#cli/progress.js';

const MIB = 1 << 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A screen that keeps what was written. */
function screen(isTTY: boolean): { stream: Screen; text: () => string } {
  const written: string[] = [];
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { stream, text: () => written.join('') };
}

describe('on a terminal', () => {
  test('shows nothing for what is over in half a second', () => {
    const { stream, text } = screen(true);
    const line = new ProgressLine(stream);
    line.report({ phase: 'reading', bytes: 0, items: 0 });
    vi.advanceTimersByTime(499);
    line.report({ phase: 'reading', bytes: MIB, items: 1 });
    line.clear();
    expect(text()).toBe('');
  });

  test('redraws one line, no wider than the terminal, and takes it away', () => {
    const { stream, text } = screen(true);
    const line = new ProgressLine(stream);
    line.report({ phase: 'reading', bytes: 0, items: 0 });
    vi.advanceTimersByTime(1000);
    line.report({ phase: 'reading', bytes: 4 * MIB, totalBytes: 8 * MIB, items: 3 });
    line.report({ phase: 'reading', bytes: 5 * MIB, totalBytes: 8 * MIB, items: 3 });
    line.clear();
    line.clear();
    const drawn = describeEvent({ phase: 'reading', bytes: 4 * MIB, totalBytes: 8 * MIB, items: 3 }, 1);
    expect(text()).toBe(`\r\x1b[K${drawn.slice(0, 59)}\r\x1b[K`);
  });
});

test('elsewhere prints a line every five seconds', () => {
  const { stream, text } = screen(false);
  const line = new ProgressLine(stream);
  for (let second = 0; second <= 11; second++) {
    line.report({ phase: 'checking', bytes: second * MIB, items: second });
    vi.advanceTimersByTime(1000);
  }
  line.clear();
  expect(text()).toBe('checking 5.0 MiB, 5 objects, 1.0 MiB/s\nchecking 10.0 MiB, 10 objects, 1.0 MiB/s\n');
});

test('a new phase starts anew', () => {
  const { stream, text } = screen(false);
  const line = new ProgressLine(stream);
  line.report({ phase: 'reading', bytes: 0, items: 0 });
  vi.advanceTimersByTime(4000);
  line.report({ phase: 'writing', bytes: 0, items: 0 });
  vi.advanceTimersByTime(4000);
  line.report({ phase: 'writing', bytes: MIB, items: 1 });
  expect(text()).toBe('');
});

test('with a total there is a bar and the time left', () => {
  expect(describeEvent({ phase: 'writing', bytes: MIB, totalBytes: 4 * MIB, items: 2 }, 2)).toBe(
    'writing [#####               ] 1.0 MiB of 4.0 MiB, 2 files, 512.0 KiB/s, 6 s left',
  );
});
