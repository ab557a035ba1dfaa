import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Many tests wait for child processes and for time limits: more of them at once than there are cores.
    maxWorkers: 4,
    // The command line, started a hundred times, is stripped of its types once.
    env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
  },
});
