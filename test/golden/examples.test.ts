/**
 * Every example of test/examples, and what it means by webhooks.md: LiveKit's own encoding first (sections 2 to 4),
 * then the samples that people published (section 7). Written from the payloads by hand, not from what decode gives.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/webhook/decode.ts';
import type { WebhookEvent } from '../../src/webhook/event.ts';

const folder = join(import.meta.dirname, '../examples');

type Payload = { [key: string]: unknown };

function read(file: string): Payload {
  return JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Payload;
}

function understood(payload: unknown): WebhookEvent {
  const decoded = decode(payload);
  if (!decoded.ok) throw new Error(`not understood: ${JSON.stringify(decoded.reason)}`);
  return decoded.event;
}

/** A clock of whole seconds. */
const seconds = (s: number) => ({ ms: s * 1000, grain: 1000 });
/** A clock of milliseconds or finer. */
const fine = (ms: number) => ({ ms: expect.closeTo(ms, 0), grain: 1 });
/** Nanoseconds come as milliseconds, with or without a fraction. */
const near = (ms: number) => expect.closeTo(ms, 0);

const CALL = { sid: 'RM_b7Kq2ZtVw9Xc', name: 'call-7f3a' };
const FULL_CALL = { ...CALL, createdAt: fine(1790000000412), emptyTimeout: 300, departureTimeout: 20 };
const CALLER = { sid: 'PA_u4Hn8RyPq3Ds', identity: 'caller-1' };
const MICROPHONE = { sid: 'TR_AMq8vTz2LkWe5n', type: 'AUDIO', source: 'MICROPHONE', mimeType: 'audio/red' };

/** What must stand there; what may stand beside it is not asked. */
const meaning: Record<string, Payload> = {
  // made by LiveKit's codec
  room_started: { type: 'room_started', id: 'EV_exampleA0B', at: seconds(1790000000), room: FULL_CALL },
  room_finished: {
    type: 'room_finished',
    id: 'EV_exampleG0H',
    at: seconds(1790000082),
    room: FULL_CALL,
    roomEndReason: 'ROOM_END_IDLE_TIMEOUT',
  },
  participant_joined: {
    type: 'participant_joined',
    id: 'EV_exampleB0C',
    at: seconds(1790000003),
    room: FULL_CALL,
    participant: {
      ...CALLER,
      name: 'Mira Example',
      kind: 'SIP',
      joinedAt: fine(1790000002087),
      attributes: {
        'sip.callID': 'SCL_p5Jd9WmXz2Rb',
        'sip.ruleID': 'SDR_m2Ye6BgTr4Fa',
        'sip.trunkID': 'ST_c8Vn3KtLq7Hs',
        'sip.phoneNumber': '+15550100001',
        'sip.trunkPhoneNumber': '+15550100099',
        'sip.callStatus': 'active',
      },
    },
  },
  participant_left: {
    type: 'participant_left',
    id: 'EV_exampleE0F',
    at: seconds(1790000061),
    room: FULL_CALL,
    participant: {
      ...CALLER,
      kind: 'SIP',
      joinedAt: fine(1790000002087),
      disconnectReason: 'CLIENT_INITIATED',
      attributes: { 'sip.callStatus': 'hangup' },
    },
  },
  participant_connection_aborted: {
    type: 'participant_connection_aborted',
    id: 'EV_exampleF0G',
    at: seconds(1790000064),
    room: FULL_CALL,
    participant: {
      sid: 'PA_z9Qe5LcVb1Nm',
      identity: 'agent-AJ_t3Wr8XkYd6Gp',
      kind: 'AGENT',
      agent: true,
      joinedAt: fine(1790000004530),
      disconnectReason: 'JOIN_FAILURE',
      attributes: { 'lk.agent.name': 'frontdesk' },
    },
  },
  track_published: {
    type: 'track_published',
    id: 'EV_exampleC0D',
    at: seconds(1790000003),
    room: CALL,
    participant: CALLER,
    track: { ...MICROPHONE, versionAt: near(1790000003118.204) },
  },
  track_unpublished: {
    type: 'track_unpublished',
    id: 'EV_exampleD0E',
    at: seconds(1790000061),
    room: CALL,
    participant: CALLER,
    track: { ...MICROPHONE, versionAt: near(1790000003118.204) },
  },
  egress_started: {
    type: 'egress_started',
    id: 'EV_exampleH0J',
    at: seconds(1790000005),
    room: CALL,
    egress: { id: 'EG_h6Ty2NsQv8Lk', kind: 'roomComposite', startedAt: near(1790000005100) },
  },
  egress_updated: {
    type: 'egress_updated',
    id: 'EV_exampleJ0K',
    at: seconds(1790000008),
    room: CALL,
    egress: {
      id: 'EG_h6Ty2NsQv8Lk',
      kind: 'roomComposite',
      status: 'EGRESS_ACTIVE',
      startedAt: near(1790000007930),
      resultStartedAt: near(1790000007930),
      updatedAt: near(1790000008005),
    },
  },
  egress_ended: {
    type: 'egress_ended',
    id: 'EV_exampleK0L',
    at: seconds(1790000090),
    room: CALL,
    egress: {
      id: 'EG_h6Ty2NsQv8Lk',
      kind: 'roomComposite',
      status: 'EGRESS_COMPLETE',
      startedAt: near(1790000007930),
      endedAt: near(1790000090210),
      // the file ended when the source closed, 28 s before the upload did
      resultStartedAt: near(1790000007930),
      resultEndedAt: near(1790000062040),
      resultDuration: near(54109.8998),
      bytes: 431204,
      location: 'https://recordings.example.com/rec/call-7f3a.ogg',
    },
  },
  ingress_started: {
    type: 'ingress_started',
    id: 'EV_exampleL0M',
    at: seconds(1790000010),
    room: { name: 'call-7f3a' },
    ingress: {
      id: 'IN_w4Zx7MjRc9Pd',
      resourceId: 'RT_k1Fv6DhSg3Zb',
      status: 'ENDPOINT_PUBLISHING',
      participantIdentity: 'feed-1',
      startedAt: near(1790000009000),
    },
  },
  ingress_ended: {
    type: 'ingress_ended',
    id: 'EV_exampleM0N',
    at: seconds(1790000070),
    room: { name: 'call-7f3a' },
    ingress: {
      id: 'IN_w4Zx7MjRc9Pd',
      participantIdentity: 'feed-1',
      startedAt: near(1790000009000),
      endedAt: near(1790000070000),
    },
  },
  agent_job_started: {
    type: 'agent_job_started',
    id: 'EV_exampleN0P',
    at: seconds(1790000004),
    room: CALL,
    job: {
      id: 'AJ_t3Wr8XkYd6Gp',
      agentName: 'frontdesk',
      dispatchId: 'AD_y5Bn2VqHs7Ma',
      status: 'JS_RUNNING',
      startedAt: near(1790000004000),
      participantIdentity: 'agent-AJ_t3Wr8XkYd6Gp',
    },
  },
  agent_job_ended: {
    type: 'agent_job_ended',
    id: 'EV_exampleP0Q',
    at: seconds(1790000063),
    room: CALL,
    job: {
      id: 'AJ_t3Wr8XkYd6Gp',
      agentName: 'frontdesk',
      status: 'JS_SUCCESS',
      startedAt: near(1790000004000),
      endedAt: near(1790000063000),
    },
  },

  // published by others
  'real-1-room_started': {
    type: 'room_started',
    id: 'EV_eugWmGhovZmm',
    at: seconds(1692985556),
    room: { sid: 'RM_hycBMAjmt6Ub', name: 'Demo Room', createdAt: seconds(1692627281), emptyTimeout: 300 },
  },
  // 2021: no id and no createdAt; the room's creation is the only instant it has
  'real-2-room_started': {
    type: 'room_started',
    id: null,
    at: seconds(1628545903),
    room: { sid: 'RM_TkVjUvAqgzKz', name: 'mytestroom', createdAt: seconds(1628545903) },
  },
  'real-3-participant_joined': {
    type: 'participant_joined',
    id: 'EV_kKc9DW235ytJ',
    at: seconds(1694522729),
    room: {
      sid: 'RM_YLJXNpGXAoSz',
      name: 'room-a:-1:100:GROUP:preprod:200:300--900000001',
      createdAt: seconds(1694522716),
      emptyTimeout: 60,
    },
    participant: { sid: 'PA_Eb3NpejRuoBp', identity: '400--900000002', joinedAt: seconds(1694522728) },
  },
  'real-4-room_finished': {
    type: 'room_finished',
    id: 'EV_St9wgVG8SGcu',
    at: seconds(1694522728),
    room: { sid: 'RM_Vjxrj2PWkQNq', createdAt: seconds(1694522628), emptyTimeout: 300 },
  },
  // told 8 s after the room was made
  'real-5-room_started': {
    type: 'room_started',
    id: 'EV_LF9vGPpW2T77',
    at: seconds(1670227996),
    room: { sid: 'RM_CKmskBp3CVPP', name: 'room-c:-1:500', createdAt: seconds(1670227988), emptyTimeout: 1 },
  },
  'real-6-track_published': {
    type: 'track_published',
    id: 'EV_BqVtKxQAu9yy',
    at: seconds(1670228002),
    room: { sid: 'RM_CKmskBp3CVPP', name: 'room-c:-1:500' },
    participant: { sid: 'PA_TdpYEofDoHCf', identity: '600' },
    track: { sid: 'TR_VCrsJ7KspLQEMZ', type: 'VIDEO' },
  },
  // no type: AUDIO
  'real-7-track_unpublished': {
    type: 'track_unpublished',
    id: 'EV_jT6Y4xyzXsjM',
    at: seconds(1771351907),
    room: { sid: 'RM_nHPUfmxXrHry', name: '00000000-0617-4ae7-90f9-000000000001' },
    participant: { sid: 'PA_eU7nwP2s3FcN', identity: '00000000-44a4-4385-b225-000000000002' },
    track: {
      sid: 'TR_AMNTtQxevMRbsr',
      type: 'AUDIO',
      source: 'MICROPHONE',
      mimeType: 'audio/red',
      versionAt: near(1771351848526.591),
    },
  },
  // no room: the info's roomId and roomName; {"$numberLong"}; the request as {case, value}
  'real-9-egress_started-excerpt': {
    type: 'egress_started',
    id: 'EV_8oTjKXHjCqyD',
    at: seconds(1736317932),
    room: { sid: 'RM_7A62FjVFwWw5', name: '00000000-aa63-49b2-8724-000000000004' },
    egress: { id: 'EG_ybxRsSGKD5vY', kind: 'roomComposite' },
  },
  // a leave whose state is ACTIVE is a leave
  'real-10-participant_left-shape': {
    type: 'participant_left',
    id: 'EV_G2MvCSqvx5DD',
    at: seconds(1789411342),
    room: { sid: 'RM_3w6mHEo3sbTe', name: 'call-x', emptyTimeout: 600, departureTimeout: 20 },
    participant: { sid: 'PA_8kd72hs', identity: 'part_example' },
  },
  'real-11-room_finished-invented': {
    type: 'room_finished',
    id: 'test-event-123',
    at: seconds(1698765432),
    room: {
      sid: 'RM_test123',
      name: 'sip-15550100001__15550100002_test',
      createdAt: seconds(1698765132),
      emptyTimeout: 300,
    },
  },
  'real-12-participant_joined-invented': {
    type: 'participant_joined',
    id: 'test-event-123',
    at: seconds(1700000000),
    room: { sid: 'RM_test123', name: 'test-room', createdAt: seconds(1700000000) },
    participant: {
      sid: 'PA_test456',
      identity: 'user-123',
      name: 'Test User',
      kind: 'STANDARD',
      joinedAt: seconds(1700000000),
    },
  },
  'real-13-participant_joined-invented': {
    type: 'participant_joined',
    id: 'EV_TEST_1700000000',
    at: seconds(1700000000),
    room: { sid: 'RM_TEST', name: 'session-121' },
    participant: { sid: 'PA_TEST_1700000000', identity: 'user_1', name: 'Test User', joinedAt: seconds(1700000000) },
  },
  // no id, no createdAt, no sid: known by the room's name, at the end that the egress tells
  'real-14-egress_ended-invented': {
    type: 'egress_ended',
    id: null,
    at: fine(1786440600000),
    room: { sid: null, name: 'demo' },
    egress: {
      id: 'EG_1',
      kind: 'roomComposite',
      startedAt: near(1786438800000),
      endedAt: near(1786440600000),
      bytes: 1024,
    },
  },
  // "video" in lower case, null, seconds where nanoseconds belong: all can be read, so it is understood. The room is the one
  // its egressInfo names; nobody is named as the publisher, and nobody is invented.
  'real-15-track_published-invented': {
    type: 'track_published',
    id: 'webhook_789',
    at: seconds(1640995300),
    room: { sid: 'RM_123', name: 'conference-room' },
    track: { sid: 'TR_789', type: 'VIDEO', source: 'CAMERA', mimeType: 'video/H264' },
  },
};

/** What must not stand there, as the payload does not say it. */
const silence: Record<string, string[]> = {
  participant_joined: ['participant.disconnectReason', 'participant.hidden'],
  track_published: ['participant.kind', 'participant.joinedAt', 'room.createdAt'],
  track_unpublished: ['participant.kind', 'participant.joinedAt'],
  egress_started: ['egress.endedAt', 'egress.resultStartedAt', 'egress.resultEndedAt', 'egress.bytes'],
  egress_updated: ['egress.endedAt', 'egress.resultEndedAt'],
  ingress_started: ['ingress.endedAt', 'ingress.error'],
  agent_job_started: ['job.endedAt', 'job.error'],
  'real-6-track_published': ['participant.kind', 'participant.joinedAt'],
  'real-9-egress_started-excerpt': ['egress.startedAt', 'egress.endedAt', 'egress.bytes'],
  'real-10-participant_left-shape': ['participant.disconnectReason', 'participant.joinedAt'],
  'real-11-room_finished-invented': ['roomEndReason'],
  'real-12-participant_joined-invented': ['participant.hidden', 'participant.recorder', 'participant.disconnectReason'],
  'real-14-egress_ended-invented': ['egress.resultDuration', 'egress.error'],
  'real-15-track_published-invented': ['participant', 'egress.endedAt', 'ingress'],
};

const EXCERPT = 'real-8-egress_ended-excerpt';

function at(event: WebhookEvent, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Payload | undefined)?.[key], event);
}

test('every example has a meaning here', () => {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''));
  expect(files.sort()).toEqual([...Object.keys(meaning), EXCERPT].sort());
});

test.each(Object.keys(meaning))('%s', (file) => {
  const event = understood(read(file));
  expect(event).toMatchObject(meaning[file]!);
  expect(event.known).toBe(true);
  expect(event.doubts ?? []).toEqual([]);
  for (const path of silence[file] ?? []) expect(at(event, path), path).toBeUndefined();
});

describe('by the meaning of what is not there', () => {
  test('an egress that has just begun has no status (the zero of its enum, STARTING)', () => {
    for (const file of ['egress_started', 'real-9-egress_started-excerpt']) {
      expect([undefined, 'EGRESS_STARTING'], file).toContain(understood(read(file)).egress?.status);
    }
  });

  test('an ingress whose state has no status is INACTIVE', () => {
    expect([undefined, 'ENDPOINT_INACTIVE']).toContain(understood(read('ingress_ended')).ingress?.status);
  });

  test('old servers tell no kind: then nothing, or STANDARD', () => {
    for (const file of [
      'real-3-participant_joined',
      'real-10-participant_left-shape',
      'real-13-participant_joined-invented',
    ])
      expect([undefined, 'STANDARD'], file).toContain(understood(read(file)).participant?.kind);
  });

  test('a track without a source: unknown, unless its sid is taken as a hint', () => {
    expect(['UNKNOWN', 'CAMERA']).toContain(understood(read('real-6-track_published')).track?.source);
  });

  test('secrets do not get through', () => {
    for (const file of Object.keys(meaning)) {
      const text = JSON.stringify(understood(read(file)));
      expect(text, file).not.toMatch(/turn-password|stream-key|stream_key_123|access_key|\{secret\}/);
    }
  });
});

describe(EXCERPT, () => {
  test('as it stands it names no event: its status tells which it was', () => {
    const event = understood(read(EXCERPT));
    expect(event.type).toBe('egress_ended');
    expect(event.egress?.status).toBe('EGRESS_COMPLETE');
  });

  test('as the webhook it was cut from: its span is told, its negative duration is kept for the metrics to disbelieve', () => {
    const event = understood({ ...read(EXCERPT), event: 'egress_ended', createdAt: '1731668994' });
    expect(event).toMatchObject({
      type: 'egress_ended',
      at: seconds(1731668994),
      room: { sid: null, name: '00000000-d1e4-4e9b-a664-000000000003' },
      egress: {
        id: 'EG_gyrUCPGmCQKw',
        kind: 'track',
        status: 'EGRESS_COMPLETE',
        endedAt: near(1731668993605.577),
        resultStartedAt: near(1731660518186.024),
        resultDuration: near(-1731660518186.024),
        bytes: 61941096,
        location: '{storage}/00000000-d1e4-4e9b-a664-000000000003.webm',
      },
    });
    expect(event.egress?.resultEndedAt).toBeUndefined();
  });
});
