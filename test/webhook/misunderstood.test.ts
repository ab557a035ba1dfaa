/** What cannot be understood says which field it is, what stood there, and what was expected. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/webhook/decode.ts';
import { EVENT_TYPES, type Misunderstood } from '../../src/webhook/event.ts';
import { egress, ingress, job, joined, type Payload, published, SID, started } from '../call/story.ts';

function reasonOf(payload: unknown): Misunderstood {
  const decoded = decode(payload);
  if (decoded.ok) throw new Error(`understood as ${decoded.event.type}`);
  return decoded.reason;
}
const but = (payload: Payload, more: Payload) => ({ ...payload, ...more });
const OBJECT = 'an object';

describe('a body that is no object', () => {
  test.each([
    [null, 'null'],
    [[1, 2], 'an array of 2'],
    ['room_started', 'the text "room_started"'],
    [42, 'the number 42'],
    [true, 'the boolean true'],
    [undefined, 'nothing'],
  ])('%j', (payload, found) => {
    const expected = expect.stringContaining('JSON object');
    expect(reasonOf(payload)).toEqual({ field: '(body)', found, expected, roomSid: null });
  });
});

describe('a field that decides', () => {
  const cases: [string, unknown, string, string, unknown][] = [
    ['no event', but(started(), { event: undefined }), 'event', 'nothing', expect.stringContaining('room_started')],
    ['an empty event', but(started(), { event: '' }), 'event', 'the text ""', expect.any(String)],
    ['an event that is a number', but(started(), { event: 7 }), 'event', 'the number 7', expect.any(String)],
    ['a room that is a text', but(started(), { room: 'lobby' }), 'room', 'the text "lobby"', OBJECT],
    ['a room that is a list', but(started(), { room: [] }), 'room', 'an array of 0', OBJECT],
    ['no room', but(started(), { room: undefined }), 'room.sid', 'nothing', expect.stringContaining('RM_')],
    ['a room’s sid that is a number', but(started(), { room: { sid: 5 } }), 'room.sid', 'the number 5', 'a text'],
    [
      'no participant',
      but(joined(1, 'ana'), { participant: null }),
      'participant',
      'null',
      expect.stringContaining('sid'),
    ],
    [
      'a participant that is a text',
      but(joined(1, 'ana'), { participant: 'ana' }),
      'participant',
      'the text "ana"',
      OBJECT,
    ],
    [
      'a participant without sid and identity',
      but(joined(1, 'ana'), { participant: {} }),
      'participant.sid',
      'nothing',
      expect.stringContaining('PA_'),
    ],
    [
      'a participant’s sid that is an object',
      joined(1, 'ana', { sid: {} as never }),
      'participant.sid',
      'an object',
      'a text',
    ],
    ['no track', but(published(1, 'ana'), { track: undefined }), 'track', 'nothing', expect.stringContaining('sid')],
    [
      'a track without a sid',
      published(1, 'ana', { sid: undefined }),
      'track.sid',
      'nothing',
      expect.stringContaining('TR_'),
    ],
    ['no egress', but(egress('ended', 1), { egressInfo: undefined }), 'egressInfo', 'nothing', OBJECT],
    ['no ingress', but(ingress('ended', 1), { ingressInfo: null }), 'ingressInfo', 'null', OBJECT],
    [
      'an ingress without an id',
      ingress('ended', 1, { ingressId: '' }),
      'ingressInfo.ingressId',
      'the text ""',
      expect.stringContaining('IN_'),
    ],
    [
      'an ingress whose state is a text',
      ingress('ended', 1, { state: 'ERROR' }),
      'ingressInfo.state',
      'the text "ERROR"',
      OBJECT,
    ],
    ['no job', but(job('ended', 1), { job: undefined }), 'job', 'nothing', OBJECT],
    ['a job without an id', job('ended', 1, { id: null }), 'job.id', 'null', expect.stringContaining('AJ_')],
  ];
  test.each(cases)('%s', (_, payload, field, found, expected) => {
    expect(reasonOf(payload)).toMatchObject({ field, found, expected });
  });
});

describe('createdAt', () => {
  test.each([
    ['absent', undefined, 'nothing'],
    ['a word', 'soon', 'the text "soon"'],
    ['an object', {}, 'an object'],
    ['of the year 1970', 5, 'the number 5'],
    ['negative', -1e9, 'the number -1000000000'],
    ['of the year 9999', 253_402_300_799, 'the number 253402300799'],
    ['beyond all', 1e300, 'the number 1e+300'],
    ['infinite', '1e999', 'the text "1e999"'],
  ])('%s', (_, createdAt, found) => {
    const payload = { ...joined(1, 'ana'), createdAt };
    expect(reasonOf(payload)).toMatchObject({
      field: 'createdAt',
      found,
      expected: expect.stringContaining('seconds'),
    });
  });
});

test('the room that a payload seems to speak of is told, for the count of what was not understood', () => {
  expect(reasonOf({ event: 7, room: { sid: SID } }).roomSid).toBe(SID);
  for (const room of [undefined, null, 'RM_1', {}, { sid: '' }, { sid: 5 }, { sid: 'x'.repeat(101) }])
    expect(reasonOf({ event: 7, room }).roomSid).toBeNull();
});

describe('what is absurdly long', () => {
  test('is not taken for an id, and not repeated in full', () => {
    const reason = reasonOf(joined(1, 'ana', { sid: 'x'.repeat(2000) }));
    expect(reason).toMatchObject({ field: 'participant.sid', expected: 'a text of at most 1024 characters' });
    expect(reason.found).toContain('2000 characters');
    expect(reason.found.length).toBeLessThan(120);
    expect(reasonOf({ ...started(), event: 'x'.repeat(101) }).field).toBe('event');
  });

  test('is cut where it only informs', () => {
    const decoded = decode(joined(1, 'ana', { name: 'x'.repeat(2000) }));
    expect(decoded.ok && decoded.event.participant!.name!.length).toBe(1024);
  });
});

test('a secret is not told, though it stands where something else belongs', () => {
  for (const participant of ['{"token":"hunter2"}', "{'password': 'hunter2'}", 'https://ana:hunter2@host/'])
    expect(reasonOf({ ...joined(1, 'ana'), participant }).found).toMatch(/^the text (?!.*hunter2)/);
});

test('half a surrogate is told in text that can be stored and printed', () => {
  const reason = reasonOf({ ...started(), event: 5, room: { sid: 'RM_\ud800' } });
  expect(reason.roomSid).toBe('RM_\ufffd');
  expect(reasonOf('\ud800').found).toBe('the text "\ufffd"');
});

test.each(EVENT_TYPES)('%s with nothing else says what it misses, and does not throw', (event) => {
  expect(reasonOf({ event })).toMatchObject({ found: 'nothing' });
});

describe('an unknown event type is no fault, whatever it carries', () => {
  const novel = (event: string, more: Payload) => ({ ...started(5), event, ...more });
  test.each([
    ['ingress_updated', {}],
    ['egress_paused', {}],
    ['agent_job_moved', {}],
    ['track_muted', { track: { muted: true } }],
    ['participant_renamed', { participant: { name: 'Ana' } }],
    ['sms_sent', { participant: 'ana' }],
  ])('%s %j', (event, more) => {
    expect(decode(novel(event, more))).toMatchObject({
      ok: true,
      event: { type: event, known: false, room: { sid: SID } },
    });
  });
});
