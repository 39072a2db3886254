import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMANDS, type CommandSummary } from '#cli/commands.js';
import { splitLine } from '#cli/complete/words.js';
import { defineCommand, family, makeProgram } from '#cli/definition.js';
import { examplesOf } from '#cli/options.js';

/** A command as defined, and how often it was run. */
async function defined(
  summary: CommandSummary,
): Promise<{ program: Command; command: Command; runs: () => number }> {
  let runs = 0;
  const run = async (): Promise<void> => {
    runs++;
  };
  const program = makeProgram();
  const command = await defineCommand(program, summary, { patterns: ['x'], run });
  return { program, command, runs: () => runs };
}

/** The words after `dvs` in a line of shell; of what pipes and redirections join, its own part. */
function wordsOf(line: string): string[] {
  const own = line.split(/ (?:\|\|?|&&|[<>]) /).find((part) => part.startsWith('dvs ')) ?? '';
  const { before, current } = splitLine(own);
  expect(before[0], line).toBe('dvs');
  return [...before.slice(1), current.text];
}

describe('the examples in help', () => {
  test.each(COMMANDS)('of $name are command lines that it takes', async (summary) => {
    const { command } = await defined(summary);
    const examples = examplesOf(command);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line, purpose] of examples) {
      expect(purpose).not.toBe('');
      const { program, runs } = await defined(summary);
      const words = wordsOf(line);
      const dashes = words.indexOf('--');
      const ownWords = summary.takesPatterns === true && dashes >= 0 ? words.slice(0, dashes) : words;
      await program.parseAsync(ownWords, { from: 'user' });
      expect(runs(), line).toBe(1);
    }
  });

  test.each(COMMANDS)('of $name: every argument and option is explained', async (summary) => {
    const { command } = await defined(summary);
    for (const member of family(command)) {
      for (const one of [...member.registeredArguments, ...member.options])
        expect(one.description).not.toBe('');
    }
  });
});
