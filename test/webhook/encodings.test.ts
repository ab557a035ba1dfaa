/** webhooks.md section 2, one tolerance a test. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/webhook/decode.ts';
import { egress, ingress, job, joined, left, ms, ns, published, started, told, understood } from '../call/story.ts';

const CREATED = 1_767_603_600;
const anEvent = (more: object = {}) => ({
  id: 'EV_1',
  event: 'participant_joined',
  createdAt: CREATED,
  room: { sid: 'RM_1', name: 'r' },
  participant: { sid: 'PA_1', identity: 'ana', kind: 'SIP', joinedAt: CREATED },
  ...more,
});
const withKind = (kind: unknown) => anEvent({ participant: { sid: 'PA_1', identity: 'ana', kind } });
const endedAs = (status: unknown) => understood(egress('ended', 5, { status })).egress!.status;
const leftFor = (disconnectReason: unknown) => understood(left(5, 'ana', { disconnectReason })).participant!;

describe('keys', () => {
  test('in snake_case mean the same as in camelCase', () => {
    const snake = {
      id: 'EV_1',
      event: 'participant_left',
      created_at: CREATED,
      room: { sid: 'RM_1', name: 'r', empty_timeout: 10, departure_timeout: 7, creation_time_ms: `${CREATED}123` },
      participant: { sid: 'PA_1', identity: 'ana', joined_at_ms: `${CREATED}456`, disconnect_reason: 'ROOM_CLOSED' },
    };
    const camel = {
      id: 'EV_1',
      event: 'participant_left',
      createdAt: CREATED,
      room: { sid: 'RM_1', name: 'r', emptyTimeout: 10, departureTimeout: 7, creationTimeMs: `${CREATED}123` },
      participant: { sid: 'PA_1', identity: 'ana', joinedAtMs: `${CREATED}456`, disconnectReason: 'ROOM_CLOSED' },
    };
    expect(understood(snake)).toEqual(understood(camel));
    expect(understood(snake).participant).toMatchObject({ joinedAt: { ms: CREATED * 1000 + 456, grain: 1 } });
  });

  test('may be mixed in one payload', () => {
    const mixed = anEvent({ createdAt: undefined, created_at: CREATED, room: { sid: 'RM_1', creation_time: CREATED } });
    expect(understood(mixed)).toMatchObject({
      at: { ms: CREATED * 1000 },
      room: { createdAt: { ms: CREATED * 1000 } },
    });
  });

  test('in snake_case are read within lists and messages too', () => {
    const info = {
      egress_id: 'EG_1',
      room_id: 'RM_1',
      file_results: [{ started_at: ns(3), ended_at: ns(9), size: '7' }],
    };
    const { egress: facts, room } = understood({ event: 'egress_ended', created_at: CREATED, egress_info: info });
    expect(room.sid).toBe('RM_1');
    expect(facts).toMatchObject({ id: 'EG_1', resultStartedAt: ms(3), resultEndedAt: ms(9), bytes: 7 });
  });

  test('that are unknown are passed over', () => {
    expect(understood(anEvent({ novelty: { deep: [1] } }))).toEqual(understood(anEvent()));
  });
});

describe('int64', () => {
  test.each([
    ['a string', `${CREATED}`],
    ['a number', CREATED],
    ['MongoDB’s $numberLong', { $numberLong: `${CREATED}` }],
    ['MongoDB’s $numberInt', { $numberInt: `${CREATED}` }],
    ['MongoDB’s $numberDouble', { $numberDouble: '1.7676036E9' }],
    ['a bigint', BigInt(CREATED)],
    ['a string with a sign', `+${CREATED}`],
  ])('as %s', (_, createdAt) => {
    expect(understood(anEvent({ createdAt })).at).toEqual({ ms: CREATED * 1000, grain: 1000 });
  });

  test.each([
    ['hexadecimal', `0x${CREATED.toString(16)}`],
    ['an exponent', '1.7676036e9'],
    ['a fraction', `${CREATED}.0`],
    ['blanks around it', ` ${CREATED} `],
    ['nothing but a blank', ' '],
    ['separators', '1_767_603_600'],
    ['Infinity', 'Infinity'],
  ])('as text with %s is none', (_, createdAt) => {
    expect(decode(anEvent({ createdAt }))).toMatchObject({ ok: false, reason: { field: 'createdAt' } });
  });

  test.each([['123'], [123], [{ $numberLong: '123' }]])('sizes and durations too: %j', (size) => {
    expect(understood(egress('ended', 5, { fileResults: [{ size }] })).egress!.bytes).toBe(123);
    const wide = { $numberLong: '12000000000' };
    expect(understood(egress('ended', 5, { fileResults: [{ duration: wide }] })).egress!.resultDuration).toBe(12_000);
  });
});

describe('enums', () => {
  test.each([
    ['the name', 'SIP'],
    ['lower case', 'sip'],
    ['mixed case', 'Sip'],
    ['the prefixed name', 'KIND_SIP'],
    ['the prefixed name in lower case', 'kind_sip'],
    ['the number', 3],
    ['the number as text', '3'],
  ])('as %s', (_, kind) => expect(understood(withKind(kind)).participant!.kind).toBe('SIP'));

  test('numbers leave out those that LiveKit left out', () => {
    expect(understood(withKind(7)).participant!.kind).toBe('CONNECTOR');
    expect(understood(withKind(8)).participant!.kind).toBe('BRIDGE');
    expect([10, 13, 16].map((number) => leftFor(number).disconnectReason)).toEqual([
      'ROOM_CLOSED',
      'SIP_TRUNK_FAILURE',
      'AGENT_ERROR',
    ]);
  });

  test.each([
    ['EGRESS_COMPLETE', ['EGRESS_COMPLETE', 'COMPLETE', 'complete', 3, '3']],
    ['EGRESS_LIMIT_REACHED', ['EGRESS_LIMIT_REACHED', 'limit_reached', 6]],
    ['EGRESS_FAILED', ['FAILED', 'egress_failed', 4]],
  ])('a status is %s however it is written', (name, spellings) => {
    expect(spellings.map(endedAs)).toEqual(spellings.map(() => name));
  });

  test('the prefixes of ingress, job, track and room', () => {
    const ended = (status: unknown) => understood(ingress('ended', 5, { state: { status } })).ingress!.status;
    expect([ended('ENDPOINT_ERROR'), ended('error'), ended(3)]).toEqual(Array(3).fill('ENDPOINT_ERROR'));
    const over = (status: unknown) => understood(job('ended', 5, { state: { status } })).job!.status;
    expect([over('JS_SUCCESS'), over('Success'), over('2')]).toEqual(Array(3).fill('JS_SUCCESS'));
    const source = (word: unknown) => understood(published(5, 'ana', { source: word })).track!.source;
    expect([source('SOURCE_SCREEN_SHARE'), source('screen_share'), source(3)]).toEqual(Array(3).fill('SCREEN_SHARE'));
    const type = (word: unknown) => understood(published(5, 'ana', { type: word })).track!.type;
    expect([type('video'), type('TYPE_VIDEO'), type(1), type('DATA')]).toEqual(['VIDEO', 'VIDEO', 'VIDEO', 'DATA']);
    const why = (roomEndReason: unknown) =>
      understood({ ...started(5), event: 'room_finished', roomEndReason }).roomEndReason;
    expect([why('ROOM_END_API_DELETE'), why('api_delete'), why(1)]).toEqual(Array(3).fill('ROOM_END_API_DELETE'));
  });

  test('an unknown name or number is kept as text', () => {
    expect(understood(withKind('HOLOGRAM')).participant!.kind).toBe('HOLOGRAM');
    expect(understood(withKind(42)).participant!.kind).toBe('42');
    expect(endedAs('EGRESS_PAUSED')).toBe('EGRESS_PAUSED');
  });

  test.each([[null], [''], [{}], [1.5], [true], ['x'.repeat(65)]])(
    'what is no enum is as good as absent: %j',
    (kind) => {
      expect(understood(withKind(kind))).toEqual(understood(withKind(undefined)));
    },
  );
});

describe('absent', () => {
  test('null is absent, everywhere', () => {
    const nulls = {
      joinedAt: null,
      joinedAtMs: null,
      name: null,
      kind: null,
      disconnectReason: null,
      permission: null,
    };
    const participant = { sid: 'PA_1', identity: 'ana' };
    expect(
      understood(anEvent({ participant: { ...participant, ...nulls, attributes: null }, egressInfo: null })),
    ).toEqual(understood(anEvent({ participant })));
    expect(understood(anEvent({ id: null }))).toEqual(understood(anEvent({ id: undefined })));
  });

  test('"" is no id, no name and no instant; "0" is no instant', () => {
    const blank = anEvent({
      id: '',
      room: { sid: 'RM_1', name: '', creationTime: '0', creationTimeMs: '' },
      participant: { sid: 'PA_1', identity: 'ana', name: '', joinedAt: '0', joinedAtMs: 0 },
    });
    const bare = anEvent({ id: undefined, room: { sid: 'RM_1' }, participant: { sid: 'PA_1', identity: 'ana' } });
    expect(understood(blank)).toEqual(understood(bare));
  });

  test('an egress_started without a status is starting; another one’s status is not known', () => {
    expect(understood(egress('started', 5)).egress!.status).toBe('EGRESS_STARTING');
    expect(understood(egress('ended', 5)).egress!.status).toBeUndefined();
    expect(endedAs('EGRESS_STARTING')).toBeUndefined();
    expect(endedAs(0)).toBeUndefined();
  });

  test('of a participant event an absent kind is STANDARD only where the sender is new enough to tell kinds', () => {
    const who = { sid: 'PA_1', identity: 'ana' };
    expect(understood(anEvent({ participant: who })).participant!.kind).toBeUndefined();
    expect(understood(anEvent({ participant: { ...who, joinedAtMs: `${CREATED}000` } })).participant!.kind).toBe(
      'STANDARD',
    );
  });

  test('a track without type and source is audio of unknown source', () => {
    const { track } = understood(published(5, 'ana', { type: undefined, source: undefined }));
    expect(track).toMatchObject({ type: 'AUDIO', source: 'UNKNOWN' });
  });
});

describe('defaults that are written out in partial payloads', () => {
  const defaults = { kind: 'STANDARD', state: 'JOINING', name: '', joinedAt: '0', joinedAtMs: '0', metadata: '' };

  test('do not overrule what the join told of the participant', () => {
    const track = { ...published(5, 'bot'), participant: { sid: 'PA_bot', identity: 'bot', ...defaults } };
    const session = told(joined(2, 'bot', { kind: 'AGENT', name: 'Bot', joinedAt: ms(1) }), track).sessions.get(
      'PA_bot',
    )!;
    expect(session).toMatchObject({ kind: { value: 'AGENT' }, name: { value: 'Bot' }, joinedAt: { ms: ms(1) } });
  });

  test('do not overrule what room_started told of the room', () => {
    const room = { sid: 'RM_story', name: '', creationTime: '0', emptyTimeout: 0, departureTimeout: 0 };
    const call = told(started(0), { ...published(5, 'ana'), room });
    expect(call.room).toMatchObject({
      name: { value: 'story' },
      created: { ms: ms(0) },
      emptyTimeout: { value: 300 },
      departureTimeout: { value: 20 },
    });
  });

  test('do not overrule what the publication told of the track', () => {
    const late = {
      ...published(9, 'ana', { type: 'AUDIO', source: 'UNKNOWN', mimeType: '' }),
      event: 'track_unpublished',
    };
    const call = told(published(5, 'ana', { type: 'VIDEO', source: 'CAMERA', mimeType: 'video/vp8' }), late);
    expect(call.tracks.get('TR_ana')).toMatchObject({ type: 'VIDEO', source: 'CAMERA', mimeType: 'video/vp8' });
  });

  test('UNKNOWN_REASON is no reason', () => {
    expect(leftFor('UNKNOWN_REASON').disconnectReason).toBeUndefined();
    expect(leftFor(0).disconnectReason).toBeUndefined();
    expect(leftFor('ROOM_CLOSED').disconnectReason).toBe('ROOM_CLOSED');
  });
});
