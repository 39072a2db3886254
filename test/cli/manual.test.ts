import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { defineCommand, makeProgram } from '#cli/definition.js';
import { STATUS } from '#cli/exit.js';
import { manualPages } from '#cli/manual/pages.js';
import { plain } from '#cli/manual/roff.js';
import { examplesOf } from '#cli/options.js';
import { tempDir } from '../support/tmp.js';

const FOLDER = fileURLToPath(new URL('../../dist/man/', import.meta.url));
const visible = COMMANDS.filter(({ isHidden }) => isHidden !== true);
const pageOf = (name: string): string => readFileSync(FOLDER + name, 'utf8');
const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe('the manual', () => {
  test('has a page for every command, and one that lists them', async () => {
    const names = ['dvs.1', ...visible.map(({ name }) => `dvs-${name}.1`)].sort();
    expect(readdirSync(FOLDER).sort()).toEqual(names);
    expect([...(await manualPages('')).keys()].sort()).toEqual(names);
    for (const { name } of visible) expect(pageOf('dvs.1')).toContain(plain(`dvs-${name}`));
  });

  test.each(visible)('of $name says all that is defined', async (summary) => {
    const page = pageOf(`dvs-${summary.name}.1`);
    const command = await defineCommand(makeProgram(), summary, { patterns: [], run: async () => {} });
    for (const member of [command, ...command.commands]) {
      for (const { flags, hidden } of member.options) if (!hidden) expect(page).toContain(plain(flags));
      for (const argument of member.registeredArguments) expect(page).toContain(plain(argument.name()));
    }
    for (const [line] of examplesOf(command)) expect(page).toContain(plain(line));
  });

  test('lists the exit statuses that there are', () => {
    const page = pageOf('dvs.1');
    for (const status of Object.values(STATUS)) expect(page).toContain(`\\fB${status}\\fR\n`);
  });

  test.skipIf(!isInstalled('mandoc'))('is what mandoc takes without a warning', () => {
    const pages = readdirSync(FOLDER).map((name) => FOLDER + name);
    expect(execFileSync('mandoc', ['-T', 'lint', '-W', 'warning', ...pages], { encoding: 'utf8' })).toBe('');
  });

  test.skipIf(!isInstalled('groff'))('is what groff takes without a warning', async () => {
    const cwd = await tempDir();
    for (const name of readdirSync(FOLDER)) {
      const args = ['-man', '-Tutf8', '-ww', FOLDER + name];
      const { status, stderr } = spawnSync('groff', args, { cwd, encoding: 'utf8' });
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
    }
  });
});

test('text that roff would obey is shown as it stands', () => {
  expect(plain(".TH x\n'a\\b -n")).toBe("\\&.TH x\n\\&'a\\eb \\-n");
});
