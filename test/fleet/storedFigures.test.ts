import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { figuresIn, storedText } from '../../src/fleet/storedFigures.ts';
import { certainCall, figures } from './someFigures.ts';

test('come back as they were', () => {
  fc.assert(
    fc.property(certainCall, (call) => {
      const text = storedText(call);
      const back = figuresIn(text)!;
      for (const name of Object.keys(call) as (keyof CallFigures)[]) expect(back[name], name).toEqual(call[name]);
      expect(storedText(back)).toBe(text);
    }),
  );
});

test('with limits, hostile words and what was never told', () => {
  const call = figures({
    roomName: 'a\nb"\u2028',
    metadata: JSON.parse('{"__proto__":"x\\ny"}'),
    bounds: { waited: [1, null], 'participantSeconds.SIP': [0, 2] },
    uncertain: ['answered'],
    arrivals: null,
    departures: null,
    responseLatency: null,
  });
  const back = figuresIn(storedText(call))!;
  expect(storedText(back)).toBe(storedText(call));
  expect(Object.hasOwn(back.metadata, '__proto__')).toBe(true);
  expect([back.arrivals, back.responseLatency, back.bounds]).toEqual([null, null, call.bounds]);
});

test('are short', () => {
  expect(storedText(figures()).length).toBeLessThan(300);
});

test('of another version, or none, are made anew', () => {
  const text = storedText(figures());
  expect(figuresIn(text.replace('[1,', '[2,'))).toBeNull();
  expect(figuresIn(text.replace('[1,', '[12,'))).toBeNull();
  expect([figuresIn(''), figuresIn('{}'), figuresIn('[1,')]).toEqual([null, null, null]);
});
