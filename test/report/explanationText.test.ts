import { expect, test } from 'vitest';
import type { Explanation } from '../../src/metrics/explain.ts';
import { explanationText } from '../../src/report/explanationText.ts';

const at = '2026-01-05T09:00:00.000Z';
const explanation: Explanation = {
  path: 'connectedDuration',
  value: 16,
  metric: 'connectedDuration',
  unit: 's',
  formula: 'Time with at least 2 people connected.',
  nullWhen: 'nobody came',
  source: 'LiveKit',
  needs: ['participant_joined', 'participant_left'],
  bounds: [10, null],
  uncertain: false,
  eventCount: 102,
  events: [
    { id: 'EV_1', at, tells: 'start' },
    { id: 'EV_\u001b[2J', at, tells: 'end' },
  ],
  missingCount: 1,
  missing: [
    { subject: 'participant', sid: 'PA_1', missing: 'participant_left', resolvedBy: 'last sign', range: [at, null] },
  ],
};

test('a line for each part, event and gap; how many more there are; nothing that a terminal obeys', () => {
  const lines = explanationText(explanation).split('\n');
  expect(lines.slice(0, 2)).toEqual(['path       connectedDuration', 'value      16']);
  expect(lines).toContain('bounds     10 .. ?');
  expect(lines.slice(-6)).toEqual([
    'events (102)',
    `  ${at}  start  EV_1`,
    `  ${at}  end    EV_\\u001b[2J`,
    '  and 100 more',
    'missing (1)',
    `  participant_left of participant PA_1: ${at} .. ?, by last sign`,
  ]);
});
