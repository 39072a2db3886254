import { symlinkSync } from 'node:fs';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  scratch.write('data/train/0.txt', 'zero');
  symlinkSync('train', scratch.path('data/link'));
  await scratch.ok('init');
  await scratch.ok('add', 'data');
  await json('ls');
  await json('ls', 'data');
  await json('ls', 'data', '--folders');
  await jsonl('ls', 'data');
  await jsonl('ls');
};
