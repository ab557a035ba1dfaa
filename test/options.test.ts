import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluatorError } from '../src/errors.ts';
import { CallEvaluator } from '../src/evaluator.ts';
import { type CallEvaluatorOptions, parseOptions } from '../src/options.ts';

function refusal(options: unknown): string {
  try {
    new CallEvaluator(options as CallEvaluatorOptions);
  } catch (error) {
    if (error instanceof CallEvaluatorError && error.code === 'bad_option') return error.message;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(options)}`);
}
const metric = { id: 'x', unit: 'n', description: 'x', compute: () => 1 };

test('without options, the defaults of the documentation', () => {
  const { database, liveRooms, clock, measuring } = parseOptions({});
  expect({ database, liveRooms }).toEqual({ database: ':memory:', liveRooms: 10_000 });
  expect(Math.abs(clock() - Date.now())).toBeLessThan(1000);
  expect(measuring).toMatchObject({
    staleAfter: 86_400,
    noShowAfter: 20,
    leftFirstGrace: 2,
    agentExpected: null,
    engagementWeights: { presence: 0.5, voice: 0.3, visual: 0.1, continuity: 0.1 },
    neverSent: [],
    phoneNumbers: 'masked',
    custom: [],
  });
});

describe('a misspelt option is named, with the nearest right one', () => {
  test.each([
    [{ databse: 'x.db' }, 'databse', 'database'],
    [{ noshowafter: 5 }, 'noshowafter', 'noShowAfter'],
    [{ stale_after: 5 }, 'stale_after', 'staleAfter'],
    [{ liverooms: 5 }, 'liverooms', 'liveRooms'],
    [{ engagementWeight: {} }, 'engagementWeight', 'engagementWeights'],
    [{ engagementWeights: { presense: 1 } }, 'engagementWeights.presense', 'presence'],
  ])('%j', (options, said, meant) => {
    expect(refusal(options)).toContain(said);
    expect(refusal(options)).toMatch(new RegExp(`Did you mean ${meant}\\?`));
  });

  test('or with all there are, where none is near', () => {
    expect(refusal({ path: 'calls.db' })).toMatch(
      /^Unknown option path\. There are agentExpected, classify, clock, .*\.$/,
    );
    expect(refusal({ engagementWeights: { mood: 1 } })).toBe(
      'Unknown option engagementWeights.mood. There are continuity, presence, visual, voice.',
    );
  });
});

describe('an ill-typed option is named', () => {
  test.each([
    [{ database: 5 }, 'database'],
    [{ database: '' }, 'database'],
    [{ database: 'a\0b' }, 'database'],
    [{ database: null }, 'database'],
    [{ noShowAfter: '20' }, 'noShowAfter'],
    [{ noShowAfter: -1 }, 'noShowAfter'],
    [{ staleAfter: Number.NaN }, 'staleAfter'],
    [{ liveRooms: 0 }, 'liveRooms'],
    [{ liveRooms: 1.5 }, 'liveRooms'],
    [{ clock: 5 }, 'clock'],
    [{ classify: 'humans' }, 'classify'],
    [{ agentExpected: 5 }, 'agentExpected'],
    [{ neverSent: ['participant_leaved'] }, 'neverSent'],
    [{ phoneNumbers: 'hidden' }, 'phoneNumbers'],
    [{ engagementWeights: { presence: 1 } }, 'engagementWeights'],
    [{ engagementWeights: { presence: -0.2, voice: 1 } }, 'engagementWeights.presence'],
    [{ metrics: metric }, 'metrics'],
    [{ metrics: [metric, null] }, 'metrics.1'],
    [{ metrics: [{ ...metric, id: 'a.b' }] }, 'metrics.0.id'],
    [{ metrics: [metric, { ...metric, compute: () => 2 }] }, 'metrics.1.id'],
    [{ metrics: [{ ...metric, id: '__proto__' }] }, 'metrics.0.id'],
    [{ metrics: [{ ...metric, id: 'constructor' }] }, 'metrics.0.id'],
    [{ metrics: [{ ...metric, unit: undefined }] }, 'metrics.0.unit'],
    [{ metrics: [{ ...metric, compute: 5 }] }, 'metrics.0.compute'],
  ])('%j', (options, said) => expect(refusal(options)).toContain(`Option ${said}`));

  test('with what was expected and what was found', () => {
    const said: [unknown, string][] = [
      [{ staleAfter: 'x' }, "Option staleAfter: expected seconds, a number from 0 to 1e9; found 'x'."],
      [{ leftFirstGrace: 2e9 }, 'Option leftFirstGrace: expected seconds, a number from 0 to 1e9; found 2000000000.'],
      [{ liveRooms: 0 }, 'Option liveRooms: expected a whole number from 1 on; found 0.'],
      [{ phoneNumbers: 'hidden' }, "Option phoneNumbers: expected 'masked' or 'plain'; found 'hidden'."],
      [
        { classify: null },
        "Option classify: expected a function that returns 'human', 'agent', 'service' or undefined; found null.",
      ],
      [
        { agentExpected: '' },
        "Option agentExpected: expected true, false, a pattern of room names such as 'support-*', a RegExp, or a function; found ''.",
      ],
      [
        { database: 'a\0b' },
        "Option database: expected a path without NUL characters, or ':memory:'; found 'a\\x00b'.",
      ],
    ];
    for (const [options, message] of said) expect(refusal(options)).toBe(message);
    expect(refusal({ neverSent: ['room_started', 'particpant_left'] })).toMatch(
      /^Option neverSent\.1: expected one of room_started, .*; found 'particpant_left'\. Did you mean participant_left\?$/,
    );
    expect(refusal({ engagementWeights: { presence: 1 } })).toContain('; found weights that add up to 1.5.');
    expect(refusal({ metrics: [metric, metric] })).toContain("; found 'x' a second time.");
  });

  test('options that are none', () => {
    for (const [options, found] of [
      [null, 'null'],
      [42, '42'],
      [[], '[]'],
      [() => 1, '[Function'],
      [new Date(0), '1970-01-01'],
    ] as const)
      expect(refusal(options)).toContain(`Expected options, such as { database: "calls.db" }; found ${found}`);
    expect(refusal('my.db')).toBe(`Expected options, such as { database: "my.db" }; found 'my.db'.`);
  });
});

describe('where an agent is expected', () => {
  const expects = (agentExpected: CallEvaluatorOptions['agentExpected'], name: string | null) =>
    parseOptions({ agentExpected }).measuring.agentExpected?.({ sid: 'RM_1', name });

  test('for all calls', () =>
    expect([expects(true, null), expects(false, 'x'), expects(null, 'x')]).toEqual([true, false, undefined]));

  test('by a pattern in which only * has a meaning', () => {
    expect([
      expects('support-*', 'support-1'),
      expects('support-*', 'my-support-1'),
      expects('support-*', null),
    ]).toEqual([true, false, false]);
    expect([expects('a.c', 'a.c'), expects('a.c', 'abc'), expects('*', 'line\nbreak'), expects('(x', '(x')]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  test('by a RegExp, which remembers nothing', () => {
    const pattern = /^SUP/gi;
    expect([expects(pattern, 'support'), expects(pattern, 'support'), expects(pattern, 'x')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('by a pattern that a RegExp would try in countless ways', () => {
    const began = performance.now();
    expect(expects(`${'*a'.repeat(20)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
  });

  test('by a function', () => {
    expect([expects(({ sid }) => sid === 'RM_1', 'x'), expects(() => undefined, 'x')]).toEqual([true, undefined]);
  });
});

describe('a function of the user’s that fails', () => {
  afterEach(() => vi.restoreAllMocks());
  const warnings = () => vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const throws = () => {
    throw new Error('out of order');
  };
  const who = { identity: 'ana', name: null, kind: null, attributes: {} };

  test.each([
    ['throws', throws, 'threw: out of order'],
    [
      'throws what cannot be read',
      () => {
        throw Object.create(null);
      },
      'threw: ',
    ],
    ['returns nonsense', () => 'robot', "returned 'robot'"],
    ['returns a promise', async () => true, 'returned Promise'],
    ['returns a promise that is rejected', async () => throws(), 'returned Promise'],
  ])('because it %s does not know, and is warned of once', async (_, ask, did) => {
    const emitted = warnings();
    const { measuring } = parseOptions({ classify: ask as never, agentExpected: ask as never });
    for (let i = 0; i < 3; i++) {
      expect(measuring.classify!(who)).toBeUndefined();
      expect(measuring.agentExpected!({ sid: 'RM_1', name: 'x' })).toBeUndefined();
    }
    const said = emitted.mock.calls.map(([warning]) => String(warning)).sort();
    expect(said).toEqual([
      expect.stringContaining(`Option agentExpected: it ${did}`),
      expect.stringContaining(`Option classify: it ${did}`),
    ]);
    await new Promise(setImmediate); // a rejection that nobody looked at would fail the run
  });

  test('does not know, without a warning, where it says so', () => {
    const emitted = warnings();
    const { measuring } = parseOptions({ classify: () => undefined, agentExpected: (() => null) as never });
    expect([measuring.classify!(who), measuring.agentExpected!({ sid: 'RM_1', name: 'x' })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(emitted).not.toHaveBeenCalled();
  });

  test('is heeded where it answers', () => {
    const { measuring } = parseOptions({ classify: ({ identity }) => (identity === 'ana' ? 'service' : undefined) });
    expect(measuring.classify!(who)).toBe('service');
  });

  test('by a clock without a time, is told', async () => {
    expect(parseOptions({ clock: () => 1234.56 }).clock()).toBe(1234);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, 9e15, '5', undefined, new Date(5)]) {
      const { clock } = parseOptions({ clock: (() => now) as never });
      expect(clock).toThrow(/^Option clock: expected epoch milliseconds of it, .*; it returned /);
    }
    for (const clock of [() => Number.NaN, throws]) {
      const evaluator = new CallEvaluator({ clock });
      await expect(evaluator.processEvent({})).rejects.toMatchObject({ code: 'bad_option' });
      await evaluator.close();
    }
    expect(parseOptions({ clock: throws }).clock).toThrow(/^Option clock: .*; it threw: out of order\.$/);
  });
});

describe('the configuration’s hash', () => {
  const hash = (options: CallEvaluatorOptions) => parseOptions(options).measuring.configHash;

  test('is the same for the same measures, wherever they are kept', () => {
    expect(hash({ database: 'a.db', liveRooms: 5 })).toBe(hash({}));
    expect(hash({ noShowAfter: 20 })).toBe(hash({}));
  });

  test('tells other measures apart', () => {
    const several = [
      {},
      { noShowAfter: 21 },
      { phoneNumbers: 'plain' as const },
      { agentExpected: true },
      { agentExpected: 'x' },
      { agentExpected: /x/ },
      { metrics: [metric] },
      { metrics: [{ ...metric, compute: () => 2 }] },
      { classify: () => 'human' as const },
    ];
    expect(new Set(several.map(hash)).size).toBe(several.length);
  });
});

test('a misspelt part of an entry of a list is named with the nearest right one', () => {
  expect(() => parseOptions({ prices: [{ model: 'x', currency: 'USD', inputToken: 1 } as never] })).toThrow(
    'Unknown option prices.0.inputToken. Did you mean inputTokens?',
  );
});
