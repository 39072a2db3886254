import { DvsError } from '../../base/errors.js';

/** The hooks that bring data along: after a checkout, a merge, and a rebase. */
export const HOOKS = ['post-checkout', 'post-merge', 'post-rewrite'] as const;
export type Hook = (typeof HOOKS)[number];

const FIRST_LINE = '#!/bin/sh\n';

/** The first line of a script that takes lines of sh. */
const SHELL = /^#! *(?:\/[^ \n]*\/)?(?:env +)?(?:ba|da|a|k|z)?sh(?: [^\n\r]*)?\n/;

/** `text` with the block for the workspace at `place`, after the first line, so that no `exit` comes before it. */
export function withBlock(hook: Hook, place: string, text = FIRST_LINE): string {
  const rest = withoutBlock(hook, place, text) ?? FIRST_LINE;
  const [first = ''] = SHELL.exec(rest) ?? [];
  if (first === '') throw new DvsError('E_UNSAFE', `${hook} is no script of sh`);
  return first + blockOf(hook, place) + rest.slice(first.length);
}

/** `text` without that block; undefined when nothing is left that does anything. */
export function withoutBlock(hook: Hook, place: string, text: string): string | undefined {
  const [begin, end] = marks(place);
  const start = text.indexOf(begin);
  if (start < 0) return text;
  const stop = text.indexOf(end, start);
  if (stop < 0) {
    throw new DvsError(
      'E_ENCODING',
      `the hook ${hook} has the beginning of what dvs wrote, and not its end`,
      {
        hint: `Take the lines out of it by hand: from \`${begin.trim()}\` on.`,
      },
    );
  }
  const rest = text.slice(0, start) + text.slice(stop + end.length);
  return rest === FIRST_LINE ? undefined : rest;
}

/** True for a script that lines of sh can be put into. */
export function isShellScript(text: string): boolean {
  return SHELL.test(text) && !text.includes('\0');
}

/** What a user may put into a hook of their own. */
export function commandOf(hook: Hook, place: string): string {
  return `dvs git-hook ${hook} ${quoted(place)} "$@" </dev/null`;
}

/** Whatever happens in it, the hook goes on, and git with it. */
function blockOf(hook: Hook, place: string): string {
  const [begin, end] = marks(place);
  const lines = `${begin}# Written by \`dvs install\`; \`dvs uninstall\` takes it out.
if command -v dvs >/dev/null 2>&1; then
  ${commandOf(hook, place)} || :
else
  echo 'dvs: not found in PATH, so the data stays as it is; run \`dvs checkout\` to bring it along' >&2
fi
${end}`;
  // As bytes, like the rest of the script.
  return Buffer.from(lines).toString('latin1');
}

function marks(place: string): [string, string] {
  const bytes = Buffer.from(place).toString('latin1');
  return [`# >>> dvs ${bytes} >>>\n`, `# <<< dvs ${bytes} <<<\n`];
}

/** For sh: one word, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
