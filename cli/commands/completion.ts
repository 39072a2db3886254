import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../complete/print.js';
import { SCRIPTS } from '../complete/scripts.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs completion bash', 'load it in ~/.bashrc: source <(dvs completion bash)'],
    ['dvs completion zsh', 'the same in ~/.zshrc, after compinit'],
    ['dvs completion fish', 'load it in config.fish: dvs completion fish | source'],
  ])
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(SHELLS))
    .action((shell: Shell) =>
      run(
        async () => {
          const lines = (): string[] => SCRIPTS[shell].trimEnd().split('\n');
          return { view: () => ({ shell, script: SCRIPTS[shell] }), brief: lines, text: lines };
        },
        { anySettings: true },
      ),
    );
}
