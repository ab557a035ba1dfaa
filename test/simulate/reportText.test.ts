import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { SimulationReport } from '../../src/simulate/report.ts';
import { reportText } from '../../src/simulate/reportText.ts';

const REPORT: SimulationReport = {
  seed: 7,
  calls: 1100,
  webhooks: 15_400,
  seconds: 30.04,
  webhooksPerSecond: 512.6,
  secondsBehind: 0.1,
  requests: 15_420,
  retries: 20,
  answers: { 200: 15_390, 503: 15, outage: 15 },
  outcomes: { delivered: 15_390, lost: 6, refused: 0, gaveUp: 4, queueFull: 0, tooOld: 0, unanswered: 0 },
  answerMs: { p50: 1.234, p99: 12, max: 90.06 },
  truth: null,
};
const textOf = (report: SimulationReport) => stripVTControlCharacters(reportText(report));

test('tells people what was sent and what became of it', () => {
  expect(textOf(REPORT)).toBe(`1,100 calls, 15,400 webhooks in 30.0 s (513 a second), --seed 7

Requests
  tries                                  15,420
  of these, retries                          20
  answered 200                           15,390
  answered 503                               15
  no answer: outage                          15
  answer time                        p50 1.2 ms, p99 12.0 ms, max 90.1 ms

What became of the webhooks
  delivered                              15,390
  lost on the way (--loss)                    6
  given up after the last try                 4`);
});

test('says when this machine was too slow', () => {
  expect(textOf({ ...REPORT, secondsBehind: 31.2 })).toMatch(/\n\nThis machine was up to 31\.2 s behind: .* --rate/);
});

test('sets the numbers of a server beside the truth', () => {
  const text = textOf({
    ...REPORT,
    truth: {
      calls: { judged: 1080, stillOpen: 12, untold: 7, unheard: 0, unknown: 1 },
      metrics: [{ path: 'duration', exact: 1070, withinBounds: 8, outside: 2, meanAbsoluteError: 0.4711 }],
      outside: [
        {
          roomSid: 'RM_x7',
          scenario: 'support',
          path: 'duration',
          verdict: 'outside',
          found: 70,
          bounds: [60, null],
          truth: 58,
        },
      ],
      unknown: ['RM_\u001b[31m'],
    },
  });
  expect(text).toContain(`
What the server says of 1,080 calls, beside the truth
                                          exact  in bounds    outside mean error
  duration                                1,070          8          2      0.471
`);
  expect(text).toContain('  not judged: 12, still on for the server');
  expect(text).not.toContain('nothing got through');
  expect(text).toContain('  RM_x7 (support) duration: says 70 within 60 .. ?, true is 58\n  and 1 more\n');
  expect(text).toContain('Calls that the server should know, and does not\n  RM_\\u001b[31m');
});
