import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replayFiles } from '../../src/replay/replay.ts';
import { type Json, mismatch, readGoldenFile, resolve } from './expectation.ts';

const root = join(import.meta.dirname, '../..');
/** The cases were written for this instant (their README). */
const NOW_OF_CASES = '2026-12-01T00:00:00Z';

interface Scenario {
  name: string;
  events: string;
  expected: string;
}

const readGolden = (path: string) => readGoldenFile(readFileSync(join(root, path), 'utf8'));
const folder = (path: string) => readdirSync(join(root, path)).sort();

const scenarios: Scenario[] = [
  ...folder('fixtures')
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => {
      const name = file.slice(0, -'.ndjson'.length);
      return { name: `fixtures/${name}`, events: `fixtures/${file}`, expected: `fixtures/${name}.metrics.json` };
    }),
  ...folder('test/cases')
    .filter((name) => existsSync(join(root, 'test/cases', name, 'events.ndjson')))
    .map((name) => ({
      name: `cases/${name}`,
      events: `test/cases/${name}/events.ndjson`,
      expected: `test/cases/${name}/expect.json`,
    })),
];

interface Replayed {
  /** in the order in which replay gave them */
  calls: { roomSid: string; json: string }[];
  quarantined: number;
}

/** The one place that knows how the product replays a file. */
async function replay(path: string, now: string): Promise<Replayed> {
  const replayed: Replayed = { calls: [], quarantined: 0 };
  await replayFiles([join(root, path)], {
    now: new Date(now),
    onQuarantined: () => {
      replayed.quarantined++;
    },
    onMetrics: (json: string) => {
      replayed.calls.push({ roomSid: String(resolve(JSON.parse(json), 'roomSid')), json });
    },
  });
  return replayed;
}

test('every scenario has its expectation, and nothing is expected of a scenario that is not there', () => {
  const missing = scenarios.filter(({ expected }) => !existsSync(join(root, expected))).map(({ expected }) => expected);
  expect(missing).toEqual([]);
  const orphans = folder('fixtures')
    .filter((file) => file.endsWith('.metrics.json'))
    .filter((file) => !existsSync(join(root, 'fixtures', file.replace('.metrics.json', '.ndjson'))));
  expect(orphans).toEqual([]);
  expect(scenarios.filter(({ name }) => name.startsWith('fixtures/')).length).toBeGreaterThanOrEqual(26);
  // else a replay of the whole folder would stir two stories into one call
  const sids = scenarios.flatMap(({ expected }) => [...readGolden(expected).rooms.keys()]);
  expect(sids.filter((sid, i) => sids.indexOf(sid) !== i)).toEqual([]);
  expect(scenarios.filter(({ name }) => name.startsWith('cases/')).length).toBeGreaterThanOrEqual(9);
});

describe.each(scenarios)('$name', ({ events, expected }) => {
  const golden = readGolden(expected);
  const now = golden.now ?? NOW_OF_CASES;
  let once: Promise<Replayed> | undefined;
  const replayed = () => {
    once ??= replay(events, now);
    return once;
  };

  test('its rooms, each once, and its quarantine', async () => {
    const { calls, quarantined } = await replayed();
    expect(calls.map(({ roomSid }) => roomSid).sort()).toEqual([...golden.rooms.keys()].sort());
    expect(quarantined).toBe(golden.quarantined ?? 0);
  });

  test.each([...golden.rooms])('%s', async (roomSid, expectations) => {
    const call = (await replayed()).calls.find((one) => one.roomSid === roomSid);
    if (!call) throw new Error(`${events} gave no metrics of ${roomSid}`);
    const metrics: unknown = JSON.parse(call.json);
    const asked = [...expectations, ...insideTheirBounds(metrics)];
    const wrong = asked.map(([path, form]) => mismatch(metrics, path, form)).filter((line) => line !== null);
    if (wrong.length > 0) throw new Error(`${events}, ${roomSid}:\n  ${wrong.join('\n  ')}`);
  });
});

/** Of any call: a value that rests on an inference lies within the bounds that are given for it. */
function insideTheirBounds(metrics: unknown): [string, Json][] {
  const bounds = Object.entries((resolve(metrics, 'evidence.bounds') ?? {}) as Record<string, Json>);
  return bounds
    .filter(([path]) => typeof resolve(metrics, path) === 'number' || path === 'endedAt')
    .map(([path, range]) => [path, { in: range }]);
}

// case 13 tells the room a second time, as MongoDB keeps the SDK's objects ({"$numberLong"}); of its events only three
test('cases/13-sdk-object-dump/open-mongo', async () => {
  const { calls, quarantined } = await replay('test/cases/13-sdk-object-dump/open-mongo.ndjson', NOW_OF_CASES);
  expect(quarantined).toBe(0);
  expect(calls.length).toBe(1);
  const metrics: unknown = JSON.parse(calls[0]!.json);
  const expected: Record<string, Json> = {
    roomSid: 'RM_c13',
    status: 'finished',
    startedAt: '2026-11-20T23:00:00.000Z',
    duration: 80,
    'participants.unique': 1,
    'participants.list[identity=uma].sessions[0].joinedAt': '2026-11-20T23:00:02.000Z',
    callDuration: { in: [0, 78] },
    'evidence.bounds["callDuration"]': { contains: 56 },
    'evidence.completeness': 0.75,
  };
  expect(Object.entries(expected).map(([path, form]) => mismatch(metrics, path, form))).toEqual(
    Object.keys(expected).map(() => null),
  );
});
