import { existsSync } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  readFile,
  rename,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, type Finding, note, ok, problem } from '../check.js';

/** By their number in statfs(2). `network` ones may be seen by several hosts at once. */
const KINDS: ReadonlyMap<number, { name: string; network?: true }> = new Map([
  [0xef53, { name: 'ext4' }],
  [0x58465342, { name: 'XFS' }],
  [0x9123683e, { name: 'Btrfs' }],
  [0x01021994, { name: 'tmpfs' }],
  [0xf2f52010, { name: 'F2FS' }],
  [0x2fc12fc1, { name: 'ZFS' }],
  [0x794c7630, { name: 'overlayfs' }],
  [0x4d44, { name: 'FAT' }],
  [0x2011bab0, { name: 'exFAT' }],
  [0x5346544e, { name: 'NTFS' }],
  [0x1a, { name: 'APFS' }],
  [0x6969, { name: 'NFS', network: true }],
  [0xff534d42, { name: 'SMB', network: true }],
  [0xfe534d42, { name: 'SMB', network: true }],
  [0x65735546, { name: 'FUSE', network: true }],
  [0x01021997, { name: '9P', network: true }],
  [0x00c36400, { name: 'CephFS', network: true }],
  [0x0bd00bd0, { name: 'Lustre', network: true }],
  [0x47504653, { name: 'GPFS', network: true }],
]);

export const fileSystem: Check = {
  name: 'file system',
  async *run({ bench, workspace }) {
    if (bench === undefined && workspace !== undefined && !existsSync(workspace.storeDir)) {
      yield note(
        `${workspace.storeDir} is not there, so its file system was not tried`,
        'Bring the store first.',
      );
      return;
    }
    if (bench === undefined) {
      yield note(
        'nothing can be written here, so its file system was not tried',
        'Run it in a folder of your own.',
      );
      return;
    }
    const kind = KINDS.get((await statfs(bench)).type);
    const can = await abilities(bench);
    yield summary(kind, can);
    yield* missing(can);
  },
};

interface Abilities {
  readonly hardLinks: boolean;
  readonly renameOver: boolean;
  readonly reflinks: boolean;
  readonly symlinks: boolean;
  readonly tellsCase: boolean;
  readonly keepsUnicode: boolean;
  /** Nanoseconds between two times that files can have. */
  readonly granularity: bigint;
}

async function abilities(bench: string): Promise<Abilities> {
  const at = (name: string): string => join(bench, name);
  await writeFile(at('first'), 'first');
  await writeFile(at('Case'), '');
  await writeFile(at('u\u0308'), '');
  return {
    hardLinks: await works(() => link(at('first'), at('link'))),
    renameOver: await works(async () => {
      await writeFile(at('second'), 'second');
      await writeFile(at('target'), 'target');
      await rename(at('second'), at('target'));
      if ((await readFile(at('target'), 'utf8')) !== 'second') throw new Error('the old file is still there');
    }),
    reflinks: await works(() => copyFile(at('first'), at('clone'), constants.COPYFILE_FICLONE_FORCE)),
    symlinks: await works(async () => {
      await symlink('first', at('symlink'));
      if (!(await lstat(at('symlink'))).isSymbolicLink()) throw new Error('something else was made');
    }),
    tellsCase: !(await works(() => stat(at('cASE')))),
    keepsUnicode: !(await works(() => stat(at('\u00fc')))),
    granularity: await granularity(at('times')),
  };
}

async function works(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch {
    return false;
  }
}

/** The largest of a second, a millisecond and less by which the times of a few files can all be divided. */
async function granularity(folder: string): Promise<bigint> {
  await mkdir(folder);
  const times: bigint[] = [];
  for (let i = 0; i < 4; i++) {
    await writeFile(join(folder, String(i)), '');
    times.push((await stat(join(folder, String(i)), { bigint: true })).mtimeNs);
    await sleep(3);
  }
  const units = [1_000_000_000n, 1_000_000n, 1000n];
  return units.find((unit) => times.every((time) => time % unit === 0n)) ?? 1n;
}

function summary(kind: { name: string; network?: true } | undefined, can: Abilities): Finding {
  const has = [
    can.reflinks ? 'reflinks' : 'no reflinks',
    can.granularity === 1n ? 'exact times' : `times to ${can.granularity / 1000n} µs`,
  ];
  const what = `${kind?.name ?? 'of an unknown kind'}, ${kind?.network === true ? 'over a network or a program' : 'local'}; ${has.join(', ')}`;
  if (kind !== undefined && kind.network !== true) return ok(what);
  return note(
    kind === undefined ? what.replace(', local', '') : what,
    'dvs works there, but slower: it trusts times of files less. A local disk is better for the store.',
  );
}

function* missing(can: Abilities): Generator<Finding> {
  if (!can.hardLinks)
    yield problem('it has no hard links', 'Keep the workspace elsewhere: the log of a store needs them.');
  if (!can.renameOver)
    yield problem('a file cannot take the place of another', 'Keep the workspace elsewhere.');
  if (!can.symlinks)
    yield note('it has no symbolic links', 'Datasets with links in them cannot be checked out here.');
  if (!can.tellsCase) {
    yield note(
      '`a` and `A` are the same file',
      'Datasets with names that differ in case alone cannot be checked out here.',
    );
  }
  if (!can.keepsUnicode) {
    yield note(
      'it changes how accents are written',
      'Datasets with names that differ in that alone cannot be checked out here.',
    );
  }
  if (can.granularity >= 1_000_000_000n) {
    yield note(
      'files have times in whole seconds',
      'What was just written is read again by the next command.',
    );
  }
}
