import { createRequire } from 'node:module';

const { version }: { version: string } = createRequire(import.meta.url)('../../../package.json');

/** Which dvs this is, as runs record it. */
export const TOOL = { name: 'dvs', version } as const;
