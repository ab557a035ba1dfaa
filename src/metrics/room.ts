/** The call as a whole: when, how long, and how long with whom. */
import { z } from 'zod';
import type { Span } from '../call/boundary.ts';
import { lengthOf } from './intervals.ts';
import { growing, number, value } from './metric.ts';
import { iso, seconds } from './round.ts';
import type { Scene } from './scene.ts';

const ROOM_EVENTS = ['room_started', 'room_finished'] as const;
const PRESENCE_EVENTS = ['participant_joined', 'participant_left'] as const;
const instant = z.iso.datetime({ precision: 3 });
const roomSpan = ({ resolved: { room, status } }: Scene): Span => ({
  start: room.start,
  end: room.end,
  open: status === 'active',
  certain: true,
});
export const peopleSpans = (scene: Scene): Span[] =>
  scene.people.flatMap(({ sessions }) => sessions.map(({ span }) => span!));
const somebodyCame = (scene: Scene) => scene.people.length > 0;

/** The sessions that begin first and end last: they decide the call's duration. */
function outermost(scene: Scene): Span[] {
  const spans = peopleSpans(scene);
  const call = scene.point.callSpan;
  return spans.filter((span) => span.start.at === call?.from || span.end.at === call?.to);
}

export const ROOM_METRICS = [
  value({
    path: 'roomSid',
    unit: 'text',
    formula: 'LiveKit’s sid of the room: one call is one room sid.',
    nullWhen: 'never',
    needs: [],
    source: 'LiveKit',
    schema: z.string(),
    compute: ({ resolved }) => resolved.call.roomSid,
  }),
  value({
    path: 'roomName',
    unit: 'text',
    formula: 'LiveKit’s name of the room.',
    nullWhen: 'no event had it',
    needs: [],
    source: 'LiveKit',
    schema: z.string().nullable(),
    compute: ({ resolved }) => resolved.call.room.name?.value ?? null,
  }),
  value({
    path: 'status',
    unit: 'enum',
    formula:
      '`finished`: room_finished was seen. `expired`: it was not, and nobody has held the room for its timeouts + 60 s, or nothing was heard for `staleAfter`. Else `active`.',
    nullWhen: 'never',
    needs: ['room_finished'],
    source: 'our own definition',
    schema: z.enum(['active', 'finished', 'expired']),
    compute: ({ resolved }) => resolved.status,
    spans: (scene) => [roomSpan(scene)],
  }),
  value({
    path: 'startedAt',
    unit: 'instant',
    formula: 'The room’s creation time, else room_started, else the earliest proof of life.',
    nullWhen: 'never',
    needs: ['room_started'],
    source: 'LiveKit',
    schema: instant,
    compute: ({ resolved }) => iso(resolved.room.start.at),
    spans: (scene) => [roomSpan(scene)],
  }),
  value({
    path: 'endedAt',
    unit: 'instant',
    formula: 'When room_finished was created; of an expired room the last proof of life.',
    nullWhen: 'the call is active',
    needs: ['room_finished'],
    source: 'LiveKit',
    schema: instant.nullable(),
    compute: ({ resolved }) => (resolved.status === 'active' ? null : iso(resolved.room.end.at)),
    spans: (scene) => [roomSpan(scene)],
  }),
  number({
    path: 'duration',
    unit: 's',
    formula: 'endedAt - startedAt; of an active room up to now.',
    nullWhen: 'never',
    needs: ROOM_EVENTS,
    source: 'LiveKit (room_started, room_finished)',
    of: ({ resolved: { room } }) => seconds(room.end.at - room.start.at),
    range: (scene, core, hull) => {
      const room = roomSpan(scene);
      return [
        seconds(Math.max(0, core.endOf(room) - core.startOf(room))),
        seconds(hull.endOf(room) - hull.startOf(room)),
      ];
    },
    spans: (scene) => [roomSpan(scene)],
  }),
  growing({
    path: 'callDuration',
    unit: 's',
    formula: 'First person joined .. last person left. A room lives longer: empty and departure timeouts.',
    nullWhen: 'nobody came',
    needs: PRESENCE_EVENTS,
    source: 'LiveKit (session, https://docs.livekit.io/reference/api/projects/sessions/)',
    applies: somebodyCame,
    of: ({ callLength }) => seconds(callLength),
    spans: outermost,
  }),
  growing({
    path: 'connectedDuration',
    unit: 's',
    formula: 'Time with at least 2 people connected; a phone that was not answered is not.',
    nullWhen: 'nobody came',
    needs: PRESENCE_EVENTS,
    source: 'Google Meet (overlap only, https://developers.google.com/workspace/admin/reports/v1/updated-meet-metrics)',
    applies: somebodyCame,
    of: (view) => seconds(lengthOf(view.connected)),
    spans: peopleSpans,
  }),
  growing({
    path: 'agentHumanDuration',
    unit: 's',
    formula: 'Time with at least 1 human and 1 agent connected.',
    nullWhen: 'nobody came',
    needs: PRESENCE_EVENTS,
    source:
      'Twilio (connect_duration, https://www.twilio.com/docs/voice/voice-insights/api/call/call-summaries-resource)',
    applies: somebodyCame,
    of: (view) => seconds(lengthOf(view.together)),
    spans: peopleSpans,
  }),
] as const;
