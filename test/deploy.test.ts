/** deploy/: no Docker and no systemd here, so what they would be told is held against what there is, and its commands are run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run, start, untilListening } from './cli/run.ts';
import { blockOf } from './readme.ts';
import { KEY, SECRET } from './server/webhook/signed.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { bin, files, devDependencies } = JSON.parse(read('package.json'));
const MAIN: string = bin['call-evaluator'];

const instructions = [
  ...read('deploy/Dockerfile')
    .replace(/\\\n/g, '')
    .matchAll(/^([A-Z]+) +(.+)$/gm),
].map(([, name, rest]) => ({ name: name!, rest: rest! }));
const all = (wanted: string) => instructions.filter(({ name }) => name === wanted).map(({ rest }) => rest);
const last = (wanted: string) => all(wanted).at(-1)!;

const unit = new Map(
  [...read('deploy/call-evaluator.service').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
);

let help: string;
beforeAll(async () => {
  help = (await run(['serve', '--help'])).stdout;
});
function expectServeToKnow([name, ...words]: string[]) {
  expect(name).toBe('serve');
  for (const option of words.filter((word) => word.startsWith('-')))
    expect(help).toMatch(new RegExp(`^ +${option}\\b`, 'm'));
}

describe('Dockerfile', () => {
  const command: string[] = JSON.parse(last('CMD'));

  test('takes along only what is there, and all that its ignore file lets through', () => {
    const copied = all('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(/ +/).slice(0, -1));
    for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
    const [everything, ...passed] = read('deploy/Dockerfile.dockerignore').trim().split('\n');
    expect(everything).toBe('*');
    expect(new Set(passed)).toEqual(new Set(copied.map((path) => `!${path}`)));
  });

  test('is of the Node.js that the tests run on', () => {
    const [, major] = /^\^(\d+)\./.exec(devDependencies.node)!;
    for (const image of all('FROM')) expect(image).toMatch(new RegExp(`^node:${major}-slim`));
  });

  test('ends in a command that the command line knows, as nobody special', () => {
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', MAIN]);
    expectServeToKnow(command);
    expect(last('USER')).toBe('node');
    expect(command[command.indexOf('--db') + 1]).toMatch(new RegExp(`^${last('VOLUME')}/`));
    expect(instructions.filter(({ rest }) => /SECRET|TOKEN|API_KEY/.test(rest))).toEqual([]);
  });

  describe('run by hand', () => {
    const data = mkdtempSync(join(tmpdir(), 'call-evaluator-deploy-'));
    afterAll(() => {
      vi.unstubAllEnvs();
      rmSync(data, { recursive: true });
    });
    const started = () => [...command.map((word) => word.replace(last('VOLUME'), data)), '--port', '0'];
    const [node, ...check]: string[] = JSON.parse(last('HEALTHCHECK').replace(/^.*?CMD /, ''));

    test('its command serves, is healthy, and stops at its signal; its check tells when nobody is there', async () => {
      vi.stubEnv('LIVEKIT_API_KEY', KEY);
      vi.stubEnv('LIVEKIT_API_SECRET', SECRET);
      const child = start(started());
      const { exit, told } = await untilListening(child);
      const [, port] = /0\.0\.0\.0:(\d+)/.exec(told().stderr)!;
      expect(node).toBe('node');
      expect(check.join(' ')).toContain(`127.0.0.1:${last('EXPOSE')}/`);
      const healthy = async () => {
        const words = check.map((word) => word.replace(last('EXPOSE'), port!));
        return (await once(spawn(process.execPath, words), 'close'))[0];
      };
      expect(await healthy()).toBe(0);
      child.kill(last('STOPSIGNAL') as NodeJS.Signals);
      expect(await exit).toEqual([0, null]);
      expect(await healthy()).toBe(1);
    });

    test('without a key or token it ends at once, and says why', async () => {
      vi.unstubAllEnvs();
      expect(await run(started())).toMatchObject({ code: 2, stderr: expect.stringContaining('CALL_EVALUATOR_TOKEN') });
    });
  });

  test('is built and run as the README says', () => {
    const [build, started] = blockOf('', 'Keep it running').code.split('\n');
    expect(build).toBe(read('deploy/Dockerfile').split('\n', 1)[0]!.replace('# ', ''));
    expect(started).toContain(`:${last('EXPOSE')}:${last('EXPOSE')} -v calls:${last('VOLUME')} `);
  });

  test('listens by default where it says', () => {
    expect(help.replace(/\s+/g, ' ')).toMatch(new RegExp(`--port <n> [^-]*\\(default: ${last('EXPOSE')}\\)`));
  });
});

describe('systemd unit', () => {
  test('starts what is there, with options that the command line knows', () => {
    const [env, node, main, ...words] = unit.get('ExecStart')!.split(' ');
    expect([env, node]).toEqual(['/usr/bin/env', 'node']);
    expect(main).toBe(`/opt/call-evaluator/${MAIN}`);
    expect(files).toContain(MAIN.split('/')[0]);
    expectServeToKnow(words);
    expect(words[words.indexOf('--db') + 1]).toBe(`%S/${unit.get('StateDirectory')}/calls.db`);
  });

  test('gives it longer to end than what is under way has', () => {
    const [, grace] = /GRACE = ([\d_]+)/.exec(read('src/server/serve.ts'))!;
    expect(Number(unit.get('TimeoutStopSec')) * 1000).toBeGreaterThan(Number(grace!.replace('_', '')));
  });

  test('is shut in', () => {
    const kept = [
      'DynamicUser',
      'NoNewPrivileges',
      'ProtectHome',
      'PrivateTmp',
      'PrivateDevices',
      'RestrictNamespaces',
    ];
    for (const name of kept) expect(unit.get(name), name).toBe('yes');
    expect(Object.fromEntries(unit)).toMatchObject({ ProtectSystem: 'strict', UMask: '0077', Restart: 'on-failure' });
  });
});
