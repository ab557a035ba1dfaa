/** What is published: a tarball that installs and runs in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'call-evaluator-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (args: string[], cwd: string) =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });

test('a packed tarball installs, runs and has its types in an empty folder', () => {
  const [{ filename, files }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/index.js',
      'dist/index.d.ts',
      'dist/call-metrics.schema.json',
      'README.md',
      'LICENSE',
    ]),
  );
  expect(paths.filter((path) => /^(src|test|\.ci)\//.test(path))).toEqual([]);

  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  npm(['install', '--prefer-offline', join(folder, filename)], folder);
  const bin = join(folder, 'node_modules/call-evaluator/dist/cli/main.js');
  const replayed = spawnSync(
    process.execPath,
    [bin, 'replay', '--format', 'ndjson', join(root, 'fixtures/support-call.ndjson')],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(replayed.stderr).not.toContain('Error');
  expect(JSON.parse(replayed.stdout.split('\n')[0]!)).toMatchObject({ status: 'finished', agentResponseCount: 1 });

  const [event] = readFileSync(join(root, 'fixtures/support-call.ndjson'), 'utf8').split('\n');
  writeFileSync(
    join(folder, 'use.js'),
    `import { CallEvaluator } from 'call-evaluator';
     import schema from 'call-evaluator/schema.json' with { type: 'json' };
     const evaluator = new CallEvaluator();
     const receipt = await evaluator.processEvent(${JSON.stringify(event)});
     await evaluator.close();
     console.log(receipt.status, schema.type);`,
  );
  expect(execFileSync(process.execPath, ['use.js'], { cwd: folder, encoding: 'utf8' }).trim()).toBe('stored object');
}, 120_000);
