import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  await scratch.shell('git init -q');
  await json('install', '-n');
  await json('install');
  await jsonl('install');
};
