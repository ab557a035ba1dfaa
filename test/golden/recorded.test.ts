/**
 * What a real livekit-server sent (fixtures/recorded/README.md), against what the driver of those calls saw happen by its
 * own clock. `NAME.truth.metrics.json`: by roomSid, metric path -> a form of expectation.ts, or
 * {truth: [low, high], tolerance}: the truth lies in the range (an act takes a moment), the value within the tolerance of
 * it (LiveKit's createdAt is in whole seconds), and bounds, where there are any, hold it;
 * {bound: [low, high], tolerance}: the same, but where there are bounds they alone are asked.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replayFiles } from '../../src/replay/replay.ts';
import { type Json, mismatch, readGoldenFile, resolve } from './expectation.ts';

const folder = join(import.meta.dirname, '../../fixtures/recorded');
const TRUTH = '.truth.metrics.json';
const RECORDING = '.ndjson';

const named = (ending: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

type Metrics = Record<string, unknown>;

async function replay(file: string, now: string): Promise<{ calls: Metrics[]; quarantined: number }> {
  const calls: Metrics[] = [];
  let quarantined = 0;
  await replayFiles([join(folder, file)], {
    now: new Date(now),
    onQuarantined: () => {
      quarantined++;
    },
    onMetrics: (json: string) => {
      calls.push(JSON.parse(json) as Metrics);
    },
  });
  return { calls, quarantined };
}

const readTruth = (name: string) => readGoldenFile(readFileSync(join(folder, name + TRUTH), 'utf8'));

type Range = [number, number];
interface Measured {
  kind: 'truth' | 'bound';
  range: Range;
  tolerance: number;
}

function measured(form: Json): Measured | null {
  if (form === null || typeof form !== 'object' || Array.isArray(form)) return null;
  const kind = 'truth' in form ? 'truth' : 'bound' in form ? 'bound' : null;
  return kind && { kind, range: form[kind] as Range, tolerance: Number(form.tolerance ?? 1.5) };
}

/** What is wrong with a value, and with the bounds that are given for it. */
function wrongAt(metrics: Metrics, path: string, form: Json): string[] {
  const wanted = measured(form);
  if (!wanted) return [mismatch(metrics, path, form)].filter((line) => line !== null);
  const [low, high] = wanted.range;
  const lines: (string | null)[] = [];
  const bounds = resolve(metrics, `evidence.bounds["${path}"]`) as [number | null, number | null] | undefined;
  if (wanted.kind === 'truth' || !bounds) {
    lines.push(mismatch(metrics, path, { in: [low - wanted.tolerance, high + wanted.tolerance] }));
  }
  if (bounds) {
    const grain = Number(resolve(metrics, 'evidence.resolution'));
    const holds = (bounds[0] ?? -Infinity) <= high + grain && (bounds[1] ?? Infinity) >= low - grain;
    if (!holds) lines.push(`${path}: bounds ${JSON.stringify(bounds)} do not hold the truth, ${low} to ${high}`);
  }
  return lines.filter((line) => line !== null);
}

test('every recording has its truth, and every truth its recording', () => {
  expect(named(RECORDING)).toEqual(named(TRUTH));
  expect(named(RECORDING).length).toBeGreaterThanOrEqual(20);
});

describe.each(named(RECORDING))('recorded/%s', (name) => {
  const truth = readTruth(name);

  test('gives what happened', async () => {
    const { calls, quarantined } = await replay(name + RECORDING, truth.now!);
    expect(quarantined).toBe(truth.quarantined);
    expect(calls.map(({ roomSid }) => roomSid).sort()).toEqual([...truth.rooms.keys()].sort());
    const wrong = calls.flatMap((call) =>
      [...truth.rooms.get(String(call.roomSid))!]
        .filter(([path]) => !path.startsWith('$'))
        .flatMap(([path, form]) => wrongAt(call, path, form)),
    );
    if (wrong.length > 0) throw new Error(`recorded/${name}:\n  ${wrong.join('\n  ')}`);
  });
});

test('what LiveKit sends again after a 503 is a duplicate and changes nothing', async () => {
  const name = 'receiver-503';
  const { now } = readTruth(name);
  const attempts = `${name}.attempts.txt`;
  expect(existsSync(join(folder, attempts))).toBe(true);
  const [once] = (await replay(name + RECORDING, now!)).calls;
  const [again] = (await replay(attempts, now!)).calls;
  const requests = readFileSync(join(folder, attempts), 'utf8').trim().split('\n').length;
  const distinct = Number(resolve(once, 'evidence.events.distinct'));
  expect(resolve(again, 'evidence.events')).toMatchObject({ received: requests, duplicates: requests - distinct });
  const withoutArrival = (call: Metrics | undefined) => ({
    ...call,
    evidence: { ...(call?.evidence as object), events: null },
  });
  expect(withoutArrival(again)).toEqual(withoutArrival(once));
});

test('one node sends the events of a room in order, so that none is out of order', async () => {
  const counted: Record<string, unknown> = {};
  for (const name of named(RECORDING)) {
    const { calls } = await replay(name + RECORDING, readTruth(name).now!);
    for (const call of calls) {
      const late = resolve(call, 'evidence.events.outOfOrder');
      if (late !== 0) counted[`${name} ${call.roomSid}`] = late;
    }
  }
  expect(counted).toEqual({});
});
