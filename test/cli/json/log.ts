import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await scratch.ok('tag', 'data:v1', 'prod');
  await scratch.ok('tag', '-d', 'data:prod');
  await json('log');
  await jsonl('log', 'data');
  await json('log', '--stat');
  await json('log', '--graph', '--stat');
};
