import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await scratch.ok('shuffle', 'data', '--reader', 'files', '--seed', '42', '--name', 'order');
  await json('order', 'order');
  await jsonl('order', 'order@3.1', '--rank', '1', '--world', '2', '--tail', 'pad');
  await json('order', 'order', '--where', 'labels.csv');
  await jsonl('order', 'order', '--where', '0', '--world', '2');
};
