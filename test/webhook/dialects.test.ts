import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/webhook/event.ts';
import { egress, ms, ns, SID, started, understood } from '../call/story.ts';

describe('the seed document’s words for a recording', () => {
  test.each([
    ['recording_started', 'egress_started'],
    ['recording_updated', 'egress_updated'],
    ['recording_finished', 'egress_ended'],
    ['recording_ended', 'egress_ended'],
  ])('%s is %s', (alias, type) => {
    const event = understood({ ...egress('ended', 5), event: alias });
    expect(event).toMatchObject({ type, known: true, egress: { id: 'EG_1' } });
  });

  test.each(['egressInfo', 'recordingInfo', 'recording'])('with its facts in %s', (key) => {
    const { egressInfo: _, ...rest } = egress('ended', 5);
    const event = understood({
      ...rest,
      event: 'recording_finished',
      [key]: { recordingId: 'EG_9', status: 'COMPLETE' },
    });
    expect(event.egress).toMatchObject({ id: 'EG_9', status: 'EGRESS_COMPLETE' });
  });
});

describe('an event type that is not known', () => {
  const novel = (more: object = {}) => ({
    id: 'EV_1',
    event: 'room_renamed',
    createdAt: ms(5),
    room: { sid: SID },
    ...more,
  });

  test('is kept as it is called', () => {
    expect(understood(novel())).toMatchObject({ type: 'room_renamed', known: false, room: { sid: SID } });
    expect(EVENT_TYPES).not.toContain('room_renamed');
  });

  test('needs no room', () => {
    expect(understood(novel({ room: undefined })).room).toEqual({ sid: null, name: null });
  });

  test('named like a thing of Object’s prototype is no known one', () => {
    for (const event of ['__proto__', 'constructor', 'toString'])
      expect(understood(novel({ event }))).toMatchObject({ type: event, known: false });
  });
});

describe('an egress’ info alone, as some keep it', () => {
  const kept = (status: unknown) => ({ egressInfo: { egressId: 'EG_1', roomId: SID, status, updatedAt: ns(5) } });

  test.each([
    [undefined, 'egress_started'],
    ['EGRESS_ACTIVE', 'egress_updated'],
    ['EGRESS_ENDING', 'egress_updated'],
    ['EGRESS_COMPLETE', 'egress_ended'],
    ['EGRESS_FAILED', 'egress_ended'],
  ])('of status %s is %s', (status, type) => {
    expect(understood(kept(status))).toMatchObject({ type, room: { sid: SID }, at: { ms: ms(5) } });
  });
});

describe('an egress’ results', () => {
  const ended = (info: object) => understood(egress('ended', 90, { ...info })).egress!;

  test('span from the earliest start to the latest end, sizes added', () => {
    const fileResults = [
      { startedAt: ns(20), endedAt: ns(40), size: '5', location: 's3://a' },
      { startedAt: ns(10), endedAt: ns(30), size: '7', location: 's3://b' },
    ];
    expect(ended({ fileResults })).toMatchObject({
      resultStartedAt: ms(10),
      resultEndedAt: ms(40),
      bytes: 12,
      location: 's3://a',
    });
  });

  test('of old servers stand in a field of their own', () => {
    expect(ended({ file: { startedAt: ns(20), endedAt: ns(40), filename: 'a.mp4' } })).toMatchObject({
      resultStartedAt: ms(20),
      location: 'a.mp4',
    });
  });

  test('of an SDK object stand in a oneof', () => {
    const result = { case: 'file', value: { startedAt: { $numberLong: ns(20) }, location: 's3://a' } };
    const info = ended({ result, request: { case: 'web', value: {} }, roomComposite: undefined });
    expect(info).toMatchObject({ kind: 'web', resultStartedAt: ms(20), location: 's3://a' });
  });

  test('tell an impossible duration as it is', () => {
    expect(ended({ fileResults: [{ duration: '-5000000' }] }).resultDuration).toBe(-5);
  });
});

describe('where a room is named', () => {
  test('an egress names it in its info, or in the request it was started with', () => {
    const base = { event: 'egress_started', createdAt: ms(5) };
    expect(
      understood({ ...base, room: {}, egressInfo: { egressId: 'EG_1', roomId: SID, roomName: 'r' } }).room,
    ).toEqual({
      sid: SID,
      name: 'r',
    });
    const request = { egressId: 'EG_1', roomComposite: { roomName: 'r' } };
    expect(understood({ ...base, egressInfo: request }).room).toEqual({ sid: null, name: 'r' });
  });

  test('an ingress names it by name, and in its state sometimes by sid', () => {
    const base = { event: 'ingress_started', createdAt: ms(5), room: { name: 'r' } };
    expect(understood({ ...base, ingressInfo: { ingressId: 'IN_1' } }).room).toEqual({ sid: null, name: 'r' });
    const state = { roomId: SID };
    expect(understood({ ...base, ingressInfo: { ingressId: 'IN_1', state } }).room).toEqual({ sid: SID, name: 'r' });
  });

  test('a web egress has none', () => {
    expect(understood({ ...egress('started', 5, { roomId: undefined, web: {} }), room: {} }).room).toEqual({
      sid: null,
      name: null,
    });
  });
});

test('an identity stands in for a participant sid that is not told', () => {
  const participant = { identity: 'ana' };
  const event = understood({ ...started(), event: 'participant_joined', participant });
  expect(event.participant).toMatchObject({ sid: 'identity:ana', identity: 'ana' });
});
