import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command line, for Node to run; no module of the sources, so its file is not part of the URL. */
export const MAIN = join(fileURLToPath(new URL('../cli/bundle', import.meta.url)), 'main.js');
