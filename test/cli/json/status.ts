import { withChanges } from '../changes.js';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await withChanges(scratch);
  scratch.write('other/file', 'not tracked');
  await json('status');
  await jsonl('status');
  scratch.remove('data');
  await scratch.ok('checkout', 'data', '--', 'train/*');
  await json('status');
  await jsonl('status');
};
