import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Many tests wait for child processes and for time limits: more of them at once than there are cores.
    maxWorkers: 4,
    // Each file restores what it changes of its process, and need not pay for one of its own.
    isolate: false,
    // The command line, as a process, is stripped of its types once.
    env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
  },
});
