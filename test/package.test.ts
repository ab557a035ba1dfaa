/** What is published: a tarball that installs, runs and has its types in an empty folder. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBuilt } from './built.ts';
import { linesOf } from './server/api/recorded.ts';
import { KEY, SECRET } from './server/webhook/signed.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'call-evaluator-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (args: string[], cwd: string) =>
  promisify(execFile)('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    shell: process.platform === 'win32',
  });
const node = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: folder });

let paths: string[];
beforeAll(async () => {
  const asBuilt = isBuilt() ? ['--ignore-scripts'] : [];
  const { stdout } = await npm(['pack', ...asBuilt, '--json', '--pack-destination', folder], ROOT);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  paths = files.map(({ path }) => path);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await npm(['install', '--prefer-offline', join(folder, filename)], folder);
}, 120_000);

test('holds what is needed, and no more', () => {
  const needed = [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/server/index.d.ts',
    'dist/agents/index.d.ts',
    'dist/call-metrics.schema.json',
  ];
  expect(paths).toEqual(expect.arrayContaining([...needed, 'README.md', 'LICENSE']));
  expect(paths.filter((path) => /^(src|test|deploy|\.ci)\//.test(path))).toEqual([]);
});

test('what is installed without the dev dependencies is the same by the lock file', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(packages['']).toMatchObject({ dependencies, devDependencies });
  const installed = Object.entries<{ dev?: boolean }>(packages).filter(([, { dev }]) => !dev);
  expect(installed.map(([path]) => path)).toEqual(
    expect.arrayContaining(Object.keys(dependencies).map((name) => `node_modules/${name}`)),
  );
});

describe.concurrent('in an empty folder', () => {
  test('the command line runs', async () => {
    const main = 'node_modules/call-evaluator/dist/cli/main.js';
    const recording = join(ROOT, 'fixtures/support-call.ndjson');
    const { stdout, stderr } = await node(main, 'replay', '--format', 'ndjson', recording);
    expect(stderr).not.toContain('Error');
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ status: 'finished', agentResponseCount: 1 });
  });

  test('the library and the server run', async () => {
    writeFileSync(
      join(folder, 'use.js'),
      `import { createHash } from 'node:crypto';
       import { CallEvaluator } from 'call-evaluator';
       import { createApi, createServer } from 'call-evaluator/server';
       import schema from 'call-evaluator/schema.json' with { type: 'json' };
       import { AccessToken } from 'livekit-server-sdk';

       const [first, second] = ${JSON.stringify(linesOf('support-call').slice(0, 2))};
       const keys = { ${KEY}: '${SECRET}' };
       const evaluator = new CallEvaluator();
       const { status } = await evaluator.processEvent(first);
       const server = createServer(evaluator, { keys, env: {} });
       const { url } = await server.listen(0);
       const token = new AccessToken('${KEY}', '${SECRET}');
       token.sha256 = createHash('sha256').update(second).digest('base64');
       const authorization = await token.toJwt();
       const post = (body) => fetch(url + '/webhook', { method: 'POST', body, headers: { authorization } });
       const answers = [await post(second), await post(first)];
       const api = createApi(evaluator, { env: {} });
       const calls = await api.fetch(new Request('http://localhost/v1/calls'));
       await server.close();
       await evaluator.close();
       console.log(status, schema.type, ...answers.map(({ status }) => status), calls.status);`,
    );
    expect((await node('use.js')).stdout.trim()).toBe('stored object 200 401 200');
  });

  // The hardest case: no DOM, and nothing said of @types/node, which our declarations ask for and bring along.
  test('strict TypeScript that checks our declarations compiles', async () => {
    const compilerOptions = { strict: true, skipLibCheck: false, module: 'nodenext', lib: ['es2024'], noEmit: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    writeFileSync(
      join(folder, 'use.ts'),
      `import { createServer as createHttpServer } from 'node:http';
       import { CallEvaluator, type CallMetrics } from 'call-evaluator';
       import { type CallServer, createApi, createServer } from 'call-evaluator/server';

       const evaluator = new CallEvaluator({ agentExpected: true });
       export const http = createHttpServer(evaluator.webhook());
       export const POST: (request: Request) => Promise<Response> = evaluator.fetchHandler();
       export const metrics: CallMetrics | null = await evaluator.getMetrics('RM_1');
       export const server: CallServer = createServer(evaluator, { token: 'x' });
       export const api: Promise<Response> = createApi(evaluator).fetch(new Request('http://localhost/'));
       // @ts-expect-error: there is no such option
       createServer(evaluator, { tokn: 'x' });
       evaluator.on('callFinished', ({ duration }) => duration.toFixed());`,
    );
    await node(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder).catch(({ stdout }) => expect.fail(stdout));
  });
});
