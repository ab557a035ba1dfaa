import { beforeAll, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { metricsText } from '../../src/report/metricsText.ts';
import { metricsOfCase } from './callMetrics.ts';

let call: CallMetrics;
beforeAll(async () => {
  call = await metricsOfCase('03-lost-joins');
});

test('shows values with their units, people, and the events that are missing', () => {
  const page = metricsText(call);
  expect(page).toMatch(/first to last person +60\.88 s/);
  expect(page).toMatch(/joins that succeeded +100 %/);
  expect(page).toMatch(/fay +human +STANDARD +0:58 +95 % +CLIENT_INITIATED/);
  expect(page).toMatch(/completeness +50 %/);
  expect(page).toMatch(/missing +participant_joined of participant PA_c03fay: 2026-11-20T13:00:03\.120Z \.\. /);
});

test('shows the bounds of what was inferred, a question mark where there is no limit, and doubtful flags', () => {
  const evidence = {
    ...call.evidence,
    bounds: { connectedDuration: [0, 113.2], callDuration: [60, null] },
    uncertain: ['agent.expected'],
  } as CallMetrics['evidence'];
  const page = metricsText({ ...call, connectedDuration: 113.2, evidence });
  expect(page).toContain('113.2 s (0 .. 113.2)');
  expect(page).toContain('60.88 s (60 .. ?)');
  expect(page).toContain('no (uncertain: a lost event could turn it)');
});

test('has no paragraph for what the call did not have', () => {
  expect(metricsText(call)).not.toContain('Phone');
  expect(metricsText({ ...call, custom: { csat: 4 } })).toMatch(/Your own\n {2}csat +4/);
});

test('nothing that a caller typed reaches the terminal raw', () => {
  const evil = '\u001b]0;owned\u0007';
  const person = { ...call.participants.list[0]!, identity: evil, kind: evil };
  person.sessions = person.sessions.map((session) => ({ ...session, disconnectReason: evil }));
  const page = metricsText({
    ...call,
    roomName: evil,
    participants: { ...call.participants, list: [person] },
    custom: { [evil]: evil },
  } as CallMetrics);
  expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
