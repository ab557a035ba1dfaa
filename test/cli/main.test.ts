import { expect, test } from 'vitest';
import { run, runProcess } from './run.ts';

test('--help says what it is, shows examples and tells the exit codes', async () => {
  const { code, stdout } = await runProcess(['--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('Call analytics for LiveKit');
  expect(stdout).toContain('call-evaluator replay recording.ndjson');
  expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 /);
});

test.each([
  'replay',
  'calls',
  'export',
  'metrics',
  'events',
  'explain',
  'conversation',
  'state',
  'report',
  'attendance',
  'quarantine',
  'requarantine',
  'rebuild',
  'schema',
  'serve',
  'trust',
  'what-if',
  'compare',
  'series',
  'simulate',
])('%s --help teaches by example, and a wrong use of it is answered with one', async (command) => {
  const { stdout } = await run([command, '--help']);
  expect(stdout).toMatch(new RegExp(`\\nExamples:\\n {2}call-evaluator ${command} `));
  const { code, stderr } = await run([command, '--nonsense']);
  expect(code).toBe(2);
  expect(stderr).toContain(`\nfor example: call-evaluator ${command} `);
});

test('--version is that of the package', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [['replai', 'x'], "unknown command 'replai'", 'replay'],
  [['replay', '--formt', 'json', 'x'], "unknown option '--formt'", '--format'],
  [['replay', '--no-show-afte', '3', 'x'], "unknown option '--no-show-afte'", '--no-show-after'],
  [['calls', '--bd', 'x.db'], "unknown option '--bd'", '--db'],
  [['replay', '--never-sent', 'track_publishd', 'x'], '"track_publishd" is no event type', 'track_published'],
])('%j is refused, and the nearest right word named', async (args, refusal, nearest) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(refusal);
  expect(stderr).toMatch(new RegExp(`Did you mean ${nearest}\\?`));
});

test.each([
  [['replay', '--now', '2026-13-01', 'x'], '2026-01-01T00:00:00Z'],
  [['replay', '--stale-after', 'soon', 'x'], '24h'],
  [['replay', '--stale-after', '99999999999', 'x'], 'at most 10000d'],
  [['replay', '--format', 'xml', 'x'], 'table, ndjson, json'],
  [['calls', '--limit', '0', '--db', 'x'], 'from 1 on'],
  [['calls', '--end-reason', 'human_hangp', '--db', 'x'], 'human_hangup, agent_hangup'],
  [['calls'], '--db'],
  [['calls', '--since', 'yesterday', '--db', 'x'], '30d or 2w is so long ago'],
  [['calls', '--metadata', 'acme', '--db', 'x'], 'team=sales'],
  [['export', '--db', 'x'], 'export calls --db calls.db'],
  [['export', 'call', '--db', 'x'], 'Allowed choices are calls'],
  [['replay'], 'replay recording.ndjson'],
  [['explain', 'RM_x7', '--db', 'x'], 'explain RM_x7 callDuration --db calls.db'],
])('%j is refused with what would be right', async (args, right) => {
  const { code, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stderr).toContain(right);
});

test('a Node that better-sqlite3 cannot bear is told so before anything is loaded', async () => {
  const old = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.20.2" })';
  const { code, stdout, stderr } = await runProcess(['replay', 'x.ndjson'], { node: ['--import', old] });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^call-evaluator needs Node 22\.18 or newer, and this is Node 20\.20\.2: install .*\n$/);
});
