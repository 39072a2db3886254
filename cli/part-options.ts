import { InvalidArgumentError } from 'commander';

const WEIGHT = /^(?:0|[1-9]\d*)$/;

/** Parses `train=8,val=1,test=1`. What weights may be is for the library to say. */
export function partWeights(text: string): { name: string; weight: number }[] {
  return text.split(',').map((part) => {
    const [name = '', weight = '', ...more] = part.split('=').map((side) => side.trim());
    if (name === '' || more.length > 0) throw new InvalidArgumentError('Write it as train=8,val=1,test=1.');
    if (!WEIGHT.test(weight) || !Number.isSafeInteger(Number(weight)))
      throw new InvalidArgumentError(
        `Weights are whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}, not ${weight === '' ? 'nothing' : weight}.`,
      );
    return { name, weight: Number(weight) };
  });
}

/** Parses `test=lists/test.txt`, one after the other. */
export function partLists(
  text: string,
  before: { name: string; path: string }[] = [],
): { name: string; path: string }[] {
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('Write it as test=lists/test.txt.');
  return [...before, { name: text.slice(0, at), path: text.slice(at + 1) }];
}

/** Parses `id,name`, one after the other. */
export function names(text: string, before: string[] = []): string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.includes('')) throw new InvalidArgumentError('A name in it is empty.');
  return [...before, ...found];
}
