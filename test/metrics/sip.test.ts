import { describe, expect, test } from 'vitest';
import { finished, joined, left, type Payload, published, started } from '../call/story.ts';
import { measured, measuredAt } from './measured.ts';

const ATTRIBUTES = {
  'sip.callID': 'SCL_1',
  'sip.trunkID': 'ST_1',
  'sip.phoneNumber': '+15550100001',
  'sip.trunkPhoneNumber': '+15550100099',
  'sip.callStatus': 'dialing',
};
const phone = (more: Payload = {}) => ({ kind: 'SIP', name: 'Phone +15550100001', attributes: ATTRIBUTES, ...more });
const inbound = phone({ attributes: { ...ATTRIBUTES, 'sip.ruleID': 'SDR_1', 'sip.callStatus': 'active' } });
const sipOf = (...story: Payload[]) => measured(started(0), ...story, finished(60)).sip;
const leg = (more: Payload, ...between: Payload[]) =>
  sipOf(joined(2, 'phone', more), ...between, left(30, 'phone', more));

test('there is none without a phone', () => expect(sipOf(joined(2, 'ana'), left(9, 'ana'))).toBeNull());

test('an inbound leg, told by its dispatch rule, goes from the caller to the trunk', () => {
  expect(leg(inbound)).toEqual({
    callId: 'SCL_1',
    direction: 'inbound',
    from: '+*********01',
    to: '+*********99',
    trunk: 'ST_1',
    status: 'active',
    answered: true,
    hangupCause: 'CLIENT_INITIATED',
    legs: 1,
  });
});

test('an outbound leg goes from the trunk to the phone', () => {
  expect(leg(phone())).toMatchObject({ direction: 'outbound', from: '+*********99', to: '+*********01' });
});

describe('it was answered', () => {
  test.each(['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE'])(
    'not, where the leave says %s',
    (disconnectReason) => {
      expect(leg(phone({ disconnectReason }))).toMatchObject({ answered: false, hangupCause: disconnectReason });
      expect(leg({ ...inbound, disconnectReason }, published(3, 'phone'))).toMatchObject({ answered: false });
    },
  );

  test('where it published audio', () => expect(leg(phone(), published(9, 'phone'))!.answered).toBe(true));

  test('where it came in', () => expect(leg(inbound)!.answered).toBe(true));

  test('nobody knows, of an outbound call without audio', () => expect(leg(phone())!.answered).toBeNull());
});

describe('a phone that was not answered is ringing, no conversation', () => {
  const refused = phone({ disconnectReason: 'USER_REJECTED' });
  const metrics = measured(
    started(0),
    joined(2, 'agent-1'),
    published(2, 'agent-1'),
    joined(5, 'phone', refused),
    left(25, 'phone', refused),
    left(25, 'agent-1'),
    finished(45),
  );

  test('in participants and callDuration', () => {
    expect(metrics.participants.unique).toBe(2);
    expect(metrics.callDuration).toBe(23);
  });

  test('not in what is said of talking', () => {
    expect(metrics).toMatchObject({
      connectedDuration: 0,
      agentHumanDuration: 0,
      engagement: null,
      agent: { joinLatency: null, noShow: null, leftFirst: null, aloneSeconds: 23 },
      response: { count: 0 },
    });
  });
});

test('one of which the leave was lost may have rung unanswered: then there was no human', () => {
  const story = [started(0), joined(2, 'agent-1'), left(25, 'agent-1'), joined(5, 'phone', phone()), finished(45)];
  const { agent, evidence } = measured(...story);
  expect(agent.noShow).toBe(false);
  expect(evidence.uncertain).toEqual(expect.arrayContaining(['agent.noShow', 'engagement']));
  const certain = measured(...story, published(9, 'phone'));
  expect(certain.evidence.uncertain).not.toContain('agent.noShow');
});

test('an outbound call whose answer no event tells was talked on from its first audio at the latest', () => {
  const metrics = measured(
    started(0),
    joined(2, 'agent-1'),
    joined(5, 'phone', phone()),
    published(12, 'phone'),
    left(25, 'phone', phone()),
    left(25, 'agent-1'),
    finished(45),
  );
  expect(metrics.connectedDuration).toBe(20);
  const [low, high] = metrics.evidence.bounds.connectedDuration as [number, number];
  expect(low).toBeGreaterThan(11);
  expect(low).toBeLessThanOrEqual(13);
  expect(high).toBeGreaterThanOrEqual(20);
  expect(high).toBeLessThan(21);
  expect(metrics.evidence.completeness).toBeLessThan(1); // the lost unpublication's, not the answer's
});

describe('phone numbers', () => {
  test('are masked in the name too, unless asked for', () => {
    const story = [started(0), joined(2, 'phone', inbound), left(30, 'phone', inbound), finished(60)];
    expect(measuredAt(90, story).participants.list[0]!.name).toBe('Phone +*********01');
    const plain = measuredAt(90, story, { phoneNumbers: 'plain' });
    expect(plain.participants.list[0]!.name).toBe('Phone +15550100001');
    expect(plain.sip).toMatchObject({ from: '+15550100001', to: '+15550100099' });
  });
});

test('of several legs the first is told, and how many there were', () => {
  const second = { ...inbound, sid: 'PA_2' };
  expect(
    sipOf(
      joined(9, 'other', second),
      joined(2, 'phone', phone()),
      left(30, 'phone', phone()),
      left(31, 'other', second),
    ),
  ).toMatchObject({
    direction: 'outbound',
    legs: 2,
  });
});
