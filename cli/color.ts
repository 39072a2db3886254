export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** The variables that have a say in colours. */
export interface ColorVariables {
  readonly NO_COLOR?: string | undefined;
  readonly FORCE_COLOR?: string | undefined;
  readonly CLICOLOR?: string | undefined;
  readonly CLICOLOR_FORCE?: string | undefined;
  readonly TERM?: string | undefined;
}

/**
 * Whether to print colours. What was asked for on the command line comes first, then NO_COLOR (no-color.org), then the
 * variables that force them, then what the terminal can do; without a terminal there are none.
 */
export function wantsColor(
  choice: ColorChoice = 'auto',
  { NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM }: ColorVariables,
  isTerminal: boolean,
): boolean {
  if (choice === 'always' || choice === 'never') return choice === 'always';
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  if (CLICOLOR_FORCE && CLICOLOR_FORCE !== '0') return true;
  return isTerminal && TERM !== 'dumb' && CLICOLOR !== '0';
}
