/** What calls are added up in: each with values worked by hand, and the truth within its limits. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Breakdown } from '../../src/fleet/breakdown.ts';
import { Concurrency } from '../../src/fleet/concurrency.ts';
import { Mean } from '../../src/fleet/mean.ts';
import { judged, NO, OUT, Outcomes, YES } from '../../src/fleet/outcomes.ts';
import { Portion } from '../../src/fleet/portion.ts';
import type { Range } from '../../src/fleet/range.ts';
import { peak } from '../../src/metrics/intervals.ts';

describe('a rate', () => {
  const rateOf = (...calls: [is: 1 | 2 | 4, may?: number][]) => {
    const outcomes = new Outcomes();
    for (const [is, may = is] of calls) outcomes.add(judged(is, may, 'notOffered'), true);
    return outcomes;
  };

  test('is of those that count, and tells of the others', () => {
    const outcomes = rateOf([YES], [NO], [NO], [NO], [OUT]);
    expect(outcomes.rate()).toEqual({
      value: 0.25,
      low: 0.25,
      high: 0.25,
      n: 4,
      complete: 1,
      leftOut: { notOffered: 1 },
      interval: [0.0455, 0.6994],
    });
    expect(outcomes.count()).toMatchObject({ value: 1, low: 1, high: 1, n: 4 });
  });

  test('of none has no value', () => {
    expect(rateOf([OUT]).rate()).toMatchObject({
      value: null,
      low: null,
      high: null,
      n: 0,
      complete: null,
      interval: null,
    });
    expect(rateOf().count()).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  test('may be anything that its calls may be', () => {
    const outcome = fc.constantFrom(OUT, NO, YES);
    fc.assert(
      fc.property(
        fc.array(fc.record({ told: outcome, truth: outcome, more: fc.constantFrom(0, OUT, NO, YES) })),
        (calls) => {
          const told = rateOf(...calls.map(({ told, truth, more }) => [told, told | truth | more] as [1, number]));
          const truth = rateOf(...calls.map(({ truth }) => [truth] as [1]));
          const [rate, count] = [told.rate(), told.count()];
          const [trueRate, trueCount] = [truth.rate().value, truth.count().value];
          expect((trueCount ?? 0) >= count.low! && (trueCount ?? 0) <= count.high!).toBe(true);
          if (trueRate === null) return;
          expect(rate.low! <= trueRate, `${rate.low} <= ${trueRate}`).toBe(true);
          expect(trueRate <= rate.high!, `${trueRate} <= ${rate.high}`).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('may be no less and no more than some way of its calls makes it', () => {
    const may = fc.constantFrom(1, 2, 3, 4, 5, 6, 7);
    fc.assert(
      fc.property(fc.array(may, { maxLength: 5 }), (calls) => {
        const { low, high } = rateOf(
          ...calls.map((may) => [([1, 2, 4] as const).find((one) => may & one)!, may] as [1, number]),
        ).rate();
        const rates = waysOf(calls).flatMap((way) => rateOf(...way.map((one) => [one] as [1])).rate().value ?? []);
        if (rates.length === 0) expect([low, high]).toEqual([null, null]);
        else {
          expect(low).toBeCloseTo(Math.min(...rates), 3);
          expect(high).toBeCloseTo(Math.max(...rates), 3);
        }
      }),
    );
  });

  function waysOf([first, ...rest]: readonly number[]): number[][] {
    if (first === undefined) return [[]];
    return [1, 2, 4].filter((one) => first & one).flatMap((one) => waysOf(rest).map((way) => [one, ...way]));
  }
});

describe('a mean', () => {
  test('of values, of which one lies in a range and one may be none', () => {
    const mean = new Mean('s');
    mean.add(10, undefined, true, true);
    mean.add(20, [18, 30], false, true);
    mean.add(90, undefined, false, false);
    mean.leaveOut('noAgent');
    mean.leaveOut('abandoned', [1, 4]);
    // low: (10 + 18 + 1) / 3; high: (10 + 30 + 90) / 3
    expect(mean.shown()).toEqual({
      value: 40,
      low: 9.666,
      high: 43.334,
      n: 3,
      complete: 0.3333,
      leftOut: { noAgent: 1, abandoned: 1 },
    });
  });

  test('has no upper limit where one of its values has none, and no value without any', () => {
    const mean = new Mean('s');
    mean.add(1, [0.5, null], true, true);
    expect(mean.shown()).toMatchObject({ low: 0.5, value: 1, high: null });
    const none = new Mean('s');
    none.leaveOut('active');
    expect(none.shown()).toMatchObject({ low: null, value: null, high: null, n: 0 });
  });

  test('may be anything that its values may be', () => {
    const ms = fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1000);
    const value = fc.record({
      truth: ms,
      told: ms,
      sure: fc.boolean(),
      exact: fc.boolean(),
      isOne: fc.boolean(),
      isTold: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), (values) => {
        const mean = new Mean('s');
        const truth = new Mean('s');
        for (const { truth: real, told, sure, exact, isOne, isTold } of values) {
          const range: Range = [Math.min(real, told), Math.max(real, told)];
          if (sure) mean.add(exact ? real : told, exact ? undefined : range, true, true);
          else if (isTold) mean.add(exact ? real : told, exact ? undefined : range, true, false);
          else mean.leaveOut('noAgent', range);
          if (sure || isOne) truth.add(real, undefined, true, true);
        }
        const { low, high } = mean.shown();
        const { value } = truth.shown();
        if (value === null) return;
        expect(low! <= value && value <= high!, `${low} <= ${value} <= ${high}`).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a peak', () => {
  test('counts no two that only met at an instant', () => {
    const calls = new Concurrency();
    calls.basis.add(true);
    for (const [from, to] of [
      [0, 10],
      [10, 20],
      [5, 12],
      [20, 20],
      [19, 21],
    ] as const)
      calls.add(from, to);
    expect(calls.shown()).toMatchObject({ value: 2, low: 2, high: 2 });
  });

  test('lies between that of what certainly and of what possibly was', () => {
    const calls = new Concurrency();
    calls.basis.add(true);
    calls.add(0, 10);
    calls.addTold(12, 20); // as the proofs support best
    calls.addCore(15, 20);
    calls.addHull(9, Number.POSITIVE_INFINITY);
    expect(calls.shown()).toMatchObject({ value: 1, low: 1, high: 2 });
  });

  test('is the same as that of sets of instants, in any parts', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(span), fc.array(span), (some, others) => {
        const [a, b] = [some, others].map((spans) => {
          const calls = new Concurrency();
          calls.basis.add(true);
          for (const [from, to] of spans) calls.add(from, to);
          return calls;
        });
        a!.merge(b!);
        const real = [...some, ...others].filter(([from, to]) => from < to);
        expect(a!.shown().value).toBe(peak(real));
      }),
    );
  });
});

test('words are counted, and an uncertain call may have any', () => {
  const words = new Breakdown();
  words.add(['human_hangup'], true, true);
  words.add(['human_hangup'], false, false);
  words.add(['unknown'], true, true);
  const trust = { n: 3, complete: 0.6667, leftOut: {} };
  expect(words.shown()).toEqual({
    human_hangup: { value: 2, low: 1, high: 2, ...trust },
    unknown: { value: 1, low: 1, high: 2, ...trust },
  });
});

test('a part of a whole weighs calls by their length', () => {
  const portion = new Portion();
  const add = (within: number, without: number, range: [number, number, number, number]) => {
    portion.basis.add(true);
    const [withinLow, withinHigh, withoutLow, withoutHigh] = range;
    portion.add({ within, without, withinLow, withinHigh, withoutLow, withoutHigh });
  };
  add(10, 0, [10, 10, 0, 0]);
  add(0, 90, [0, 30, 60, 90]);
  expect(portion.shown()).toMatchObject({ value: 0.1, low: 0.1, high: 0.4 });
  add(0, 0, [0, Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
  expect(portion.shown()).toMatchObject({ value: 0.1, low: 0, high: 1 });
});
