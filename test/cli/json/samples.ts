import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('samples', 'data');
  await json('samples', 'data', '--reader', 'files', '--name', 'files');
  await jsonl('samples', 'data/train', '--label', 'parent');
};
