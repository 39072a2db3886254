import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await jsonl('untrack', 'data', '-n');
  await json('untrack', 'data');
};
