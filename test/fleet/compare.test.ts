/** Two sides of made-up calls: what is better, what is worse, what is noise, and what nobody can know. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Budget, Limit } from '../../src/fleet/compare/budget.ts';
import { COMPARABLES, comparableAt } from '../../src/fleet/compare/comparable.ts';
import { comparisonSchema } from '../../src/fleet/compare/comparison.ts';
import { SideCalls } from '../../src/fleet/compare/side.ts';
import { compare, isComparable } from '../../src/fleet/compare.ts';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { SUMMARY_FIGURES } from '../../src/fleet/summaryRegistry.ts';
import { seeded } from '../../src/random.ts';
import { certainCall, figures, gaveUp, NOON, stillOn } from './someFigures.ts';

function sideOf(calls: Iterable<CallFigures>, options = {}): SideCalls {
  const side = new SideCalls(options);
  for (const call of calls) side.add(call);
  return side;
}
const many = <Value>(times: number, make: (i: number) => Value): Value[] =>
  Array.from({ length: times }, (_, i) => make(i));
const compared = (from: CallFigures[], to: CallFigures[], figures: string[] = ['*'], budget?: Budget) =>
  compare(sideOf(from), sideOf(to), { figures, ...(budget && { budget }) });
const figureOf = (path: string, from: CallFigures[], to: CallFigures[]) => compared(from, to, [path]).figures[0]!;

/** So many calls, of which so many were given up. */
const abandoned = (of: number, count: number) => many(of, (i) => (i < count ? gaveUp(30) : figures()));

describe('the table of what is compared', () => {
  test('has every figure of a summary but usage, each of them once', () => {
    const figures = SUMMARY_FIGURES.map(({ path }) => path).filter((path) => path !== 'usage');
    expect([...new Set(COMPARABLES.map(({ figure }) => figure))]).toEqual(figures);
    const paths = COMPARABLES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('leads to a value of each, of the same calls as the summary’s', () => {
    fc.assert(
      fc.property(fc.array(certainCall, { minLength: 2, maxLength: 40 }), (calls) => {
        const side = sideOf(calls).result();
        for (const comparable of COMPARABLES) {
          const words = comparable.part === '*' ? side.wordsOf(comparable) : [null];
          for (const word of words) {
            const one = word === null ? comparable : comparableAt(comparable.path.replace('*', () => word))!;
            const { value } = side.valueOf(one);
            const estimate = side.estimateOf(one, side);
            if (one.kind === 'volume') expect(estimate).toBeNull();
            if (value !== null && estimate !== null)
              expect(Math.abs(estimate.value - value), one.path).toBeLessThan(one.unit === 'score' ? 0.00501 : 0.00101);
            if (value === null) expect(estimate, one.path).toBeNull();
          }
        }
      }),
    );
  });

  test.each([
    ['responseLatency.p95', true],
    ['cost.USD', true],
    ['endReasons.agent_no_show', true],
    ['joinLatency.*', true],
    ['*', true],
    ['cost.E*', true],
    ['responseLatency.p96', false],
    ['endReasons.agent_noshow', false],
    ['cost.', false],
    ['usage', false],
    ['serviceLevel', false],
    ['latency*', false],
  ])('%s: %s', (figure, is) => {
    expect(isComparable(figure)).toBe(is);
  });
});

describe('a difference', () => {
  test('is told with its interval, and of its own unit', () => {
    const figure = figureOf('abandonmentRate', abandoned(80, 32), abandoned(70, 14));
    expect(figure).toEqual({
      path: 'abandonmentRate',
      unit: 'share',
      perCall: false,
      better: 'lower',
      baseline: { value: 0.4, low: 0.4, high: 0.4, n: 80 },
      candidate: { value: 0.2, low: 0.2, high: 0.2, n: 70 },
      difference: -0.2,
      relative: -0.5,
      interval: [-0.3339, -0.0524], // Newcombe's own example
      range: [-0.2, -0.2],
      chance: 0.013, // Fisher's, which is the greater
      verdict: 'better',
      doubt: null,
    });
  });

  test.each<[string, CallFigures[], CallFigures[], string]>([
    ['abandonmentRate', abandoned(100, 5), abandoned(100, 30), 'worse'],
    ['abandonmentRate', abandoned(100, 30), abandoned(100, 5), 'better'],
    ['abandonmentRate', abandoned(100, 5), abandoned(100, 8), 'same'],
    ['serviceLevel.rate', abandoned(100, 5), abandoned(100, 40), 'worse'],
    ['engagement', many(50, (i) => figures({ engagement: 60 + (i % 5) })), many(50, () => figures()), 'better'],
    [
      'averageHandleTime',
      many(50, (i) => figures({ agentHumanDuration: 60 + (i % 5) })),
      many(50, (i) => figures({ agentHumanDuration: 90 + (i % 5) })),
      'changed',
    ],
    [
      'responseLatency.p95',
      many(200, (i) => figures({ responseLatency: [1 + (i % 50) / 100] })),
      many(200, (i) => figures({ responseLatency: [2 + (i % 50) / 100] })),
      'worse',
    ],
    [
      'endReasons.agent_error',
      many(100, () => figures()),
      many(100, (i) => figures({ endReason: i < 30 ? 'agent_error' : 'human_hangup' })),
      'worse',
    ],
    [
      'audioGrades.good',
      many(100, (i) => figures({ audioGrade: i < 50 ? 'poor' : 'good' })),
      many(100, () => figures()),
      'better',
    ],
    [
      'toolErrorRate',
      many(60, () => figures({ toolCalls: 3, toolErrors: 0 })),
      many(60, (i) => figures({ toolCalls: 3, toolErrors: i % 2 })),
      'worse',
    ],
  ])('of %s', (path, from, to, verdict) => {
    expect(figureOf(path, from, to).verdict).toBe(verdict);
  });

  test('of costs and minutes is one per call, and a call without them has none', () => {
    const cost = (cost: number): CallFigures['usage'] => [
      {
        kind: 'llm',
        provider: null,
        model: 'gpt',
        inputTokens: null,
        cachedInputTokens: null,
        outputTokens: null,
        audioSeconds: null,
        characters: null,
        requests: null,
        cost,
        currency: 'USD',
      },
    ];
    const from = many(40, (i) => figures({ usage: i % 2 ? [] : cost(1) }));
    const to = many(80, (i) => figures({ usage: i % 2 ? [] : cost(2), participantSeconds: { SIP: 120 } }));
    expect(figureOf('cost.USD', from, to)).toMatchObject({
      perCall: true,
      baseline: { value: 0.5 },
      candidate: { value: 1 },
      verdict: 'worse',
    });
    expect(figureOf('participantMinutes.SIP', to, to)).toMatchObject({ candidate: { value: 2 }, verdict: 'same' });
    expect(figureOf('participantMinutes.SIP', from, to)).toMatchObject({ verdict: 'unknown', doubt: 'noValue' });
  });

  test('of how many calls there are is not judged', () => {
    expect(figureOf('calls', abandoned(10, 0), abandoned(90, 0))).toMatchObject({
      difference: 80,
      relative: 8,
      interval: null,
      chance: null,
      verdict: null,
      doubt: null,
    });
  });

  test('of too few calls is not known, unless it is beyond chance all the same', () => {
    expect(figureOf('abandonmentRate', abandoned(8, 0), abandoned(8, 1))).toMatchObject({
      verdict: 'unknown',
      doubt: 'tooFew',
    });
    expect(figureOf('abandonmentRate', abandoned(8, 0), abandoned(8, 8)).verdict).toBe('worse');
    expect(figureOf('responseLatency.p95', abandoned(50, 0), abandoned(50, 0))).toMatchObject({
      verdict: 'unknown',
      doubt: 'tooFew',
      interval: [null, null],
    });
    expect(figureOf('engagement', [figures()], [figures(), figures()])).toMatchObject({ doubt: 'tooFew' });
    expect(figureOf('engagement', [], [figures()])).toMatchObject({ doubt: 'noValue' });
  });
});

describe('lost events', () => {
  /** Whether an agent came, of so many of the calls nobody knows. */
  const doubtful = (of: number, count: number, unsure: number) =>
    abandoned(of, count).map((call, i) => (i >= of - unsure ? { ...call, uncertain: ['answered' as const] } : call));

  test('that could explain a difference make it unknown', () => {
    expect(figureOf('abandonmentRate', abandoned(100, 5), abandoned(100, 30)).verdict).toBe('worse');
    const figure = figureOf('abandonmentRate', doubtful(100, 5, 30), abandoned(100, 30));
    expect(figure).toMatchObject({ difference: 0.25, range: [-0.05, 0.25], verdict: 'unknown', doubt: 'bounds' });
    expect(figure.interval![0]).toBeGreaterThan(0);
  });

  test('that could not leave it what it is', () => {
    expect(figureOf('abandonmentRate', doubtful(100, 5, 3), abandoned(100, 40)).verdict).toBe('worse');
  });

  test('that could hide one make that unknown too', () => {
    expect(figureOf('abandonmentRate', abandoned(100, 5), doubtful(100, 5, 30))).toMatchObject({
      difference: 0,
      verdict: 'unknown',
      doubt: 'bounds',
    });
    expect(figureOf('abandonmentRate', abandoned(100, 5), doubtful(100, 5, 1)).verdict).toBe('same');
  });

  const share = fc.integer({ min: 0, max: 100 });
  test('never are called worse, whatever of the calls is uncertain', () => {
    fc.assert(
      fc.property(share, share, share, share, (from, to, unsure, unsureToo) => {
        const all = compared(doubtful(100, from, unsure), doubtful(100, to, unsureToo)).figures;
        for (const { verdict, better, baseline, candidate, path } of all) {
          const [good, bad] = better === 'lower' ? [baseline, candidate] : [candidate, baseline];
          if (verdict === 'worse') expect(bad.low!, path).toBeGreaterThan(good.high!);
          if (verdict === 'better') expect(good.low!, path).toBeGreaterThan(bad.high!);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe('noise', () => {
  test('identical calls are never another, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(certainCall, { maxLength: 60 }), fc.constantFrom(0, 10, 10_000), (calls, exactUpTo) => {
        const { figures, ...rest } = compare(sideOf(calls, { exactUpTo }), sideOf(calls, { exactUpTo }), {
          figures: ['*'],
        });
        for (const { path, verdict, difference } of figures) {
          expect(['same', 'unknown', null], path).toContain(verdict);
          expect([0, null], path).toContain(difference);
        }
        expect(comparisonSchema.parse({ figures, ...rest })).toEqual({ figures, ...rest });
      }),
    );
  });

  const random = seeded(6);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const seconds = (middle: number, spread: number) => Math.round(1000 * middle * Math.exp(spread * normal())) / 1000;

  /** As calls are: durations are skewed, some answers come late, and the turns of one call are alike. */
  function someCall(slower = 1): CallFigures {
    if (random.chance(0.1)) return gaveUp(seconds(8, 1));
    const own = slower * Math.exp(0.4 * normal());
    const turns = 1 + Math.floor(-6 * Math.log(1 - random.next()));
    const duration = seconds(60, 1);
    return figures({
      joinLatency: seconds(1.6, 0.8),
      callDuration: duration,
      agentHumanDuration: duration,
      responseLatency: many(turns, () => seconds(own, 0.5)),
      engagement: Math.round(100 * Math.min(100, Math.max(0, 70 + 15 * normal()))) / 100,
      endReason: random.chance(0.03) ? 'agent_error' : 'human_hangup',
      audioGrade: random.chance(0.1) ? 'poor' : 'good',
      humans: random.chance(0.15) ? 2 : 1,
      toolCalls: turns,
      toolErrors: many(turns, () => random.chance(0.05 * own)).filter(Boolean).length,
    });
  }

  test.each([
    [60, 60, undefined],
    [30, 300, undefined],
    [300, 30, undefined],
    [60, 60, ['*']],
  ])('%d and %d calls of one kind are seldom called different', (from, to, figures) => {
    const runs = 12;
    const found = { worse: 0, other: 0 };
    for (let run = 0; run < runs; run++) {
      const sides = [from, to].map((calls) => sideOf(many(calls, () => someCall()))) as [SideCalls, SideCalls];
      const verdicts = compare(...sides, { ...(figures && { figures }) }).figures.map(({ verdict }) => verdict);
      if (verdicts.includes('worse')) found.worse++;
      if (verdicts.some((verdict) => verdict === 'worse' || verdict === 'better' || verdict === 'changed'))
        found.other++;
    }
    expect(found.worse).toBeLessThan(2);
    expect(found.other).toBeLessThan(3);
  });

  test('a real shift is found: answers half as slow again', () => {
    const runs = 10;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const sides = [1, 1.5].map((slower) => sideOf(many(150, () => someCall(slower)))) as [SideCalls, SideCalls];
      const verdicts = new Map(compare(...sides).figures.map(({ path, verdict }) => [path, verdict]));
      if (verdicts.get('responseLatency.p50') === 'worse') found++;
      expect(verdicts.get('responseLatency.p50')).not.toBe('better');
    }
    expect(found).toBeGreaterThan(runs * 0.9);
  });
});

test('in whatever order and parts calls come', () => {
  fc.assert(
    fc.property(fc.array(certainCall, { maxLength: 30 }), fc.array(fc.nat({ max: 2 })), (calls, parts) => {
      const split = [new SideCalls(), new SideCalls(), new SideCalls()];
      for (const [i, call] of [...calls.entries()].reverse()) split[parts[i] ?? 0]!.add(call);
      split[2]!.merge(split[0]!);
      split[2]!.merge(split[1]!);
      const fixed = sideOf([figures(), gaveUp(3)]);
      const asked = { figures: ['*'] };
      expect(compare(fixed, split[2]!, asked)).toEqual(compare(fixed, sideOf(calls), asked));
    }),
    { numRuns: 6 },
  );
});

test('calls belong to the period in which they started', () => {
  const calls = [figures(), figures({ startedAt: NOON + 5000 }), stillOn()];
  const early = sideOf(calls, { until: NOON + 1 });
  const late = sideOf(calls, { from: NOON + 1 });
  const { baseline, candidate } = compare(early, late);
  expect(baseline).toMatchObject({ calls: 2, until: '2026-01-05T12:00:00.001Z', from: null });
  expect(candidate).toMatchObject({ calls: 1, from: '2026-01-05T12:00:00.001Z', complete: 1 });
});

test('by default the main figures; those that no call tells only where they are named', () => {
  const paths = (figures?: string[]) =>
    compare(sideOf([figures_]), sideOf([figures_]), figures && { figures }).figures.map(({ path }) => path);
  const figures_ = figures();
  expect(paths()).toEqual([
    'calls',
    'offered',
    'abandonmentRate',
    'averageSpeedOfAnswer',
    'serviceLevel.rate',
    'averageHandleTime',
    'containmentRate',
    'callDuration.p50',
    'responseLatency.p50',
    'responseLatency.p95',
    'engagement',
  ]);
  expect(paths(['toolErrorRate', 'endReasons.*', 'audioIssues.reconnect'])).toEqual([
    'endReasons.human_hangup',
    'toolErrorRate',
    'audioIssues.reconnect',
  ]);
});

describe('a budget', () => {
  const lineOf = (path: string, limits: Partial<Record<Limit, number>>, from: CallFigures[], to: CallFigures[]) =>
    compared(from, to, ['calls'], { [path]: limits }).budget![0]!;

  test.each<[string, Partial<Record<Limit, number>>, CallFigures[], CallFigures[], string]>([
    ['abandonmentRate', { max: 0.1 }, [], abandoned(10, 1), 'kept'],
    ['abandonmentRate', { max: 0.1 }, [], abandoned(10, 2), 'broken'],
    ['serviceLevel.rate', { min: 0.8 }, [], abandoned(10, 3), 'broken'],
    ['calls', { min: 10 }, [], abandoned(10, 3), 'kept'],
    ['calls', { min: 11 }, [], abandoned(10, 3), 'broken'],
    ['calls', { maxDecreasePercent: 20 }, abandoned(10, 0), abandoned(8, 0), 'kept'],
    ['calls', { maxDecreasePercent: 20 }, abandoned(10, 0), abandoned(7, 0), 'broken'],
    ['calls', { maxIncreasePercent: 20 }, [], abandoned(7, 0), 'broken'],
    ['calls', { maxIncreasePercent: 20 }, [], [], 'kept'],
    ['responseLatency.max', { max: 1 }, [], [figures()], 'broken'],
    ['abandonmentRate', { maxIncrease: 0 }, abandoned(100, 5), abandoned(100, 30), 'broken'],
    ['abandonmentRate', { maxIncrease: 0.1 }, abandoned(100, 5), abandoned(100, 30), 'broken'],
    ['abandonmentRate', { maxIncrease: 0.2 }, abandoned(100, 5), abandoned(100, 30), 'unknown'],
    ['abandonmentRate', { maxIncrease: 0.2 }, abandoned(100, 5), abandoned(100, 5), 'kept'],
    ['abandonmentRate', { maxIncrease: 0.05 }, abandoned(100, 5), abandoned(100, 5), 'unknown'],
    ['abandonmentRate', { maxIncreasePercent: 10 }, abandoned(100, 5), abandoned(100, 30), 'broken'],
    ['abandonmentRate', { maxIncreasePercent: 10 }, abandoned(100, 0), abandoned(100, 30), 'broken'],
    ['abandonmentRate', { maxIncreasePercent: 10 }, abandoned(100, 0), abandoned(100, 0), 'unknown'],
    ['abandonmentRate', { maxIncreasePercent: 900 }, abandoned(100, 20), abandoned(100, 30), 'kept'],
    ['serviceLevel.rate', { maxDecrease: 0.1 }, abandoned(100, 5), abandoned(100, 40), 'broken'],
    ['serviceLevel.rate', { maxDecreasePercent: 10 }, abandoned(100, 5), abandoned(100, 40), 'broken'],
    ['serviceLevel.rate', { maxDecreasePercent: 10 }, abandoned(900, 50), abandoned(900, 50), 'kept'],
    ['toolErrorRate', { max: 0.1 }, [figures()], [figures()], 'unknown'],
    ['endReasons.agent_error', { max: 0.1 }, [], [figures()], 'kept'],
  ])('of %s, %j', (path, limits, from, to, outcome) => {
    expect(lineOf(path, limits, from, to)).toMatchObject({ path, outcome });
  });

  test('says what was found, between which limits, and why it is not known', () => {
    expect(lineOf('abandonmentRate', { maxIncrease: 0.2 }, abandoned(100, 5), abandoned(100, 30))).toEqual({
      path: 'abandonmentRate',
      unit: 'share',
      perCall: false,
      limit: 'maxIncrease',
      allowed: 0.2,
      found: 0.25,
      low: 0.1481, // 0.25 - √((0.3 - 0.2189)² + (0.1118 - 0.05)²), of Wilson’s limits
      high: 0.35,
      outcome: 'unknown',
      doubt: 'tooFew',
    });
    expect(lineOf('toolErrorRate', { max: 0.1 }, [figures()], [figures()])).toMatchObject({
      found: null,
      doubt: 'noValue',
    });
  });

  test('is not broken by what lost events could explain, nor kept', () => {
    const lost = abandoned(100, 30).map((call, i) => ({ ...call, uncertain: i < 28 ? ['answered' as const] : [] }));
    for (const limits of [{ max: 0.1 }, { maxIncrease: 0.1 }, { maxIncreasePercent: 10 }])
      expect(lineOf('abandonmentRate', limits, abandoned(100, 5), lost)).toMatchObject({
        outcome: 'unknown',
        doubt: 'bounds',
      });
  });

  test('per cent are between those of which the limits of so many times the baseline tell', () => {
    const { found, low, high } = lineOf(
      'averageHandleTime',
      { maxIncreasePercent: 10 },
      many(100, (i) => figures({ agentHumanDuration: 50 + (i % 11) })),
      many(100, (i) => figures({ agentHumanDuration: 100 + (i % 11) })),
    );
    expect(found).toBeCloseTo(91.3, 0);
    // the variance of a mean of 100 is about 0.1: (105 ± 0.6) / (55 ± 0.6), by square-and-add
    expect(low).toBeCloseTo(88.5, 0);
    expect(high).toBeCloseTo(93.7, 0);
  });

  test('of many limits is tested as one', () => {
    const width = (budget: Budget) => {
      const { low, high } = compared(abandoned(100, 5), abandoned(100, 9), ['calls'], budget).budget![0]!;
      return high! - low!;
    };
    const limits = { abandonmentRate: { maxIncrease: 0.1 }, calls: { min: 1 } };
    const more = { ...limits, 'serviceLevel.rate': { maxDecrease: 0.1 }, engagement: { maxDecrease: 1 } };
    expect(width(more)).toBeGreaterThan(width(limits));
    expect(compared([figures()], [figures()]).budget).toBeNull();
  });
});
