import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect } from 'vitest';
import { CallEvaluator, type CallMetrics, replayFiles } from '../../src/index.ts';
import type { Emitted } from '../simulate/index.ts';
import { aCall, aSeed, bodies, disordered, metricsOf, someCalls, told, withoutArrival } from './calls.ts';
import { law } from './runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'order-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where an arrival is cut into batches or files, as shares of its length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });

describe('any order and any repeats give the same bytes', () => {
  law(
    'in batches of any size',
    { drawn: aCall, order: aSeed, cuts },
    async ({ drawn, order, cuts }) => {
      const { call, emitted } = told(drawn);
      const evaluator = new CallEvaluator({ clock: () => call.now });
      for (const batch of cut(disordered(emitted, order), cuts)) await evaluator.processEvents(bodies(batch));
      const metrics = (await evaluator.getMetrics(call.room.sid))!;
      await evaluator.close();
      expect(withoutArrival(metrics)).toBe(withoutArrival(await metricsOf({ call, emitted })));
      const { received, distinct, duplicates } = metrics.evidence.events;
      expect(distinct).toBe(emitted.length);
      expect(received).toBe(distinct + duplicates);
    },
    { runs: 10 },
  );

  law(
    'one event at a time, asked for metrics in between',
    { drawn: aCall, order: aSeed },
    async ({ drawn, order }) => {
      const { call, emitted } = told(drawn);
      const evaluator = new CallEvaluator({ clock: () => call.now });
      for (const body of bodies(disordered(emitted, order))) {
        await evaluator.processEvent(body);
        await evaluator.getMetrics(call.room.sid);
      }
      const metrics = (await evaluator.getMetrics(call.room.sid))!;
      await evaluator.close();
      expect(withoutArrival(metrics)).toBe(withoutArrival(await metricsOf({ call, emitted })));
    },
    { runs: 10 },
  );

  law(
    'replayed from several files, with and without a database',
    {
      drawn: someCalls(1, 3),
      order: aSeed,
      cuts,
      format: fc.constantFrom(...FORMATS()),
    },
    async ({ drawn, order, cuts, format }) => {
      const calls = drawn.map((one) => told(one));
      const now = Math.max(...calls.map(({ call }) => call.now));
      const emitted = calls.flatMap((one) => one.emitted);
      const inOrder = await replayed([emitted], format, now);
      const files = cut(disordered(emitted, order), cuts);
      const outOfOrder = await replayed(files, format, now);
      const stored = await replayed(files, format, now, ':memory:');
      expect(outOfOrder.map(withoutArrival)).toEqual(inOrder.map(withoutArrival));
      expect(outOfOrder.map(({ revision }) => revision)).toEqual(inOrder.map(({ revision }) => revision));
      expect(stored.map(withoutArrival)).toEqual(inOrder.map(withoutArrival));
      expect(stored.map(({ evidence }) => evidence)).toEqual(outOfOrder.map(({ evidence }) => evidence));
    },
    { runs: 10 },
  );

  law(
    'also of rooms that share a name',
    { drawn: someCalls(2, 3), order: aSeed },
    async ({ drawn, order }) => {
      const calls = drawn.map((one) => told(one));
      const now = Math.max(...calls.map(({ call }) => call.now));
      const emitted = calls.flatMap(({ call, emitted }) => renamed(emitted, call.room.name, 'reused'));
      const measured = async (arrivals: Emitted[]) => {
        const evaluator = new CallEvaluator({ clock: () => now });
        for (const body of bodies(arrivals)) await evaluator.processEvent(body);
        const found = await Promise.all(calls.map(({ call }) => evaluator.getMetrics(call.room.sid)));
        await evaluator.close();
        return found.map((metrics) => withoutArrival(metrics!));
      };
      expect(await measured(disordered(emitted, order))).toEqual(await measured(emitted));
    },
    { runs: 10 },
  );
});

function cut(arrivals: readonly Emitted[], shares: readonly number[]): Emitted[][] {
  const ends = [...shares.map((share) => Math.round(share * arrivals.length)), arrivals.length].sort((a, b) => a - b);
  return ends.map((end, i) => arrivals.slice(ends[i - 1] ?? 0, end)).filter((batch) => batch.length > 0);
}

function renamed(emitted: readonly Emitted[], name: string, other: string): Emitted[] {
  return JSON.parse(JSON.stringify(emitted).replaceAll(JSON.stringify(name), JSON.stringify(other)));
}

interface Format {
  name: string;
  write(bodies: readonly object[]): string | Uint8Array;
}

function FORMATS(): Format[] {
  const lines = (bodies: readonly object[]) => bodies.map((body) => JSON.stringify(body)).join('\n');
  return [
    { name: 'ndjson', write: lines },
    { name: 'json', write: (bodies) => JSON.stringify(bodies, null, 1) },
    { name: 'jsonl.gz', write: (bodies) => gzipSync(lines(bodies)) },
  ];
}

async function replayed(files: Emitted[][], { name, write }: Format, now: number, db?: string): Promise<CallMetrics[]> {
  const paths = files.map((emitted, i) => {
    const path = join(folder, `${i}.${name}`);
    writeFileSync(path, write(bodies(emitted)));
    return path;
  });
  const found: CallMetrics[] = [];
  const onMetrics = (json: string) => void found.push(JSON.parse(json));
  await replayFiles(paths, { now: new Date(now), onMetrics, ...(db === undefined ? {} : { db }) });
  return found;
}
