import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { implementation } from '../../../chunk/hash.js';
import { loadZstd, type ZstdOrigin, zstdOrigin } from '../../../store/pack/zstd.js';
import { type Check, type Finding, note, ok } from '../check.js';

/** The oldest Node that dvs runs on, as package.json has it. */
const OLDEST = [20, 19] as const;

const ZSTD: Readonly<Record<ZstdOrigin, string>> = {
  'built-in': "Node's own",
  fast: 'WebAssembly',
  portable: 'WebAssembly, the slower one',
};

export const versions: Check = {
  name: 'versions',
  async *run({ tool }) {
    yield node(
      `${tool.name} ${tool.version} on ${process.platform} ${process.arch}, Node.js ${process.version}`,
    );
    yield await git();
    await loadZstd();
    const codecs = `zstd: ${ZSTD[zstdOrigin()]}; BLAKE3: ${implementation()}`;
    if (implementation() === 'native' && zstdOrigin() !== 'portable') yield ok(codecs);
    else {
      yield note(
        codecs,
        'Optional packages are missing, so `dvs add` is slower: install dvs again without --omit=optional.',
      );
    }
  },
};

function node(what: string): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return ok(what);
  return note(what, `Use Node.js ${OLDEST.join('.')} or newer; dvs is not tested with this one.`);
}

async function git(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: 1000, maxBuffer: 10_000 });
    return ok(stdout.trim());
  } catch {
    return note('git does not answer', 'Install git to keep dvs.lock and dvs.toml with your code.');
  }
}
