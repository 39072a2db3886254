import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, NOW, Scratch } from './support.js';

/** The home folder that documents show. */
const HOME = '/home/ada';

/**
 * What a document has for us: a comment that is run quietly, `<!-- before two-versions` with lines of shell until
 * `-->` (both may be left out), or examples.
 */
const PART = /^<!-- before\b *([\w-]*)\s*([\s\S]*?)-->$|^```console\n([\s\S]*?)^```$/gm;

/** A command of an example; lines that begin with `> ` go on with it. */
const COMMAND = /^\$ .*\n(?:> .*\n)*/gm;

/** Where what is run quietly prints to, in the home folder. */
const QUIET = '.quiet';

/** What is said every five seconds, which only a busy machine takes. */
const PROGRESS =
  /^[a-z]+ (?:\[[# ]*\] )?[\d.]+ [KMGTP]?i?B(?: of [\d.]+ [KMGTP]?i?B)?, [\d,]+ (?:file|object)s?, .*\/s(?:, \d+ s left)?\n/gm;

/** Stands between what one command prints and what the next does. */
const MARK = '\x1e';

/**
 * A document with what its examples print now. All of it runs in one shell, in order, beginning in the folder
 * `folder` of an empty home: folders and variables stay from one command to the next.
 */
export async function withTrueOutput(document: string, folder: string): Promise<string> {
  const { scratch, remove } = await Scratch.shared();
  try {
    const start = join(scratch.home, folder);
    mkdirSync(start, { recursive: true });
    for (const [, before] of document.matchAll(PART)) if (before) await copyWorkspace(before, start);
    const printed = (await runShell(scratch, start, scriptOf(document))).split(MARK);
    return document.replace(PART, (part, _before, _quiet, examples?: string) => {
      if (examples === undefined) return part;
      const shown = examples.match(COMMAND)?.map((command) => command + endLine(printed.shift() ?? ''));
      return `\`\`\`console\n${shown?.join('') ?? ''}\`\`\``;
    });
  } finally {
    await remove();
  }
}

function scriptOf(document: string): string {
  const lines = ['exec 2>&1'];
  for (const [, , quiet = '', examples] of document.matchAll(PART)) {
    if (examples === undefined)
      lines.push(`set -e; exec 3>&1 >"$HOME/${QUIET}" 2>&1`, quiet, 'set +e; exec >&3 2>&3 3>&-');
    for (const command of examples?.match(COMMAND) ?? []) {
      // Whether a command succeeded is there for the next one to ask.
      lines.push(command.replace(/^[$>] /gm, ''), `__status=$?; printf '\\036'; (exit $__status)`);
    }
  }
  return [...lines, 'exit 0'].join('\n');
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

const templates = new Map<string, Promise<string>>();
const removals: (() => Promise<void>)[] = [];

/** Puts the workspace that `before/<name>.sh` makes into a folder; it is made once a test file. */
export async function copyWorkspace(name: string, folder: string): Promise<void> {
  const made = templates.get(name) ?? makeTemplate(name);
  templates.set(name, made);
  cpSync(await made, folder, { recursive: true });
}

async function makeTemplate(name: string): Promise<string> {
  const { scratch, remove } = await Scratch.shared();
  removals.push(remove);
  const script = readFileSync(new URL(`before/${name}.sh`, import.meta.url), 'utf8');
  await runShell(scratch, scratch.root, `set -e\n${script}`);
  return scratch.root;
}

/** For `afterAll` of whoever uses this. */
export async function removeTemplates(): Promise<void> {
  for (const remove of removals) await remove();
}

/** Runs a script in which `dvs` is dvs, and gives what it printed. */
async function runShell(scratch: Scratch, cwd: string, script: string): Promise<string> {
  const bin = join(scratch.home, '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'dvs'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, 'dvs'), 0o755);
  writeFileSync(
    join(scratch.home, '.gitconfig'),
    '[user]\nname = ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n',
  );
  const { PATH } = scratch.env;
  const env = {
    ...scratch.env,
    PATH: `${bin}:${PATH}`,
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: NOW,
    GIT_COMMITTER_DATE: NOW,
  };
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [status] = await once(child, 'close');
  if (status === 0) return printed.replaceAll(PROGRESS, '').replaceAll(scratch.home, HOME);
  const quiet = join(scratch.home, QUIET);
  throw new Error(`exit ${status}\n${printed}\n${existsSync(quiet) ? readFileSync(quiet, 'utf8') : ''}`);
}
