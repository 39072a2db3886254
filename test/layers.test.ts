import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * The layers, lowest first, as in the design: a file imports only from its own layer and those before it.
 * `src/index.ts`, the library's entry, is a layer of its own above all that it exports.
 */
const LAYERS = [
  'src/base',
  'src/id',
  'src/tree',
  'src/entities',
  'src/formats',
  'src/chunk',
  'src/workers',
  'src/backend',
  'src/store',
  'src/lineage',
  'src/workspace',
  'src/ops',
  'src/flows',
  'src/wire',
  'src/index.ts',
  'cli',
  'bench',
  'faults',
];

/** Layers whose folders, one for each verb, do not import one another. */
const APART = ['src/ops'];

/**
 * What the library must not do: it is told the time, the surroundings and whom to print to. `base/clock` defines
 * what a clock is; timers that only wait, `performance.now` for them, and unguessable names are no clock and no
 * source of randomness that any ID depends on.
 */
const FORBIDDEN: { what: string; pattern: RegExp; except: readonly string[] }[] = [
  { what: 'the environment', pattern: /process\.env\b/, except: [] },
  { what: 'the home folder', pattern: /\bhomedir\b/, except: [] },
  { what: 'the working directory', pattern: /process\.cwd\b/, except: [] },
  { what: 'the clock', pattern: /Date\.now\b|new Date\(\)/, except: [] },
  {
    what: 'a random source',
    pattern: /Math\.random\b|\brandomInt\(/,
    // Jitter between two tries to get a lock.
    except: ['src/workspace/exclusive.ts'],
  },
  {
    what: 'unguessable bytes',
    pattern: /\brandomBytes\(|\brandomUUID\(|getRandomValues/,
    // Names of temporary files, a pack's nonce, a commit's transaction: made so that no two are the same.
    except: ['src/base/owner.ts', 'src/store/log/log.ts', 'src/store/pack/writer.ts'],
  },
  {
    what: 'Node’s way to make folders, which may never end (`base/make-path`)',
    pattern: /\bmkdir(?:Sync)?\([^;]*\brecursive\b/,
    except: [],
  },
  { what: 'the terminal', pattern: /\bconsole\.|process\.(?:stdout|stderr|stdin)\b/, except: [] },
  { what: 'the exit of the process', pattern: /process\.(?:exit|exitCode|on)\b/, except: [] },
];

const ROOT = fileURLToPath(new URL('../', import.meta.url));

const FILES = ['src', 'cli', 'bench', 'faults']
  .flatMap((folder) =>
    readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((path) => /\.ts$/.test(path) && !path.endsWith('.d.ts'));

const CODE = new Map(FILES.map((path) => [path, withoutComments(readFileSync(ROOT + path, 'utf8'))]));

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The files of this repository that a file imports, types and threads included; `.ts` for `.js`. */
function importsOf(path: string): string[] {
  const specifiers = (CODE.get(path) ?? '').matchAll(
    /(?:\bfrom|\bimport|\bimport\(|\bnew URL\()\s*'(\.{1,2}\/[^']+|#[^']+)'/g,
  );
  return [...specifiers].map(([, specifier = '']) => {
    const target = specifier.startsWith('#')
      ? specifier.slice(1)
      : posix.join(posix.dirname(path), specifier);
    return target.replace(/\.js$/, '.ts');
  });
}

const rank = (path: string): number =>
  LAYERS.findIndex((layer) => path === layer || path.startsWith(`${layer}/`));

/** The folder of a file within one of the layers that are kept apart: `src/ops/ingest`. */
function apartOf(path: string): string | undefined {
  const layer = APART.find((folder) => path.startsWith(`${folder}/`));
  return (
    layer &&
    path
      .split('/')
      .slice(0, layer.split('/').length + 1)
      .join('/')
  );
}

const IMPORTS = FILES.flatMap((from) =>
  importsOf(from)
    .filter((to) => CODE.has(to))
    .map((to) => ({ from, to })),
);

describe('layers', () => {
  test('every file is in one, and the imports that this test reads are there', () => {
    expect(FILES.filter((path) => rank(path) < 0)).toEqual([]);
    expect(IMPORTS.length).toBeGreaterThan(FILES.length);
    const unknown = FILES.flatMap((from) =>
      importsOf(from).filter((to) => to.endsWith('.ts') && !CODE.has(to)),
    );
    expect(unknown).toEqual([]);
  });

  test('imports point to the same layer or one below it', () => {
    expect(IMPORTS.filter(({ from, to }) => rank(to) > rank(from))).toEqual([]);
  });

  test('verbs do not import one another', () => {
    const crossing = IMPORTS.filter(({ from, to }) => {
      const [own, other] = [apartOf(from), apartOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(crossing).toEqual([]);
  });

  test('no file leads back to itself', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    for (const start of FILES) {
      // Each step of the way is a file and what of its imports is still to be followed.
      const way: { path: string; rest: string[] }[] = [];
      const enter = (path: string): void => {
        const at = way.findIndex((step) => step.path === path);
        if (at >= 0) cycles.push([...way.slice(at).map((step) => step.path), path].join(' → '));
        else if (!done.has(path)) way.push({ path, rest: importsOf(path).filter((to) => CODE.has(to)) });
      };
      enter(start);
      for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
        const next = step.rest.pop();
        if (next !== undefined) enter(next);
        else {
          done.add(step.path);
          way.pop();
        }
      }
    }
    expect(cycles).toEqual([]);
  });
});

describe('the library asks for nothing by itself', () => {
  test.each(FORBIDDEN)('not $what', ({ pattern, except }) => {
    const found = FILES.filter((path) => path.startsWith('src/') && pattern.test(CODE.get(path) ?? ''));
    expect(found.filter((path) => !except.includes(path))).toEqual([]);
  });
});
