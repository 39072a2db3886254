import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await scratch.ok('tag', 'data:v1', 'prod');
  const { madeBy } = await json('show', 'data:v1');
  await json('show', ...madeBy);
  await jsonl('show', 'data:v1/train/0.txt');
};
