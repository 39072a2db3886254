import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  await scratch.shell('git init -q');
  await scratch.ok('install');
  await json('uninstall', '-n');
  await json('uninstall');
  await jsonl('uninstall');
};
