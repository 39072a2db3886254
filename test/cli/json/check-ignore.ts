import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  scratch.write('.dvsignore', '*.tmp\n!keep.tmp\n');
  await json('check-ignore', 'a.tmp', 'keep.tmp', 'b.txt');
  await jsonl('check-ignore', 'a.tmp', 'b.txt');
};
