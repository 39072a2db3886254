import { symlinkSync } from 'node:fs';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  scratch.write('data/kept', 'kept');
  symlinkSync('kept', scratch.path('data/link'));
  await json('add', 'data', '-n');
  await json('add', 'data');
  scratch.write('w.bin', 'w');
  scratch.write('v.bin', 'v');
  await json('add', 'w.bin', 'v.bin');
  scratch.write('w.bin', 'other');
  await jsonl('add');
};
