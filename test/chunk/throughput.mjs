// node test/chunk/throughput.mjs: GB/s on this machine of scanning, cutting and hashing, the best of ten runs.
import { randomFillSync } from 'node:crypto';
import { Cutter } from '#src/chunk/cuts.js';
import { chunkHash, implementation } from '#src/chunk/hash.js';
import { TARGET_CHUNK, WINDOW } from '#src/chunk/limits.js';
import { GearScanner } from '#src/chunk/scanner.js';

const SIZE = 64 * 2 ** 20;
const STRETCH = 4 * 2 ** 20;

const dataAt = GearScanner.memoryNeeded() + WINDOW;
const pages = Math.ceil((dataAt + SIZE) / 65536);
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const scanner = new GearScanner(memory, 0, GearScanner.tableBytes);
const bytes = new Uint8Array(memory.buffer, dataAt, SIZE);
bytes.set(randomFillSync(Buffer.alloc(SIZE)));

function measure(what, run) {
  const seconds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  console.log(`${what}: ${(SIZE / Math.min(...seconds) / 1e9).toFixed(2)} GB/s`);
}

measure('candidates by gear.wasm', () => {
  for (let at = 0; at < SIZE; at += STRETCH) scanner.scan(dataAt + at, STRETCH);
});
measure('cuts by plain TypeScript', () => new Cutter().pushBytes(bytes));
measure(`chunk hashes, ${implementation()}`, () => {
  for (let at = 0; at < SIZE; at += TARGET_CHUNK) chunkHash(bytes.subarray(at, at + TARGET_CHUNK));
});
