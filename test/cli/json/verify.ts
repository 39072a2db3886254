import { truncateSync } from 'node:fs';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('verify');
  await jsonl('verify', 'data');
  truncateSync(scratch.path('.dvs/log/0000000000000001'), 50);
  await json('verify');
  await jsonl('verify');
};
