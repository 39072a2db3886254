import { fileURLToPath } from 'node:url';

/** The built command line, for Node to run. */
export const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
