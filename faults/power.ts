import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inFolder, makeFolders } from './files.js';
import { mounted, system, whyNoMounts } from './mount.js';

/** EXT4_IOC_SHUTDOWN with the flag that flushes nothing: whatever is not on the disk by then never gets there. */
const CUT = `
  open(my $disk, "<", $ARGV[0]) or die "$!\\n";
  my $flags = pack("L", 2);
  ioctl($disk, 0x8004587d, $flags) or die "$!\\n";
`;

/** Cuts the power of a mounted ext4: from now on it fails all that is asked of it, until it is mounted again. */
export function cutPower(path: string): void {
  system('perl', '-e', CUT, path);
}

/** Makes a file that holds an empty ext4. */
export function makeImage(path: string, mib: number): void {
  system('truncate', '-s', `${mib}M`, path);
  system('mkfs.ext4', '-q', '-F', path);
}

/** Runs `work` with the image mounted; its journal is replayed first, as after any power cut. */
export function withImage<T>(image: string, at: string, options: string, work: () => Promise<T>): Promise<T> {
  return mounted(at, ['-t', 'ext4', '-o', ['loop', options].join(','), image], work);
}

/** Why the power cannot be cut here; undefined where it can. */
export async function whyNoPowerCuts(): Promise<string | undefined> {
  const why = whyNoMounts();
  if (why !== undefined) return why;
  for (const tool of ['mkfs.ext4', 'perl']) {
    if (spawnSync(tool, ['--version']).error !== undefined) return `there is no ${tool}`;
  }
  return inFolder(async (folder) => {
    const image = join(folder, 'image');
    const disk = join(folder, 'disk');
    makeFolders(disk);
    try {
      makeImage(image, 8);
      await withImage(image, disk, 'rw', async () => cutPower(disk));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
}
