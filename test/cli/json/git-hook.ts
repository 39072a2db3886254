import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  for (const name of ['more', 'other']) {
    scratch.write(`${name}/f`, name);
    await scratch.ok('add', name);
  }
  await scratch.shell(
    'git init -q && git add dvs.lock && git -c user.name=ada -c user.email=a@b commit -qm all && git update-ref ORIG_HEAD HEAD',
  );
  scratch.write('data/labels.csv', 'second\n');
  scratch.write('more/f', 'second');
  await scratch.ok('add');
  await scratch.ok('untrack', 'other');
  const lock = scratch.read('dvs.lock');
  await scratch.ok('checkout', 'data:v1');
  await scratch.ok('checkout', 'more:v1');
  scratch.write('more/f', 'never added');
  scratch.write('dvs.lock', lock);
  await json('git-hook', 'post-merge', './', '0');
  await jsonl('git-hook', 'post-checkout', './', 'HEAD', 'HEAD', '0');
};
