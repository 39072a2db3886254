import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await scratch.ok('checkout', 'data', 'out', '--link', 'hardlink');
  await json('unprotect', 'out');
  await jsonl('unprotect');
};
