import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeChain } from '../chain.js';
import { dvsOk } from '../dvs.js';
import { makeFiles, Peaks } from '../peak.js';
import { type Outcome, type Row, scaled } from '../row.js';

const LIMIT_MIB = 512;

export const large: Row = {
  name: 'large',
  what: 'a folder of a million files, and a name with ten thousand versions',
  figure: `every command within ${LIMIT_MIB} MiB of memory, and none runs out of stack`,
  async run({ scale, report }): Promise<Outcome> {
    const files = scaled(1_000_000, { scale });
    const versions = scaled(10_000, { scale });
    const peaks = new Peaks(LIMIT_MIB, report);
    const root = mkdtempSync(join(tmpdir(), 'dvs-large-'));
    try {
      await manyFiles(join(root, 'files'), files, peaks);
      rmSync(join(root, 'files'), { recursive: true });
      await manyVersions(join(root, 'chain'), versions, peaks);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
    const { commands, largest, failures } = peaks;
    return { counts: { files, versions, commands, 'MiB at most': Math.ceil(largest) }, failures };
  },
};

/** Everything that can be done with a folder of so many files, and with another that shares nothing with it. */
async function manyFiles(root: string, files: number, peaks: Peaks): Promise<void> {
  const data = join(root, 'data');
  const [first, second] = [join(root, 'first'), join(root, 'second')];
  makeFiles(first, files, 'first');
  makeFiles(second, files, 'second');
  const run = (what: string, ...args: readonly string[]): Promise<void> =>
    peaks.run(root, `${files} files, ${what}`, ...args);
  const compare = async (what: string): Promise<void> => {
    for (const command of ['status', 'diff']) {
      await run(what, command);
      await run(what, command, '--json');
    }
  };
  mkdirSync(data);
  await dvsOk(root, ['init', '-q']);

  renameSync(first, join(data, 'a'));
  await run('all new', 'add', '--dry-run', 'data');
  await run('all new', 'add', 'data');
  await run('unchanged', 'add', 'data');
  await run('unchanged', 'add', '--json', '--rehash', 'data');
  await run('unchanged', 'status');

  renameSync(join(data, 'a'), join(data, 'moved'));
  await compare('all in another folder');
  renameSync(join(data, 'moved'), first);
  await compare('all removed');
  renameSync(second, join(data, 'a'));
  await compare('all modified');

  renameSync(join(data, 'a'), join(data, 'b'));
  await run('none as before', 'add', '--dry-run', 'data');
  await run('none as before', 'add', '--json', 'data');
  await run('two versions that share nothing', 'diff', 'data:v1', 'data:v2');
  await run('two versions that share nothing', 'diff', '--json', 'data:v1', 'data:v2');
  await run('another version, all removed and written', 'checkout', '--dry-run', 'data:v1');
  await run('another version, all removed and written', 'checkout', '--json', 'data:v1');
  await run('to an empty folder', 'checkout', 'data:v2', 'elsewhere');
  await run('over another version elsewhere', 'checkout', 'data:v1', 'elsewhere');
  await run('all right already', 'checkout');
  await run('two versions', 'verify');
  await run('one version', 'verify', 'data:v1');
  await run('all', 'ls', 'data:v1');
  await run('all', 'ls', '--json', 'data:v1');
  await run('its folders', 'ls', '--folders', 'data:v1');
  await run('two versions', 'log', 'data');
  await run('one version', 'show', 'data:v1');
  await run('two versions', 'index', 'rebuild');
}

/** Everything that goes through the history of a name. */
async function manyVersions(root: string, versions: number, peaks: Peaks): Promise<void> {
  await makeChain(root, versions);
  const middle = `data:v${Math.ceil(versions / 2)}`;
  const run = (...args: readonly string[]): Promise<void> => peaks.run(root, `${versions} versions`, ...args);
  await run('log', 'data');
  await run('log', '--json', 'data');
  await run('log', '-n', '1');
  await run('show', middle);
  await run('resolve', middle);
  await run('tag', middle, 'middle');
  await run('diff', 'data:v1', middle);
  await run('checkout', 'data:v1');
  await run('status');
  await run('checkout', 'data:latest');
  await run('verify');
  await run('index', 'rebuild');
  await run('add', '--rehash', 'data');
  await run('resolve', 'data:middle');
}
