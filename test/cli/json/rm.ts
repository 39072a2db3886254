import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json }) => {
  await scratch.addData();
  scratch.write('data/labels.csv', 'never added');
  await json('rm', 'data/train/0.txt');
  await json('rm', 'data/labels.csv');
};
