import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They wait for child processes and time limits: others have the cores meanwhile, if these begin first. */
const WAITS = /test\/(faults\/|readme|package|agents\/real|server\/agents\/receive|server\/webhook\/body|server\/api\/live)/;

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) => WAITS.test(moduleId);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Many tests wait: more of them at once than there are cores.
    maxWorkers: 4,
    sequence: { sequencer: WaitingFirst },
    // Each file restores what it changes of its process, and need not pay for one of its own.
    isolate: false,
    // The command line, as a process, is stripped of its types once.
    env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
  },
});
