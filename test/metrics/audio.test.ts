import { describe, expect, test } from 'vitest';
import { aborted, finished, iso, joined, left, type Payload, published, started, unpublished } from '../call/story.ts';
import { measured } from './measured.ts';
import { agent, BOTH, human, measuredWith, upload, written } from './telling.ts';

const RED = { mimeType: 'audio/red' };
const heard = (identity: string, more: Payload = RED) => [
  published(3, identity, more),
  unpublished(20, identity, more),
];
const both = (...story: Payload[]) => [
  joined(2, 'ana'),
  joined(2, 'agent-1'),
  ...story,
  left(20, 'agent-1'),
  left(20, 'ana'),
];
const audioOf = (...story: Payload[]) => measured(started(0), ...story, finished(40)).audio;
const issue = (
  code: string,
  severity: string,
  identity: string,
  from: number,
  to: number,
  trackSid: string | null = null,
) => ({
  code,
  severity,
  identity,
  trackSid,
  from: iso(from),
  to: iso(to),
});
const GOOD = both(...heard('ana'), ...heard('agent-1'));

test('a call in which both were heard is good, and has no issues', () => {
  expect(audioOf(...GOOD)).toEqual({ grade: 'good', issues: [] });
});

test('where nothing speaks for or against, it is unknown', () => {
  expect(audioOf()).toEqual({ grade: 'unknown', issues: [] });
  expect(audioOf(joined(2, 'ana'), left(9, 'ana')).grade).toBe('unknown');
});

describe('without audio', () => {
  test('a human beside an agent is a minor issue', () => {
    expect(audioOf(...both(...heard('agent-1')))).toEqual({
      grade: 'fair',
      issues: [issue('human_without_audio', 'minor', 'ana', 2, 20)],
    });
  });

  test('an agent beside a human is a major issue', () => {
    expect(audioOf(...both(...heard('ana')))).toEqual({
      grade: 'poor',
      issues: [issue('agent_without_audio', 'major', 'agent-1', 2, 20)],
    });
  });

  test('a camera is none', () => {
    const camera = { sid: 'TR_c', type: 'VIDEO', source: 'CAMERA' };
    const codes = audioOf(...both(...heard('agent-1'), ...heard('ana', camera))).issues.map(({ code }) => code);
    expect(codes).toEqual(['human_without_audio']);
  });

  test('who never met the other is no issue', () => {
    const apart = [joined(2, 'ana'), left(10, 'ana'), joined(10, 'agent-1'), left(20, 'agent-1')];
    expect(audioOf(...apart).issues).toEqual([]);
  });

  test('a phone that only rang is no issue', () => {
    const phone = [
      joined(2, 'phone', { kind: 'SIP' }),
      left(12, 'phone', { kind: 'SIP', disconnectReason: 'USER_UNAVAILABLE' }),
    ];
    expect(audioOf(joined(2, 'agent-1'), ...phone, left(20, 'agent-1')).issues).toEqual([]);
  });
});

test('audio that was unpublished and published again left a gap', () => {
  const twice = [
    ...[published(3, 'ana', { sid: 'TR_1', ...RED }), unpublished(8, 'ana', { sid: 'TR_1', ...RED })],
    ...[published(12, 'ana', { sid: 'TR_2', ...RED }), unpublished(20, 'ana', { sid: 'TR_2', ...RED })],
  ];
  expect(audioOf(...both(...twice, ...heard('agent-1')))).toEqual({
    grade: 'fair',
    issues: [issue('audio_gap', 'minor', 'ana', 8, 12)],
  });
});

test('a reconnect is an issue of its own, and its absence no audio gap', () => {
  const [ONE, TWO] = [{ sid: 'PA_1' }, { sid: 'PA_2' }];
  const story = [
    ...[
      joined(2, 'ana', ONE),
      published(3, 'ana', { sid: 'TR_1', by: 'PA_1', ...RED }),
      unpublished(8, 'ana', { sid: 'TR_1', by: 'PA_1', ...RED }),
      left(8, 'ana', ONE),
    ],
    ...[
      joined(12, 'ana', TWO),
      published(12, 'ana', { sid: 'TR_2', by: 'PA_2', ...RED }),
      unpublished(20, 'ana', { sid: 'TR_2', by: 'PA_2', ...RED }),
      left(20, 'ana', TWO),
    ],
  ];
  expect(audioOf(...story)).toEqual({ grade: 'fair', issues: [issue('reconnect', 'minor', 'ana', 8, 12)] });
});

test('a reconnect before the old connection is gone takes no time', () => {
  const story = [
    joined(2, 'ana', { sid: 'PA_1' }),
    joined(10, 'ana', { sid: 'PA_2' }),
    left(12, 'ana', { sid: 'PA_1' }),
  ];
  expect(audioOf(...story, left(20, 'ana', { sid: 'PA_2' })).issues).toEqual([
    issue('reconnect', 'minor', 'ana', 10, 10),
  ]);
});

describe('a connection that broke', () => {
  test.each(['SIGNAL_CLOSE', 'CONNECTION_TIMEOUT', 'MEDIA_FAILURE', 'STATE_MISMATCH', 'JOIN_FAILURE', 'AGENT_ERROR'])(
    '%s is a major issue',
    (disconnectReason) => {
      const audio = audioOf(joined(2, 'ana'), left(9, 'ana', { disconnectReason }));
      expect(audio).toEqual({ grade: 'poor', issues: [issue('involuntary_disconnect', 'major', 'ana', 9, 9)] });
    },
  );

  test.each(['CLIENT_INITIATED', 'ROOM_DELETED', 'PARTICIPANT_REMOVED', 'ROOM_CLOSED', undefined])(
    '%s is none',
    (disconnectReason) => {
      expect(audioOf(joined(2, 'ana'), left(9, 'ana', { disconnectReason })).issues).toEqual([]);
    },
  );

  test('before it was one is a minor issue', () => {
    expect(audioOf(aborted(9, 'ana'))).toEqual({
      grade: 'fair',
      issues: [issue('connection_aborted', 'minor', 'ana', 9, 9)],
    });
  });
});

describe('a codec informs, and spoils no grade', () => {
  test.each(['audio/PCMU', 'audio/pcma', 'audio/G722'])('%s is plain', (mimeType) => {
    const audio = audioOf(...both(...heard('ana', { mimeType }), ...heard('agent-1')));
    expect(audio).toEqual({ grade: 'good', issues: [issue('plain_codec', 'info', 'ana', 3, 20, 'TR_ana')] });
  });

  test.each([{ mimeType: 'audio/opus' }, { mimeType: 'audio/red', disableRed: true }])(
    '%j has no redundancy',
    (more) => {
      const audio = audioOf(...both(...heard('ana', more), ...heard('agent-1')));
      expect(audio).toEqual({ grade: 'good', issues: [issue('no_redundancy', 'info', 'ana', 3, 20, 'TR_ana')] });
    },
  );
});

describe('a transcript of low confidence', () => {
  const low = (story: readonly Payload[], ...items: Parameters<typeof upload>[0]) =>
    measuredWith([upload(items)], story).audio.issues.filter(({ code }) => code === 'low_transcript_confidence');

  test('is a minor issue, when it was said, of the one human', () => {
    const { grade, issues } = measuredWith([upload([human('m1', 6, 9, { confidence: 0.49 })])]).audio;
    expect(grade).toBe('fair');
    expect(issues).toContainEqual(issue('low_transcript_confidence', 'minor', 'ana', 6, 9));
  });

  test('is one where it was written down, if it is not told when it was said', () => {
    const issues = low(BOTH, written('m1', 'user', 6, { confidence: 0.1 }));
    expect(issues).toEqual([issue('low_transcript_confidence', 'minor', 'ana', 6, 6)]);
  });

  test('is nobody’s where several may have said it', () => {
    expect(low([...BOTH, joined(3, 'ben')], human('m1', 6, 9, { confidence: 0.2 }))).toMatchObject([
      { identity: null },
    ]);
  });

  test('is none from a half on, of an agent, or where the recogniser tells none', () => {
    const items = [
      ...[human('m1', 6, 9, { confidence: 0.5 }), human('m2', 16, 19, { confidence: 0 })],
      ...[human('m3', 26, 29), agent('m4', 30, 31, { confidence: 0.1 })],
    ];
    expect(low(BOTH, ...items)).toEqual([]);
  });
});

test('issues stand in the order of their begin', () => {
  const { issues } = audioOf(
    ...both(aborted(5, 'ben'), ...heard('agent-1')),
    joined(30, 'cem'),
    left(31, 'cem', { disconnectReason: 'SIGNAL_CLOSE' }),
  );
  expect(issues.map(({ code }) => code)).toEqual([
    'human_without_audio',
    'connection_aborted',
    'involuntary_disconnect',
  ]);
});
