import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json }) => {
  await scratch.addData();
  scratch.write('more.txt', 'more\n');
  await json('put', 'more.txt', 'data/train/', '-n');
  await json('put', 'more.txt', 'data/train/');
  scratch.write('data/train/0.txt', 'never added');
  await json('put', 'more.txt', 'data/train/0.txt');
};
