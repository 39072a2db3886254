import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('checkout', 'data:v1', 'out');
  scratch.write('data/new', 'never added');
  await json('checkout', '--force');
  scratch.write('w.bin', 'w');
  await scratch.ok('add', 'w.bin');
  await json('checkout');
  await jsonl('checkout');
  scratch.remove('data');
  await scratch.ok('checkout', 'data', '--', 'train/*');
  await json('checkout');
};
