import { defineConfig } from 'vitest/config';

/** Where to write the results as JSON, for whoever counts them. */
const { DVS_TEST_RESULTS } = process.env;

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Processes, not threads: what is tested starts threads of its own and catches signals.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    reporters: DVS_TEST_RESULTS ? ['default', ['json', { outputFile: DVS_TEST_RESULTS }]] : ['default'],
  },
});
