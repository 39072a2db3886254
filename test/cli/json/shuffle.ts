import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('shuffle', 'data', '--seed', '42', '--name', 'order');
  await scratch.ok('split', 'data', '--parts', 'all=1', '--seed', '42', '--name', 'all');
  await jsonl('shuffle', 'all/all', '--seed', '42', '--tail', 'drop');
};
