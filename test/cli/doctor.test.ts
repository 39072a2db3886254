import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ownedName } from '#src/base/owner.js';
import { CHECKS } from '#src/ops/doctor/checks.js';
import { Scratch } from './support.js';

interface Found {
  readonly check: string;
  readonly health: 'ok' | 'note' | 'problem';
  readonly what: string;
  readonly advice: string | null;
}

/** What dvs doctor finds in a workspace, by the real clock unless `env` stops it. */
async function diagnose(
  scratch: Scratch,
  cwd = scratch.root,
): Promise<{ status: number | null; findings: Found[] }> {
  const { status, stdout, stderr } = await scratch.run(['doctor', '--json'], { cwd, env: { DVS_NOW: '' } });
  expect(stderr).toBe('');
  return { status, findings: JSON.parse(stdout).findings };
}

const of = (findings: readonly Found[], check: string): Found[] =>
  findings.filter((one) => one.check === check);

describe('dvs doctor', () => {
  test('finds a fresh workspace well, says something of each check, and leaves nothing behind', async () => {
    const scratch = await Scratch.withData();
    const before = scratch.snapshot('.');
    const { status, findings } = await diagnose(scratch);
    expect(findings.filter(({ health }) => health === 'problem')).toEqual([]);
    expect(status).toBe(0);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(CHECKS.map(({ name }) => name)));
    for (const { health, advice } of findings) expect(advice === null).toBe(health === 'ok');
    expect(scratch.snapshot('.')).toEqual(before);
    expect(readdirSync(scratch.path('.dvs/tmp'))).toEqual([]);
  });

  test('works outside of a workspace', async () => {
    const scratch = await Scratch.empty();
    const { status, findings } = await diagnose(scratch, scratch.home);
    expect(status).toBe(0);
    expect(of(findings, 'store')).toEqual([
      expect.objectContaining({ health: 'note', advice: expect.stringContaining('`dvs init`') }),
    ]);
    expect(readdirSync(scratch.home)).toEqual([]);
  });

  test('prints a line for each finding, what to do beneath, and with -q only what is wrong', async () => {
    const scratch = await Scratch.withData();
    const text = await scratch.ok('doctor');
    expect(text).toMatch(/^store +ok +in .*\/\.dvs: 1 commit, the last ones are intact$/m);
    expect(await scratch.ok('doctor', '-q')).toBe('');
    rmSync(scratch.path('.dvs/format'));
    const { status, stdout } = await scratch.run(['doctor', '-q']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^problem +there is no dvs store here\n +Run `dvs init` to make one.*\n$/);
  });
});

describe('dvs doctor finds', () => {
  test.each<[string, string, (scratch: Scratch) => void, Partial<Record<keyof Found, unknown>>]>([
    [
      'a damaged end of the log',
      'store',
      (scratch) => {
        const [last = ''] = readdirSync(scratch.path('.dvs/log')).sort().reverse();
        chmodSync(scratch.path('.dvs/log', last), 0o644);
        truncateSync(scratch.path('.dvs/log', last), 20);
      },
      { health: 'problem', what: expect.stringMatching(/log/) },
    ],
    [
      'a hole in the log',
      'store',
      (scratch) => {
        const [first = ''] = readdirSync(scratch.path('.dvs/log')).sort();
        const next = first.replace(/1$/, '3');
        execFileSync('cp', [scratch.path('.dvs/log', first), scratch.path('.dvs/log', next)]);
      },
      { health: 'problem', what: expect.stringMatching(/log/) },
    ],
    [
      'a store of a newer dvs',
      'store',
      (scratch) => {
        rmSync(scratch.path('.dvs/format'));
        scratch.write('.dvs/format', 'dvs store, format 9\n');
      },
      {
        health: 'problem',
        what: expect.stringContaining('format 9'),
        advice: expect.stringContaining('Update dvs'),
      },
    ],
    [
      'a lost pack',
      'store',
      (scratch) => rmSync(scratch.path('.dvs/packs', readdirSync(scratch.path('.dvs/packs'))[0] ?? '')),
      { health: 'problem', what: expect.stringContaining('packs are missing') },
    ],
    [
      'a damaged index',
      'store',
      (scratch) => {
        for (const name of readdirSync(scratch.path('.dvs/catalogue'))) {
          chmodSync(scratch.path('.dvs/catalogue', name), 0o644);
          writeFileSync(scratch.path('.dvs/catalogue', name), 'x'.repeat(1000));
        }
      },
      { health: 'note', what: 'the index is damaged' },
    ],
    [
      'an index that is behind',
      'store',
      (scratch) => rmSync(scratch.path('.dvs/catalogue'), { recursive: true }),
      { health: 'note', what: 'the index knows 0 of 1 commits' },
    ],
    [
      'what a killed command left',
      'store',
      (scratch) => mkdirSync(scratch.path('.dvs/tmp', ownedName().replace(/^\d+\.\d+/, '999999999.1'))),
      { health: 'note', what: expect.stringContaining('1 temporary file or folder') },
    ],
    [
      'settings that are no TOML',
      'settings',
      (scratch) => scratch.write('.dvs/config.toml', '[core'),
      { health: 'problem', what: expect.stringContaining('.dvs/config.toml, line 1') },
    ],
    [
      'a setting that cannot be used',
      'settings',
      (scratch) => scratch.write('.dvs/config.toml', 'core.jobs = 0\n'),
      { health: 'problem', advice: expect.stringContaining('`dvs config unset core.jobs`') },
    ],
    [
      'settings of strangers that do not count',
      'settings',
      (scratch) => scratch.write('dvs.toml', 'core.pager = "evil"\n'),
      { health: 'note', what: expect.stringContaining('"core.pager" is ignored there') },
    ],
    [
      'settings that others may change',
      'settings',
      (scratch) => {
        scratch.write('../home/.config/dvs/config.toml', '');
        chmodSync(`${scratch.home}/.config/dvs/config.toml`, 0o666);
      },
      { health: 'problem', advice: expect.stringContaining('chmod go-w') },
    ],
  ])('%s', async (_, check, harm, finding) => {
    const scratch = await Scratch.withData();
    harm(scratch);
    const { status, findings } = await diagnose(scratch);
    expect(of(findings, check)).toContainEqual(
      expect.objectContaining({ advice: expect.any(String), ...finding }),
    );
    expect(status).toBe(finding.health === 'problem' ? 1 : 0);
    expect(readdirSync(scratch.path('.dvs/tmp')).filter((name) => !name.startsWith('999999999.'))).toEqual(
      [],
    );
  });

  test('a store elsewhere that is away, and one that is there', async () => {
    const scratch = await Scratch.empty();
    await scratch.ok('init', '--store', `${scratch.home}/disk`);
    expect((await diagnose(scratch)).status).toBe(0);
    renameSync(`${scratch.home}/disk`, `${scratch.home}/unplugged`);
    const { status, findings } = await diagnose(scratch);
    expect(status).toBe(1);
    expect(of(findings, 'store')).toEqual([
      expect.objectContaining({ health: 'problem', what: expect.stringContaining('cannot be reached') }),
    ]);
    expect(findings.filter(({ health }) => health === 'problem')).toHaveLength(1);
  });

  test('a clock that is wrong', async () => {
    const scratch = await Scratch.withData();
    const { stdout } = await scratch.run(['doctor'], { env: { DVS_NOW: '2020-01-01T00:00:00Z' } });
    expect(stdout).toMatch(/^clock +note +files get a time \d+ s ahead of the clock of dvs$/m);
    expect(stdout).toMatch(/the newest commit is dated \d+ s in the future$/m);
  });

  test.skipIf(process.getuid?.() === 0)('a store that this user may not write to', async () => {
    const scratch = await Scratch.withData();
    chmodSync(scratch.path('.dvs/packs'), 0o555);
    const { status, findings } = await diagnose(scratch);
    expect(status).toBe(1);
    expect(of(findings, 'permissions')).toContainEqual(expect.objectContaining({ health: 'problem' }));
    chmodSync(scratch.path('.dvs/packs'), 0o755);
  });

  test('names that a terminal would obey, and does not obey them', async () => {
    const scratch = await Scratch.withData();
    appendFileSync(scratch.path('dvs.toml'), '"\\u001b[31m" = 1\n');
    const { stdout } = await scratch.run(['doctor']);
    expect(stdout).toContain('means nothing to this dvs');
    expect(stdout).not.toContain('\x1b');
  });
});
