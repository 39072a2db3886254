import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  scratch.write('data/labels.csv', 'theirs\n');
  scratch.write('data/more.txt', 'more\n');
  await scratch.ok('add');
  await scratch.ok('checkout', 'data:v1');
  scratch.write('data/labels.csv', 'ours\n');
  await scratch.ok('add');
  await json('merge', 'data:v1', 'data', 'data:v2', '-n');
  await json('merge', 'data:v1', 'data', 'data:v2');
  await jsonl('merge', 'data:v1', 'data:v2', 'data:v2', '--name', 'other');
};
