import { DvsError } from '../../base/errors.js';
import type { Population } from './population.js';

const KEY = 'key:';
/** More samples with one key than anybody asks for. */
const MOST = 1000;

/**
 * The numbers of the samples that a text means: a number that one has, or else a key (the path of a whole file, for one),
 * which after `key:` may look like a number. E_NOT_FOUND for none, also for one outside of the part. Finding a key of rows
 * goes through all of them.
 */
export async function findSamples({ set, part, samples }: Population, text: string): Promise<number[]> {
  const found = await numbersFor({ set, samples }, text);
  const inside: number[] = [];
  for (const number of found) if (part === undefined || (await part.members.has(number))) inside.push(number);
  if (inside.length > 0) return inside;
  const why =
    found.length > 0 && part !== undefined
      ? `sample ${text} is not in the part ${part.name}`
      : `there is no sample ${text}`;
  throw new DvsError('E_NOT_FOUND', why, {
    about: [text],
    hint:
      part === undefined
        ? `Write a number from 0 to ${samples.count - 1}, the key of a sample, or key:<key>.`
        : `Numbers are those of all samples: \`dvs ls <split>/${part.name}\` lists those of the part.`,
  });
}

async function numbersFor(
  { set, samples }: Pick<Population, 'set' | 'samples'>,
  text: string,
): Promise<number[]> {
  if (/^(?:0|[1-9]\d{0,15})$/.test(text) && Number(text) < samples.count) return [Number(text)];
  const wanted = text.startsWith(KEY) ? text.slice(KEY.length) : text;
  if (set.numberOf !== undefined) {
    const known = await set.numberOf(wanted);
    return known === undefined ? [] : [known];
  }
  const found: number[] = [];
  for await (const batch of set.scan({ key: true })) {
    for (const { key, number } of batch) if (key === wanted && found.length < MOST) found.push(number);
  }
  return found;
}
