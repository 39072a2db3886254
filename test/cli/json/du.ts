import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('du');
  await json('du', 'data');
  await json('du', 'data:v1/train');
  await jsonl('du', 'data', '--by', 'folder');
};
