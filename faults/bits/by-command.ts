import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dvs, type Ended } from '../dvs.js';
import type { Random } from '../random.js';
import type { Version } from './small-store.js';

/** How the command line ends when a store is damaged, or of a newer format as far as anybody can tell. */
const REFUSES = [4, 7];

/** Runs `verify`, `cat` and `checkout` as users do, on a store with one bit flipped; says what was wrong. */
export async function flipByCommand(
  root: string,
  versions: readonly [Version, ...Version[]],
  { key, bit, random }: { key: string; bit: number; random: Random },
): Promise<string[]> {
  const store = join(root, '.dvs');
  const [path, catalogue, kept, dest] = [key, 'catalogue', 'catalogue.kept', 'dest'].map((name) =>
    join(store, name),
  );
  if (path === undefined || catalogue === undefined || kept === undefined || dest === undefined) return [];
  const intact = readFileSync(path);
  const flipped = Buffer.from(intact);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  const { reference, files } = random.pick(versions);
  const [name, bytes] = [...files][random.int(files.size)] ?? ['', Buffer.alloc(0)];
  const withIndex = random.oneIn(2);
  const where = `bit ${bit} of ${key} flipped, ${withIndex ? 'with' : 'without'} a catalogue`;
  const wrong: string[] = [];
  cpSync(catalogue, kept, { recursive: true });
  writeFileSync(path, flipped);
  if (!withIndex) rmSync(catalogue, { recursive: true });
  try {
    const verified = await dvs(root, ['verify']);
    if (!isRefused(verified)) wrong.push(`${where}: verify ended with ${told(verified)}`);
    const shown = await dvs(root, ['cat', `${reference}/${name}`]);
    if (shown.code === 0 ? shown.stdout !== bytes.toString() : !isRefused(shown))
      wrong.push(`${where}: cat ${reference}/${name} ended with ${told(shown)}`);
    const written = await dvs(root, ['checkout', reference, dest]);
    if (written.code !== 0 && !isRefused(written))
      wrong.push(`${where}: checkout ended with ${told(written)}`);
    const found = existsSync(dest) ? readdirSync(dest, { recursive: true, encoding: 'utf8' }) : [];
    const foundFiles = found.filter((file) => statSync(join(dest, file)).isFile());
    if (written.code === 0 && foundFiles.length !== files.size)
      wrong.push(`${where}: checkout ${reference} wrote ${foundFiles.length} files`);
    for (const file of foundFiles) {
      if (files.get(file)?.equals(readFileSync(join(dest, file))) !== true)
        wrong.push(`${where}: checkout ${reference} wrote wrong bytes to ${file}`);
    }
  } finally {
    writeFileSync(path, intact);
    rmSync(dest, { recursive: true, force: true });
    rmSync(catalogue, { recursive: true, force: true });
    cpSync(kept, catalogue, { recursive: true });
    rmSync(kept, { recursive: true });
  }
  return wrong;
}

function isRefused({ code, stderr, stdout }: Ended): boolean {
  return code !== undefined && REFUSES.includes(code) && (stderr + stdout).length > 0;
}

function told({ code, signal, stderr }: Ended): string {
  return `${signal ?? code}: ${stderr.slice(0, 500)}`;
}
