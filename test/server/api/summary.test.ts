import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, closeAll, recorded } from './recorded.ts';

let get: (path: string) => Promise<Answered>;
beforeAll(async () => {
  ({ get } = await recorded(['support-call', 'no-show', 'agent-turns', 'lost-left', 'sip-inbound']));
});
afterAll(closeAll);

describe('/v1/summary', () => {
  test('sums up what is asked for, by groups, with the definitions', async () => {
    const { status, body } = await get(
      '/v1/summary?by=day,endReason&tz=Europe/Berlin&serviceLevel=2&target=0.5&room=support-*',
    );
    expect(status).toBe(200);
    expect(body.definitions).toMatchObject({
      by: ['day', 'endReason'],
      timeZone: 'Europe/Berlin',
      serviceLevel: { threshold: 2, target: 0.5, denominator: 'answeredOrAbandonedLate' },
    });
    expect(body.groups.map(({ group }: { group: { key: object } }) => group.key)).toEqual([
      { day: '2026-10-12', endReason: 'agent_no_show' },
      { day: '2026-10-12', endReason: 'human_hangup' },
      { day: '2026-10-12', endReason: 'unknown' },
    ]);
    expect(body.total.calls.value).toBe(5);
  });

  test.each([
    ['by=dy', 'by'],
    ['tz=Berlin', 'no time zone'],
    ['target=2', '0 to 1'],
    ['serviceLevelOf=ofered', 'Did you mean offered?'],
    ['by=day,day', 'each once'],
  ])('%s is a problem that says what would be right', async (query, says) => {
    const { status, body } = await get(`/v1/summary?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(says);
  });
});

describe('/v1/timeseries', () => {
  test('has a line for each figure and group, and a point for each period, also without a call', async () => {
    const { body } = await get(
      '/v1/timeseries?figure=calls,responseLatency.p50,participantMinutes.SIP&unit=hour&since=2026-10-12T08:00:00Z&until=2026-10-12T11:00:00Z',
    );
    const lines = body.series.map((line: { figure: string; points: { value: number | null }[] }) => [
      line.figure,
      line.points.map(({ value }) => value),
    ]);
    expect(lines).toEqual([
      ['calls', [0, 4, 1]],
      ['responseLatency.p50', [null, expect.any(Number), 1.2]],
      ['participantMinutes.SIP', [null, expect.any(Number), null]],
    ]);
    expect(body.series[0].points[1]).toMatchObject({
      label: '2026-10-12T09:00+00:00',
      from: '2026-10-12T09:00:00.000Z',
      n: 4,
    });
  });

  test('has a line for each other group', async () => {
    const { body } = await get('/v1/timeseries?figure=calls&by=endReason');
    expect(body.series.map(({ key }: { key: object }) => key)).toEqual([
      { endReason: 'agent_no_show' },
      { endReason: 'human_hangup' },
      { endReason: 'unknown' },
    ]);
  });

  test.each(['nonsense', 'responseLatency', 'responseLatency.p42', 'serviceLevel.met', 'calls.value.x'])(
    'a figure that is none is a problem: %s',
    async (figure) => {
      const { status, body } = await get(`/v1/timeseries?figure=${figure}`);
      expect([status, body.parameter]).toEqual([400, 'figure']);
    },
  );

  test('also where no call has a sample of it', async () => {
    const { status, body } = await get('/v1/timeseries?figure=responseLatency&endReason=agent_no_show');
    expect([status, body.parameter]).toEqual([400, 'figure']);
  });
});
