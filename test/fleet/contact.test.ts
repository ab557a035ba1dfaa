import { describe, expect, test } from 'vitest';
import { contactOf } from '../../src/fleet/contact.ts';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { type Judgement, NO, OUT, YES } from '../../src/fleet/outcomes.ts';
import { type SummaryOptions, summaryOptionsSchema } from '../../src/fleet/summaryOptions.ts';
import { figures, gaveUp, stillOn } from './someFigures.ts';

const WORDS = { [OUT]: 'out', [NO]: 'no', [YES]: 'yes' } as const;
/** What a call counts as, and what else it may: `yes`, `no|out`, `out (notOffered)`. */
function judged(call: CallFigures, options: SummaryOptions = {}) {
  const contact = contactOf(call, summaryOptionsSchema.parse(options));
  return Object.fromEntries(
    (Object.entries(contact) as [string, Judgement][]).map(([name, { is, may, why }]) => {
      const others = ([YES, NO, OUT] as const).filter((one) => one !== is && may & one).map((one) => WORDS[one]);
      return [name, `${[WORDS[is], ...others].join('|')}${is === OUT ? ` (${why})` : ''}`];
    }),
  );
}

test('a call that was answered in time', () => {
  expect(judged(figures())).toEqual({
    offered: 'yes',
    answered: 'yes',
    abandoned: 'no',
    abandonment: 'no',
    serviceLevel: 'yes',
    contained: 'yes',
  });
});

test('a call that no agent was expected in', () => {
  expect(judged(figures({ offered: false, answered: false, abandoned: false, joinLatency: null }))).toEqual({
    offered: 'no',
    answered: 'no',
    abandoned: 'no',
    abandonment: 'out (notOffered)',
    serviceLevel: 'out (notOffered)',
    contained: 'out (notOffered)',
  });
});

test('a call that is still on counts in none', () => {
  expect(new Set(Object.values(judged(stillOn())))).toEqual(new Set(['out (active)']));
});

describe('service level', () => {
  const level = (call: CallFigures, options: SummaryOptions['serviceLevel'] = {}, shortAbandon = 0) =>
    judged(call, { serviceLevel: options, shortAbandon }).serviceLevel;

  test.each([
    ['answered at the threshold', figures({ joinLatency: 20 }), 'yes'],
    ['answered after it', figures({ joinLatency: 20.001 }), 'no'],
    ['abandoned within it', gaveUp(20), 'out (earlyAbandon)'],
    ['abandoned after it', gaveUp(20.001), 'no'],
  ])('%s', (_, call, expected) => {
    expect(level(call)).toBe(expected);
  });

  test('of other denominators and thresholds', () => {
    expect(level(gaveUp(1), { denominator: 'offered' })).toBe('no');
    expect(level(gaveUp(1), { denominator: 'offered' }, 2)).toBe('out (shortAbandon)');
    expect(level(gaveUp(99), { denominator: 'answered' })).toBe('out (abandoned)');
    expect(level(figures({ joinLatency: 3 }), { threshold: 2 })).toBe('no');
    expect(level(gaveUp(25), {}, 30)).toBe('out (earlyAbandon)');
  });

  test('is uncertain where what it rests on is', () => {
    expect(level(figures({ joinLatency: 15, bounds: { joinLatency: [10, 30] } }))).toBe('yes|no');
    expect(level(figures({ joinLatency: 15, bounds: { joinLatency: [10, 19] } }))).toBe('yes');
    expect(level(gaveUp(25, { bounds: { waited: [5, null] } }))).toBe('no|out');
    expect(level(figures({ uncertain: ['answered'], bounds: { waited: [50, 60] } }))).toBe('yes|no');
    expect(level(figures({ uncertain: ['offered'] }))).toBe('yes|out');
  });
});

test('who gave up within shortAbandon is in no abandonment rate', () => {
  const abandonment = (call: CallFigures, shortAbandon = 5) => judged(call, { shortAbandon }).abandonment;
  expect(abandonment(gaveUp(5))).toBe('out (shortAbandon)');
  expect(abandonment(gaveUp(5.001))).toBe('yes');
  expect(abandonment(gaveUp(0), 0)).toBe('yes');
  expect(abandonment(gaveUp(6, { bounds: { waited: [4, 8] } }))).toBe('yes|out');
  expect(abandonment(gaveUp(6, { uncertain: ['answered'] }))).toBe('yes|no');
});

test('a call is contained unless a second human came or a tag says so', () => {
  const contained = (call: CallFigures, options: SummaryOptions['containment'] = {}) =>
    judged(call, { containment: options }).contained;
  expect(contained(figures({ humans: 2 }))).toBe('no');
  expect(contained(figures({ humans: 2 }), { secondHuman: false })).toBe('yes');
  expect(contained(figures({ tags: ['vip', 'escalated'] }))).toBe('no');
  expect(contained(figures({ tags: ['vip'] }), { escalationTags: ['vip'] })).toBe('no');
  expect(contained(figures({ agentHumanDuration: 9.999 }), { minDuration: 10 })).toBe('out (tooShort)');
  expect(contained(figures({ agentHumanDuration: 10 }), { minDuration: 10 })).toBe('yes');
  expect(contained(gaveUp(30))).toBe('out (abandoned)');
  expect(contained(figures({ humans: 2, bounds: { humans: [1, 2] } }))).toBe('no|yes');
  expect(
    contained(figures({ bounds: { agentHumanDuration: [0, 60] }, uncertain: ['answered'] }), { minDuration: 10 }),
  ).toBe('yes|out');
});

test('what cannot be known is left out, and may be anything', () => {
  const call = figures({ offered: null, answered: null, abandoned: null, joinLatency: null, agentHumanDuration: null });
  expect(judged(call)).toEqual({
    offered: 'out|yes|no (notKnowable)',
    answered: 'out|yes|no (notKnowable)',
    abandoned: 'out|yes|no (notKnowable)',
    abandonment: 'out|yes|no (notKnowable)',
    serviceLevel: 'out|yes|no (notKnowable)',
    contained: 'out|yes (notKnowable)',
  });
});
