import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  scratch.write('w.bin', 'base');
  await scratch.ok('add', 'w.bin');
  scratch.write('base', scratch.read('dvs.lock'));
  for (const side of ['theirs', 'ours']) {
    scratch.write(`data/${side}.txt`, side);
    scratch.write('w.bin', side);
    await scratch.ok('add');
    scratch.write(side, scratch.read('dvs.lock'));
  }
  await json('merge-driver', 'base', 'ours', 'theirs');
  await jsonl('merge-driver', 'base', 'base', 'base');
};
