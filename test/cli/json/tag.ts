import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('tag', 'data:v1', 'prod');
  await json('tag', 'data');
  await jsonl('tag', 'data');
  await json('tag', '-d', 'data:prod');
};
