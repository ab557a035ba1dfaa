import { afterEach, expect, test } from 'vitest';
import { CallEvaluator } from '../src/evaluator.ts';
import type { CallEvaluatorOptions } from '../src/options.ts';
import type { SeriesQuery } from '../src/seriesQuery.ts';
import { type Comer, roomCall } from './roomCall.ts';

const DAY = 86_400;
const BEGIN = Date.UTC(2026, 0, 5, 9) / 1000;
const ana: Comer = { identity: 'ana', from: 5, to: 500 };
const ben: Comer = { identity: 'ben', from: 7, to: 590 };
const agent: Comer = { identity: 'agent-x', from: 1, to: 595, kind: 'AGENT' };
const phone = (identity: string, number?: string): Comer => ({
  identity,
  from: 5,
  to: 100,
  kind: 'SIP',
  attributes: { 'sip.callID': 'SCL_1', 'sip.ruleID': 'SDR_1', ...(number && { 'sip.phoneNumber': number }) },
});

const opened: CallEvaluator[] = [];
afterEach(async () => {
  for (const evaluator of opened.splice(0)) await evaluator.close();
});

async function seriesOf(events: object[], query: SeriesQuery, options: CallEvaluatorOptions = {}) {
  const evaluator = new CallEvaluator({ clock: () => (BEGIN + 30 * DAY) * 1000, ...options });
  opened.push(evaluator);
  await evaluator.processEvents(events);
  return evaluator.getSeries(query);
}

const STANDUPS = [
  ...roomCall('RM_1', 'standup', BEGIN, [ana, agent]),
  ...roomCall('RM_2', 'standup', BEGIN + DAY, [ana, ben, agent]),
  ...roomCall('RM_3', 'standup', BEGIN + 2 * DAY, [ben, { ...ana, lost: true }]),
  ...roomCall('RM_4', 'standup-2', BEGIN + 3 * DAY, [ana]),
];

test('the calls of one room name, the earliest first', async () => {
  const series = await seriesOf(STANDUPS, { roomName: 'standup', recontactWithin: 48 });
  expect(series.calls).toMatchObject([
    { roomSid: 'RM_1', humans: 1, unique: 2, peak: 2, new: 1, returning: 0, recontacted: true, completeness: 1 },
    {
      roomSid: 'RM_2',
      humans: 2,
      unique: 3,
      new: 1,
      returning: 1,
      recontactAfter: DAY + 7 - 590,
      people: [
        { identity: 'ana', returning: true },
        { identity: 'ben', returning: false },
      ],
    },
    { roomSid: 'RM_3', humans: 2, new: 0, returning: 2, recontacted: false },
  ]);
  expect(series.calls[2]!.completeness).toBeLessThan(1);
  expect(series.returningRate).toMatchObject({ value: 0.75, n: 2, complete: 0.5 });
  expect(series.definitions).toMatchObject({ recontactWithin: 48, since: null, until: null });
});

test('other filters and patterns choose calls as lists do; the order of events does not matter', async () => {
  const sids = async (query: SeriesQuery, events = STANDUPS) =>
    (await seriesOf(events, query)).calls.map(({ roomSid }) => roomSid);
  expect(await sids({ room: 'standup*' })).toEqual(['RM_1', 'RM_2', 'RM_3', 'RM_4']);
  expect(await sids({ roomName: 'standup', kind: 'AGENT' })).toEqual(['RM_1', 'RM_2']);
  expect(await sids({ identity: 'b*' })).toEqual(['RM_2', 'RM_3']);
  expect(await sids({ identity: 'agent-x' })).toEqual([]); // no human
  expect(await sids({ room: '*', since: new Date((BEGIN + DAY) * 1000), until: (BEGIN + 2 * DAY) * 1000 })).toEqual([
    'RM_2',
  ]);
  expect(await seriesOf(STANDUPS.toReversed(), { room: '*' })).toEqual(await seriesOf(STANDUPS, { room: '*' }));
});

test('a support call is one room each: who calls again is known by identity, or by the number, which is not shown', async () => {
  const calls = [
    ...roomCall('RM_1', 'support-1', BEGIN, [phone('crm-17', '+15550100123')]),
    ...roomCall('RM_2', 'support-2', BEGIN + 3600, [phone('sip_+15550100999')]),
    ...roomCall('RM_3', 'support-3', BEGIN + 7200, [phone('crm-18', '+1 555 010 0123')]),
    ...roomCall('RM_4', 'support-4', BEGIN + 9000, [phone('sip_anonymous', 'anonymous')]),
    ...roomCall('RM_5', 'support-5', BEGIN + 10_800, [phone('sip_+15550100999', '+15550100999')]),
  ];
  const series = await seriesOf(calls, { room: 'support-*', recontactWithin: 2 });
  expect(series.calls.map((row) => [row.roomSid, row.recontacted, row.recontactRoomSid])).toEqual([
    ['RM_1', true, 'RM_3'],
    ['RM_2', true, 'RM_5'],
    ['RM_3', false, null],
    ['RM_4', null, null],
    ['RM_5', false, null],
  ]);
  expect(series.recontactRate).toMatchObject({ value: 0.5, low: 0.5, high: 0.5, n: 4, leftOut: { callerUnknown: 1 } });
  expect(series.calls[3]).toMatchObject({ unknown: 1, new: 0, people: [{ returning: null }] });
  expect(series.people.list[0]).toMatchObject({ identity: 'crm-17', phone: '+*********23', calls: 2 });
  expect(JSON.stringify(series)).not.toMatch(/0100123|010 0123/);
  const plain = await seriesOf(calls, { room: 'support-*' }, { phoneNumbers: 'plain' });
  expect(plain.people.list[0]!.phone).toBe('+15550100123');
});

test('who calls back after the end of the period counts, and belongs to none of its calls', async () => {
  const until = (BEGIN + 2 * DAY - 1000) * 1000;
  const series = await seriesOf(STANDUPS, { roomName: 'standup', until });
  expect(series.calls).toMatchObject([
    { roomSid: 'RM_1', recontacted: true },
    { roomSid: 'RM_2', recontacted: true, recontactRoomSid: 'RM_3' },
  ]);
});

test('a phone that only rang is nobody who came', async () => {
  const rang = roomCall('RM_1', 'out', BEGIN, [phone('sip_+15550100123')]).map((event) =>
    JSON.parse(JSON.stringify(event).replace('CLIENT_INITIATED', 'USER_UNAVAILABLE')),
  );
  const { calls, recontactRate } = await seriesOf(rang, { room: 'out' });
  expect(calls).toMatchObject([{ humans: 0, new: 0, people: [] }]);
  expect(recontactRate).toMatchObject({ n: 0, leftOut: { noHuman: 1 } });
});

test('what is misspelt is refused, with the nearest right one', async () => {
  const refused = (query: object) => expect(seriesOf([], query as SeriesQuery)).rejects;
  await refused({ roomNam: 'x' }).toThrow('Unknown option roomNam. Did you mean roomName?');
  await refused({ recontactWithin: 0 }).toThrow('recontactWithin: expected hours, a number above 0 and up to 8784');
  await refused({ identity: '' }).toThrow("identity: expected a pattern of identities, such as 'sip_*'");
});
