import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await jsonl('untrack', 'data', '-n');
  scratch.remove('data');
  await scratch.ok('checkout', 'data', '--', 'train/*');
  await json('untrack', 'data');
};
