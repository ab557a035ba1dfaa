import { describe, expect, test } from 'vitest';
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
});

describe('an ill-typed option is named', () => {
  test.each([
    [{ database: 5 }, 'database'],
    [{ database: '' }, 'database'],
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
    [{ metrics: [{ ...metric, id: 'a.b' }] }, 'metrics.0.id'],
    [{ metrics: [{ ...metric, compute: 5 }] }, 'metrics.0.compute'],
  ])('%j', (options, said) => expect(refusal(options)).toContain(`Option ${said}`));

  test.each([[null], [5], ['calls.db'], [[]]])('options that are none: %j', (options) => {
    expect(refusal(options)).toMatch(/options/i);
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

  test('by a function', () => {
    expect([expects(({ sid }) => sid === 'RM_1', 'x'), expects((() => 0) as never, 'x')]).toEqual([true, false]);
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
