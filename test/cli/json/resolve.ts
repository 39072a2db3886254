import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('resolve', 'data:v1');
  await jsonl('resolve', 'data:v1/train/0.txt');
  await json('resolve', 'data:v1', 'dat');
  await jsonl('resolve', 'data:v1', 'dat');
};
