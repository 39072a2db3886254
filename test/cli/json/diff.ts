import { withChanges } from '../changes.js';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await withChanges(scratch);
  await json('diff');
  await json('diff', 'data:v1');
  await jsonl('diff');
  await json('diff', 'data:v1', 'data:v1');
};
