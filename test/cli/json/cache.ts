import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await json('cache', 'ls');
  await scratch.ok('checkout', 'data', 'out', '--link', 'hardlink');
  await json('cache', 'ls');
  await jsonl('cache', 'ls');
  await json('cache', 'prune', '-n');
  const root = join(scratch.home, '.cache/dvs/files/v1');
  const name = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((name) =>
    /[0-9a-f]{64}$/.test(name),
  );
  chmodSync(join(root, String(name)), 0o644);
  writeFileSync(join(root, String(name)), 'changed');
  await json('cache', 'verify');
  await jsonl('cache', 'verify');
  await jsonl('cache', 'prune', '--all');
};
