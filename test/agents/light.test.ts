/** Agents are forked for each call: what they import has to be little. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sdkVersion } from '../../src/agents/sdkVersion.ts';
import { Receiver } from './receiver.ts';

const ROOT = join(import.meta.dirname, '../..');

test('call-evaluator/agents loads no package, and of this one a few files', () => {
  const code = `import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('./src/agents/index.ts');
    console.log(JSON.stringify(loaded));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT, encoding: 'utf8' });
  const loaded: string[] = JSON.parse(printed);
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.filter((url) => !/^node:|\/src\/(agents|telemetry|webhook)\//.test(url))).toEqual([]);
  expect(loaded.filter((url) => !url.startsWith('node:')).length).toBeLessThan(20);
});

test('the version of @livekit/agents is the one that the program sees', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-'));
  const sdk = join(folder, 'node_modules/@livekit/agents');
  mkdirSync(join(sdk, 'dist/ipc'), { recursive: true });
  writeFileSync(
    join(sdk, 'package.json'),
    '{"name":"@livekit/agents","version":"1.9.0","exports":{"import":"./x.js"}}',
  );
  expect(sdkVersion(join(folder, 'agent.ts'))).toBe('1.9.0');
  expect(sdkVersion(join(sdk, 'dist/ipc/job_proc_lazy_main.js'))).toBe('1.9.0'); // what a job's process was started with
  rmSync(folder, { recursive: true });
  expect(sdkVersion('/nowhere/agent.ts')).toBeUndefined(); // in no folder above it, as there may be above a temporary one
});

const inProcess = (code: string, url: string, spoolDir: string) =>
  promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { attach } from './src/agents/index.ts';
       import { FakeJob, FakeSession } from './test/agents/replay.ts';
       const session = new FakeSession();
       attach(session, new FakeJob(), ${JSON.stringify({ url, token: 'x', spoolDir, flushWithin: 1 })});
       ${code}`,
    ],
    { cwd: ROOT },
  );

describe('a process that has nothing else to do', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ends-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('ends, though it is attached', async () => {
    await inProcess("session.say('item_1');", 'http://127.0.0.1:9', folder);
  });

  test('lasts until what the session told is sent, or on disk', async () => {
    const told = "session.say('item_1'); session.emit('close', { reason: 'error' });";
    const receiver = new Receiver();
    await inProcess(told, await receiver.listen(), folder);
    expect(receiver.ids).toEqual(['item_1']);
    await receiver.close();
    await inProcess(told, 'http://127.0.0.1:9', folder);
    const kept = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    expect(kept).toHaveLength(1);
  });
});
