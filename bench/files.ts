import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where the files of a folder lie, at any depth; links are left out. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));
}

/** The bytes of all files in a folder together. */
export function bytesIn(folder: string): number {
  return filesIn(folder).reduce((sum, path) => sum + statSync(path).size, 0);
}

/** Whether two folders have the same files with the same bytes. */
export function sameFiles(a: string, b: string): boolean {
  const paths = filesIn(a);
  if (paths.length !== filesIn(b).length) return false;
  return paths.every((path) => {
    const other = join(b, relative(a, path));
    return (
      statSync(other, { throwIfNoEntry: false })?.isFile() && readFileSync(path).equals(readFileSync(other))
    );
  });
}
