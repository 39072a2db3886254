import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json }) => {
  await scratch.addData();
  await json('mv', 'data/train', 'data/test');
  await json('mv', 'data', 'raw');
  scratch.write('raw/labels.csv', 'never added');
  await json('mv', 'data/labels.csv', 'data/names.csv');
};
