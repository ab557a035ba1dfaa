/** What holds of summaries, whatever the calls are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { figuresIn, storedText } from '../../src/fleet/storedFigures.ts';
import { Summarizer, summarize } from '../../src/fleet/summary.ts';
import type { SummaryOptions } from '../../src/fleet/summaryOptions.ts';
import { certainCall } from './someFigures.ts';
import { callSummaryFigures } from './summaryFigures.ts';

const calls = fc.array(certainCall, { maxLength: 40 });
const options: fc.Arbitrary<SummaryOptions> = fc.record({
  by: fc.constantFrom<string[]>(
    [],
    ['day'],
    ['hour', 'agent'],
    ['roomName'],
    ['metadata.tenant', 'status'],
    ['tag', 'kind'],
    ['week'],
  ),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'),
  maxGroups: fc.constantFrom(1, 3, 1000),
  exactUpTo: fc.constantFrom(0, 3, 10_000),
  shortAbandon: fc.constantFrom(0, 5),
});

test('in any order calls give the same bytes', () => {
  fc.assert(
    fc.property(calls, options, fc.infiniteStream(fc.nat()), (calls, options, random) => {
      const shuffled = calls.map((call) => [random.next().value!, call] as const).sort(([a], [b]) => a - b);
      const again = summarize(
        shuffled.map(([, call]) => call),
        options,
      );
      expect(JSON.stringify(again)).toBe(JSON.stringify(summarize(calls, options)));
    }),
  );
});

test('parts that are merged give the same bytes as the whole', () => {
  fc.assert(
    fc.property(fc.array(calls, { maxLength: 4 }), options, (parts, options) => {
      const merged = new Summarizer(options);
      for (const part of parts.toReversed()) {
        const one = new Summarizer(options);
        for (const call of part) one.add(call);
        merged.merge(one);
      }
      expect(JSON.stringify(merged.result())).toBe(JSON.stringify(summarize(parts.flat(), options)));
    }),
  );
});

test('stored and read again, calls give the same bytes', () => {
  fc.assert(
    fc.property(calls, options, (calls, options) => {
      const read = calls.map((call) => figuresIn(storedText(call))!);
      expect(JSON.stringify(summarize(read, options))).toBe(JSON.stringify(summarize(calls, options)));
    }),
    { numRuns: 8 },
  );
});

test('each figure accounts for every call, and each certain one is its own limit', () => {
  fc.assert(
    fc.property(calls, (calls) => {
      const { total } = summarize(calls);
      for (const { path, value, low, high, n, leftOut } of callSummaryFigures(total)) {
        const left = Object.values(leftOut).reduce((sum, times) => sum + times, 0);
        expect(n + left, path).toBe(calls.length);
        if (value !== null && !path.startsWith('cost')) expect([low, high], path).toEqual([value, value]);
      }
    }),
  );
});

describe('the truth lies within the limits', () => {
  const tenth = fc.integer({ min: 0, max: 20_000 }).map((ms) => ms / 1000);
  /** How far what is told of a call is off, and what else it may be. */
  const doubt = fc.record({
    numbers: fc.array(
      fc.record({ off: fc.boolean(), by: tenth, more: tenth, open: fc.constantFrom(false, false, true) }),
      {
        minLength: 8,
        maxLength: 8,
      },
    ),
    endReason: fc.boolean(),
    audio: fc.boolean(),
    unanswered: fc.boolean(),
    neverOffered: fc.boolean(),
    unsaid: fc.boolean(),
  });
  type Doubt = typeof doubt extends fc.Arbitrary<infer D> ? D : never;

  const NUMBERS = [
    'callDuration',
    'agentHumanDuration',
    'joinLatency',
    'connectedDuration',
    'engagement',
    'waited',
  ] as const;

  /** What might be told of a call of which things were lost. */
  function doubted(call: CallFigures, doubt: Doubt): CallFigures {
    const told: CallFigures = { ...call, bounds: {}, uncertain: [...call.uncertain] };
    const bounds = told.bounds as Record<string, [number, number | null]>;
    for (const [i, name] of NUMBERS.entries()) {
      const truth = call[name];
      const { off, by, more, open } = doubt.numbers[i]!;
      if (!off || truth === null) continue;
      const value = name === 'engagement' ? Math.min(100, Math.round((truth + by) * 100) / 100) : truth + by;
      told[name] = value;
      bounds[name] = [Math.max(0, truth - more), open ? null : value + more];
    }
    for (const [kind, seconds] of Object.entries(call.participantSeconds)) {
      const { off, by, more } = doubt.numbers[6]!;
      if (!off) continue;
      told.participantSeconds = { ...told.participantSeconds, [kind]: seconds + by };
      bounds[`participantSeconds.${kind}`] = [Math.max(0, seconds - more), seconds + by + more];
    }
    if (doubt.numbers[7]!.off && call.responseLatency!.length > 0) {
      const samples = call.responseLatency!;
      const count = samples.length;
      const range = [Math.max(0, Math.min(...samples) - 1), Math.max(...samples) + 1] as const;
      bounds.responseLatency = [...range];
      bounds.responseCount = [doubt.unsaid ? 0 : count, count];
      told.responseLatency = doubt.unsaid ? samples.slice(1) : samples.map(() => range[1]);
    }
    if (doubt.endReason && call.endReason !== null) {
      told.endReason = 'unknown';
      told.uncertain.push('endReason');
    }
    if (doubt.audio) {
      told.audioIssues = ['reconnect'];
      told.audioGrade = 'fair';
      told.uncertain.push('audio');
    }
    if (doubt.unanswered && call.offered) {
      told.uncertain.push('answered');
      told.answered = !call.answered;
      told.abandoned = !told.answered;
      bounds.agentHumanDuration = [0, null];
      bounds.joinLatency = [0, null];
      bounds.waited = [0, null];
      told.joinLatency = told.answered ? (told.joinLatency ?? 4) : null;
      told.waited = told.answered ? null : 7;
      told.agentHumanDuration = told.answered ? 10 : 0;
    }
    if (doubt.neverOffered) {
      told.uncertain.push('offered');
      told.offered = !told.offered;
      if (!told.offered) told.abandoned = false;
    }
    told.bounds = Object.keys(bounds).length > 0 ? (bounds as CallFigures['bounds']) : null;
    return told;
  }

  test('of all figures, whatever was lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(certainCall, doubt), { maxLength: 20 }),
        fc.constantFrom(3, 10_000),
        (pairs, exactUpTo) => {
          const settings = { exactUpTo, shortAbandon: 4, containment: { minDuration: 5 } };
          const truth = summarize(
            pairs.map(([call]) => call),
            settings,
          ).total;
          const told = summarize(
            pairs.map(([call, doubt]) => doubted(call, doubt)),
            settings,
          ).total;
          const limits = new Map(callSummaryFigures(told).map((one) => [one.path, one]));
          for (const { path, value } of callSummaryFigures(truth)) {
            const limit = limits.get(path);
            if (value === null || limit === undefined) continue; // a word that nobody told of has no figure
            const slack = isPercentile(path) && exactUpTo < 20 ? value * 0.0101 : 0; // what the sketch of the truth is off
            if (limit.low !== null) expect(limit.low <= value + slack, `${path}: ${limit.low} <= ${value}`).toBe(true);
            if (limit.high !== null)
              expect(value - slack <= limit.high, `${path}: ${value} <= ${limit.high}`).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
const isPercentile = (path: string) => /\.p\d\d$/.test(path);
