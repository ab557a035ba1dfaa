import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { figuresOnPage, pageText } from '../../src/fleet/figuresPage.ts';
import { summarize } from '../../src/fleet/summary.ts';
import { certainCall, figures } from './someFigures.ts';

test('calls come back as they were', () => {
  fc.assert(
    fc.property(fc.array(certainCall, { maxLength: 8 }), (calls) => {
      const page = pageText(calls);
      const back = figuresOnPage(page)!;
      expect(back).toHaveLength(calls.length);
      for (const [i, call] of calls.entries())
        for (const name of Object.keys(call) as (keyof CallFigures)[]) expect(back[i]![name], name).toEqual(call[name]);
      expect(pageText(back)).toBe(page);
      const by = { by: ['day', 'agent', 'metadata.tenant'] };
      expect(summarize(back, by)).toEqual(summarize(calls, by));
    }),
  );
});

test('words of any signs do not part lines', () => {
  const call = figures({ roomName: '=\n[1', metadata: { a: 'b\nc' }, bounds: { waited: [1, null] } });
  const [back] = figuresOnPage(pageText([call, figures()]))!;
  expect([back!.roomName, back!.metadata, back!.bounds]).toEqual([call.roomName, call.metadata, call.bounds]);
});

test('what is the same in all is written once', () => {
  const calls = Array.from({ length: 100 }, (_, i) => figures({ roomSid: `RM_${i}`, startedAt: i }));
  expect(pageText(calls).length / calls.length).toBeLessThan(30);
});

test('of another version, or none, it is made anew', () => {
  const page = pageText([figures()]);
  expect([figuresOnPage(''), figuresOnPage('2 1\n'), figuresOnPage(`1${page}`), figuresOnPage('x')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
