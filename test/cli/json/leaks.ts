import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.ok('init');
  scratch.write('rows/a.csv', 'id,text\n1,yes\n');
  scratch.write('rows/b.csv', 'id,text\n2,YES\n');
  await scratch.ok('add', 'rows');
  await scratch.ok('split', 'rows', '--column', 'path:([ab])', '--name', 'files');
  await json('leaks', 'files', '--ignore', 'id');
  await jsonl('leaks', 'files', '--dry-run');
};
