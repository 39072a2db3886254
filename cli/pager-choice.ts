/** F: leave at once when all fits. R: show colours. X: leave the text on the terminal. As git has it. */
export const LESS = 'FRX';
export const USUAL_PAGER = `less -${LESS}`;
/** The variables that choose a pager. */
export interface PagerVariables {
  readonly DVS_PAGER?: string | undefined;
  readonly PAGER?: string | undefined;
  readonly TERM?: string | undefined;
}

/** The pager's command line: the first that is set, and undefined when that one is empty or `cat`. */
export function chosenPager(
  { DVS_PAGER, PAGER, TERM }: PagerVariables,
  configured?: string,
): string | undefined {
  const chosen = (DVS_PAGER ?? configured ?? PAGER ?? USUAL_PAGER).trim();
  return chosen === '' || chosen === 'cat' || TERM === 'dumb' ? undefined : chosen;
}
