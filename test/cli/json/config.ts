import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  await json('config', 'set', 'core.jobs', '2');
  await json('config', 'list');
  await json('config', 'get', 'core.jobs');
  await jsonl('config', 'list');
  await json('config', 'unset', 'core.jobs');
};
