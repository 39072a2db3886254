import type { Fault } from '../file-system/plan.js';
import type { Random } from '../random.js';

/** A thing that a user does: puts files there (null takes one away), or runs a command. */
export type Step =
  | { readonly put: Readonly<Record<string, Buffer | null>> }
  | { readonly dvs: readonly string[]; readonly fault?: Fault };

/** Every command that writes, on small data that the seed decides, with two that are killed half-way. */
export function scenario(random: Random): Step[] {
  const file = (most: number): Buffer => random.bytes(random.int(most));
  return [
    // The store has its format, and nothing has made that durable.
    { dvs: ['init'], fault: { kind: 'link', nth: 1, matching: '/format', act: 'kill after' } },
    {
      put: {
        'data/a.txt': file(60),
        'data/empty': Buffer.alloc(0),
        'data/in/deep/b.bin': file(3000),
        'data/in/c.bin': file(9000),
        'data/many.bin': random.bytes(70_000 + random.int(30_000)),
      },
    },
    { dvs: ['add', 'data', '-m', 'first'] },
    { put: { 'data/a.txt': file(90), 'data/in/c.bin': null, 'data/new/d.bin': file(500) } },
    { dvs: ['add', 'data'] },
    { put: { 'more/e.bin': file(900), 'more/f.bin': file(900), 'single.bin': file(900), 'data/g': file(9) } },
    { dvs: ['add', 'data', 'more', 'single.bin'] },
    { dvs: ['tag', 'data:v1', 'good'] },
    { dvs: ['checkout', 'data:v1'] },
    { dvs: ['checkout', 'data:latest'] },
    { put: { 'data/a.txt': file(100), 'data/in/c.bin': file(100) } },
    { dvs: ['checkout', 'data:v2', '--force'] },
    { dvs: ['index', 'rebuild'] },
    { put: { 'data/h.bin': file(2000) } },
    // The entry has its name, and nothing has made that durable; the same command then finds nothing new.
    { dvs: ['add', 'data'], fault: { kind: 'link', nth: 1, matching: '/log/', act: 'kill after' } },
    { dvs: ['add', 'data'] },
    { put: { 'more/e.bin': file(1200) } },
    { dvs: ['add'], fault: { kind: 'write', nth: 1 + random.int(12), act: 'kill before' } },
    { dvs: ['add'] },
    { dvs: ['checkout', 'data:v1', 'elsewhere'] },
    { dvs: ['checkout', 'data:v1'], fault: { kind: 'rename', nth: 2 + random.int(3), act: 'kill before' } },
    { dvs: ['checkout', 'data:v1'] },
    { put: { 'data/i': file(300) } },
    // The next entry follows one that nothing has made durable.
    { dvs: ['add', 'data'], fault: { kind: 'link', nth: 1, matching: '/log/', act: 'kill after' } },
    { put: { 'data/i': file(400) } },
    { dvs: ['add', 'data'] },
    { dvs: ['tag', '-d', 'data:good'] },
    { dvs: ['verify'] },
  ];
}

/** The shortest that can go wrong in the same ways. */
export function shortScenario(random: Random): Step[] {
  return [
    { put: { 'data/a': random.bytes(20), 'data/b/c': random.bytes(20) } },
    // The store has its format, and nothing has made that durable.
    { dvs: ['init'], fault: { kind: 'link', nth: 1, matching: '/format', act: 'kill after' } },
    { dvs: ['add', 'data'] },
    { put: { 'data/a': random.bytes(30) } },
    { dvs: ['add', 'data'], fault: { kind: 'link', nth: 1, matching: '/log/', act: 'kill after' } },
    { dvs: ['add', 'data'] },
    { dvs: ['checkout', 'data:v1'] },
  ];
}
