import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadZstd } from '../../src/store/pack/zstd.js';
import { type Files, makeSmallStore } from '../bits/small-store.js';
import { dvsOk } from '../dvs.js';
import { damages, type Harm } from '../hostile/damage.js';
import { EVIL, Forge } from '../hostile/forge.js';
import { lies } from '../hostile/lies.js';
import { questions, tryCommands } from '../hostile/trial.js';
import { Random } from '../random.js';
import { type Row, type RowOptions, scaled } from '../row.js';

const REFERENCE = 'plain:v1';
/** Damage to what is no truth, or beside it: `verify` may well find nothing. */
const BESIDE = /stat cache|catalogue|manifest|dvs\.lock|far beyond/;
/** Without a catalogue, a log that has lost its end is one that was whole once. */
const ONLY_WITH = /last log entry|no log|catalogue|manifest/;

export interface Kind {
  readonly name: string;
  readonly harm: Harm;
  readonly isLie: boolean;
  readonly isWrong: boolean;
}

export const kinds: readonly Kind[] = [
  ...Object.entries(damages).flatMap(([name, harm]) => {
    const kind = { name, harm, isLie: false, isWrong: !BESIDE.test(name) };
    return ONLY_WITH.test(name) ? [kind] : [kind, withoutCatalogue(kind)];
  }),
  ...Object.entries(lies).map(([name, lie]) => ({
    name,
    harm: (root: string) => lie(new Forge(root)),
    isLie: true,
    isWrong: false,
  })),
];

function withoutCatalogue(kind: Kind): Kind {
  return {
    ...kind,
    name: `${kind.name}, and no catalogue`,
    harm: (root, random) => {
      kind.harm(root, random);
      rmSync(join(root, '.dvs', 'catalogue'), { recursive: true });
    },
  };
}

export const hostile: Row = {
  name: 'hostile',
  what: `${kinds.length} kinds of damaged and lying stores, each asked and written to by ten commands`,
  figure: 'right, or a typed error; within 20 seconds and 256 MiB, never exit 70',
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'dvs-faults-'));
    try {
      return await tryKinds(folder, chosen(options), options);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Makes each of these stores in `folder`, and runs all commands on it. */
export async function tryKinds(folder: string, tried: readonly Kind[], options: RowOptions) {
  await loadZstd();
  const root = join(folder, 'workspace');
  const kept = join(folder, 'kept');
  const versions = await makeSmallStore(root);
  const files = versions.find(({ reference }) => reference === REFERENCE)?.files ?? new Map<string, Buffer>();
  const intact = new Map<string, string>();
  for (const args of questions(REFERENCE, [...files.keys()][0] ?? ''))
    intact.set(args.join(' '), await dvsOk(root, args));
  cpSync(root, kept, { recursive: true });
  const evil: Files = new Map([['f', EVIL]]);
  const counts = { 'hostile stores': 0, commands: 0, 'MiB at most': 0 };
  const failures: string[] = [];
  for (const { name, harm, isLie, isWrong } of tried) {
    rmSync(root, { recursive: true });
    cpSync(kept, root, { recursive: true });
    harm(root, new Random(options.seed));
    const judged = await tryCommands({
      root,
      reference: isLie ? 'evil' : REFERENCE,
      files: isLie ? evil : files,
      intact: isLie ? undefined : intact,
      isWrong,
    });
    counts['hostile stores']++;
    counts.commands += judged.commands;
    counts['MiB at most'] = Math.max(counts['MiB at most'], judged.mebibytes);
    failures.push(...judged.failures.map((why) => `seed ${options.seed}, ${name}: ${why}`));
    options.report(`${name}: ${judged.failures.length} wrong`);
  }
  return { counts, failures };
}

/** All of them, or a share that the seed chooses. */
function chosen(options: RowOptions): Kind[] {
  const random = new Random(options.seed);
  const left = [...kinds];
  return Array.from({ length: Math.min(kinds.length, scaled(kinds.length, options)) }, () =>
    left.splice(options.scale >= 1 ? 0 : random.int(left.length), 1),
  ).flat();
}
