import { describe, expect, test } from 'vitest';
import { DreamClock } from '../../src/simulate/clock.ts';
import { Courier, type CourierOptions } from '../../src/simulate/courier.ts';
import type { Letter } from '../../src/simulate/plan.ts';
import { type Answer, LIVEKIT, type Outcome } from '../../src/simulate/rules.ts';
import { Tally } from '../../src/simulate/tally.ts';
import type { Fate } from '../../src/simulate/weather.ts';

const OK = answered(200);
const DOWN: Answer = { status: null, why: 'ECONNREFUSED' };
const LUCK: Fate = { lost: false, answerLost: false, delay: 0, late: 0 };

function answered(status: number, retryAfter: number | null = null): Answer {
  return { status, retryAfter, took: 1 };
}

interface Try {
  at: number;
  body: string;
  token: string;
}

/** Hands over letters by key, and tells when which was tried and what became of each. */
async function carry(
  keys: readonly (string | [key: string, fate: Partial<Fate>])[],
  answer: (body: string, tries: number, clock: DreamClock) => Answer | Promise<Answer>,
  options: Partial<CourierOptions> = {},
) {
  const clock = new DreamClock();
  const ledger = new Tally();
  const tries: Try[] = [];
  const ends: Record<string, Outcome> = {};
  let signed = 0;
  const courier = new Courier({
    clock,
    rules: LIVEKIT,
    connections: 1000,
    outage: null,
    sign: () => `token ${++signed}`,
    post: async (body, token) => {
      tries.push({ at: clock.now(), body, token });
      return answer(body, tries.filter((one) => one.body === body).length, clock);
    },
    ...options,
    ledger: {
      answered: (...told) => ledger.answered(...told),
      sentLate: (ms) => ledger.sentLate(ms),
      ended: (letter, outcome) => {
        ends[letter.body] = outcome;
        ledger.ended(letter, outcome);
      },
    },
  });
  const work = async () => {
    for (const [index, one] of keys.entries()) {
      const [key, fate] = typeof one === 'string' ? [one, {}] : one;
      const letter: Letter = { call: 0, webhook: index, at: 0, key, body: `${key}${index}` };
      courier.hand(letter, { ...LUCK, ...fate });
    }
    await courier.idle();
  };
  await clock.during(work());
  return { clock, ends, ledger, tries, times: tries.map(({ at }) => at) };
}

describe('LiveKit tries again', () => {
  test.each([500, 502, 503, 429])(
    'after a %d: 1, 2, 4 and 8 s later, with the same bytes and token',
    async (status) => {
      const { ends, ledger, times, tries } = await carry(['a'], () => answered(status));
      expect(times).toEqual([0, 1000, 3000, 7000, 15_000]);
      expect(new Set(tries.map(({ body, token }) => `${body} ${token}`)).size).toBe(1);
      expect(ends).toEqual({ a0: 'gaveUp' });
      expect(ledger.retries).toBe(4);
    },
  );

  test('after no answer, and stops when it has one', async () => {
    const { ends, ledger, times } = await carry(['a'], (_, tries) => (tries < 3 ? DOWN : OK));
    expect(times).toEqual([0, 1000, 3000]);
    expect(ends).toEqual({ a0: 'delivered' });
    expect(Object.fromEntries(ledger.answers)).toEqual({ ECONNREFUSED: 2, 200: 1 });
  });

  test.each([400, 401, 404, 413, 301, 501])('but never after a %d', async (status) => {
    const { ends, times } = await carry(['a'], () => answered(status));
    expect(times).toEqual([0]);
    expect(ends).toEqual({ a0: 'refused' });
  });

  test.each([
    [429, [0, 7000]],
    [503, [0, 7000]],
    [500, [0, 1000]],
  ])('when Retry-After says, after a %d', async (status, expected) => {
    const { times } = await carry(['a'], (_, tries) => (tries === 1 ? answered(status, 7000) : OK));
    expect(times).toEqual(expected);
  });

  test('not with what was never answered', async () => {
    const { ends, times } = await carry(['a'], () => ({ status: null, why: 'no answer', hung: true }));
    expect(times).toEqual([0]);
    expect(ends).toEqual({ a0: 'unanswered' });
  });
});

describe('queues', () => {
  const slow = async (_: string, __: number, clock: DreamClock) => {
    await clock.sleep(1000);
    return OK;
  };

  test('send one at a time and in order, those of other keys beside', async () => {
    const { tries } = await carry(['a', 'b', 'a', 'b', 'a'], slow);
    expect(tries.map(({ at, body }) => [at, body])).toEqual([
      [0, 'a0'],
      [0, 'b1'],
      [1000, 'a2'],
      [1000, 'b3'],
      [2000, 'a4'],
    ]);
  });

  test('are held up by a retry', async () => {
    const { tries } = await carry(['a', 'a'], (body, tries) => (body === 'a0' && tries === 1 ? answered(503) : OK));
    expect(tries.map(({ at, body }) => [at, body])).toEqual([
      [0, 'a0'],
      [1000, 'a0'],
      [1000, 'a1'],
    ]);
  });

  test('hold two hundred', async () => {
    const { ends, ledger } = await carry(Array(203).fill('a'), () => OK);
    expect(ledger.outcomes).toMatchObject({ delivered: 201, queueFull: 2 }); // one is on its way already
    expect(ends.a202).toBe('queueFull');
  });

  test('drop at their turn what has waited for more than 30 s', async () => {
    const { ends, ledger } = await carry(Array(40).fill('a'), slow);
    expect(ledger.outcomes).toMatchObject({ delivered: 31, tooOld: 9 });
    expect(ends).toMatchObject({ a30: 'delivered', a31: 'tooOld' });
    expect([ledger.arrived(0, 30), ledger.arrived(0, 31), ledger.arrived(1, 31)]).toEqual([true, false, true]);
  });

  test('share the connections', async () => {
    const { ledger, times } = await carry(['a', 'b', 'c', 'd', 'e'], slow, { connections: 2 });
    expect(times).toEqual([0, 0, 1000, 1000, 2000]);
    expect(ledger.behind).toBe(2000);
  });
});

describe('the fake network', () => {
  test('swallows what is to be lost', async () => {
    const { ends, tries } = await carry([['a', { lost: true }], 'a'], () => OK);
    expect(ends).toEqual({ a0: 'lost', a1: 'delivered' });
    expect(tries).toHaveLength(1);
  });

  test('loses one answer, so that the same comes again', async () => {
    const { ends, ledger, times } = await carry([['a', { answerLost: true }]], () => OK);
    expect(times).toEqual([0, 1000]);
    expect(ends).toEqual({ a0: 'delivered' });
    expect(Object.fromEntries(ledger.answers)).toEqual({ 'answer lost': 1, 200: 1 });
  });

  test('keeps requests back, and lets others overtake', async () => {
    const { tries } = await carry([['a', { late: 2500 }], ['a', { delay: 300 }], 'a'], () => OK);
    expect(tries.map(({ at, body }) => [at, body])).toEqual([
      [300, 'a1'],
      [300, 'a2'],
      [2500, 'a0'],
    ]);
  });

  test('lets nothing through in an outage', async () => {
    const { ends, ledger, times } = await carry(['a', ['b', { late: 5000 }]], () => OK, {
      outage: { from: 0, to: 20_000 },
    });
    expect(times).toEqual([20_000]);
    expect(ends).toEqual({ a0: 'gaveUp', b1: 'delivered' });
    expect(ledger.answers.get('outage')).toBe(9);
  });
});
