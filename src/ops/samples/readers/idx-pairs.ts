import type { InputFile, Source } from '../reader.js';

const KIND = /(images|labels)(?!.*(?:images|labels))/i;
const DIGITS = /idx\d+/gi;

/** Files whose names differ only in `images` and `labels`, and in the number of axes, as one source; others alone. */
export function imagesWithLabels(files: readonly InputFile[]): Source[] {
  const groups = new Map<string, InputFile[]>();
  for (const file of files) {
    const name = commonName(file.path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [file]);
    else group.push(file);
  }
  const pairs = new Map(
    [...groups.values()].filter(isPair).flatMap((group) => group.map((file) => [file, group])),
  );
  return files.flatMap((file) => {
    const pair = pairs.get(file) ?? [file];
    return pair[0] === file ? [{ files: pair }] : [];
  });
}

function isPair(group: readonly InputFile[]): boolean {
  const [images, labels] = group.map(({ path }) => kindOf(path));
  return group.length === 2 && images === 'images' && labels === 'labels';
}

function kindOf(path: string): string | undefined {
  return KIND.exec(baseOf(path))?.[0].toLowerCase();
}

/** A path without what may differ; the line feed is in no path. */
function commonName(path: string): string {
  const base = baseOf(path);
  const common = KIND.test(base) ? base.replace(KIND, '\n').replace(DIGITS, 'idx') : base;
  return path.slice(0, path.length - base.length) + common;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
