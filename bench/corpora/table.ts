import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Seeded } from '../seeded.js';
import { type Corpus, scaled } from './corpus.js';

const MIB = 512;
const PLACES = 100;
const ROWS_A_BLOCK = 500;
const ROWS_AT_A_PLACE = 20;
const ROWS_APPENDED = 5000;

/** One large text file, a row a line, to which rows came here and there. */
export const table: Corpus = {
  name: 'table',
  what: '512 MiB of JSON lines; v2: 20 rows inserted at each of 100 places, 5,000 appended',
  targets: [
    { step: 'add v1', against: 'best peer', limit: 0.5 },
    { step: 'add again', against: 'best peer', limit: 0.3 },
    { step: 'add v2', against: 'best peer', limit: 0.5 },
    { step: 'checkout v2', against: 'best peer', limit: 0.5 },
    { step: 'stored', against: 'restic', limit: 1.2 },
    { step: 'peak memory', against: undefined, limit: 512 },
  ],
  make(first, changed, scale) {
    const [before, after] = [first, changed].map((folder) => openSync(join(folder, 'events.jsonl'), 'w'));
    if (before === undefined || after === undefined) return;
    const [old, added] = [new Seeded(3), new Seeded(4)];
    const end = MIB * 2 ** 20 * scale;
    let places = 0;
    for (let length = 0; length < end; ) {
      const block = rows(old, ROWS_A_BLOCK);
      writeSync(before, block);
      if (length >= (end * (places + 0.5)) / PLACES) {
        writeSync(after, rows(added, ROWS_AT_A_PLACE));
        places++;
      }
      writeSync(after, block);
      length += block.length;
    }
    writeSync(after, rows(added, scaled(ROWS_APPENDED, scale)));
    closeSync(before);
    closeSync(after);
  },
};

const SEED_OF_WORDS = 5;
const LETTERS = ['e', 't', 'a', 'o', 'i', 'n', 's', 'h', 'r', 'd', 'l', 'u'] as const;
const LABELS = ['cat', 'dog', 'bird', 'fish'] as const;
const WORDS = words(new Seeded(SEED_OF_WORDS), 3000);

function words(seeded: Seeded, count: number): string[] {
  const word = () => Array.from({ length: 3 + seeded.below(6) }, () => seeded.pick(LETTERS)).join('');
  return Array.from({ length: count }, word);
}

/** Events with a caption. Some words are far more common than others, as in any text. */
function rows(seeded: Seeded, count: number): Buffer {
  const lines: string[] = [];
  const digits = (): number => 10 + seeded.below(50);
  for (let i = 0; i < count; i++) {
    const time = `2026-01-${10 + seeded.below(20)}T${10 + seeded.below(14)}:${digits()}:${digits()}Z`;
    const who = `"id":${seeded.below(1e7)},"user":"user-${seeded.below(1e5)}"`;
    const caption = Array.from({ length: 6 }, () => WORDS[seeded.below(1 + seeded.below(WORDS.length))]);
    const what = `"label":"${seeded.pick(LABELS)}","score":0.${seeded.below(1e4)},"caption":"${caption.join(' ')}"`;
    lines.push(`{${who},"time":"${time}",${what}}\n`);
  }
  return Buffer.from(lines.join(''));
}
