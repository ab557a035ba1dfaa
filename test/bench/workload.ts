/** Webhooks of made-up calls, the same ones at every run: bodies of about 1.3 kB with the fields that LiveKit sends. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '../../src/digest.ts';
import { eventRow, intake } from '../../src/intake.ts';
import type { NewEvent } from '../../src/store/store.ts';

export const EVENTS_A_CALL = 20;
/** Bytes; they differ, as LiveKit's do: equal ones would fill pages of the database oddly. */
const BODY_LENGTHS = { mean: 1_300, spread: 500 };
/** How many calls are on at once. */
const AT_ONCE = 200;

const FIRST_CALL = Date.UTC(2026, 0, 5) / 1000;
/** After every call of every size. */
export const NOW = Date.UTC(2026, 0, 12);
const DAY = 86_400;

const CODECS = ['audio/opus', 'audio/red', 'video/VP8', 'video/H264', 'video/VP9', 'video/AV1', 'video/rtx'];
const PERMISSION = { canSubscribe: true, canPublish: true, canPublishData: true, canUpdateMetadata: true };
const FILLING = 'lorem ipsum dolor sit amet, consectetur adipiscing elit; '.repeat(20);

interface Room {
  sid: string;
  name: string;
  /** epoch seconds */
  start: number;
}
type Step = [event: string, person: number, track: number];

/** Ids as random as LiveKit's, so that neighbours in time are none in an index. */
function sid(prefix: string, of: string): string {
  return `${prefix}_${sha256(of).replace(/[-_]/g, 'x').slice(0, 12)}`;
}

export function roomSid(call: number): string {
  return sid('RM', `room ${call}`);
}

function roomOf(call: number): Room {
  return { sid: roomSid(call), name: `support-${call}`, start: FIRST_CALL + (call % DAY) };
}

function body({ sid: roomId, name, start }: Room, [event, person, track]: Step, at: number): string {
  const identity = `caller-${person}`;
  const joined = start + person;
  const text = {
    event,
    room: {
      sid: roomId,
      name,
      emptyTimeout: 300,
      departureTimeout: 20,
      creationTime: String(start),
      creationTimeMs: String(start * 1000 + 412),
      turnPassword: 'redacted-turn-password',
      enabledCodecs: CODECS.map((mime) => ({ mime, fmtpLine: '' })),
      metadata: '',
      numParticipants: person,
      activeRecording: false,
    },
    ...(person > 0 && {
      participant: {
        sid: sid('PA', `${roomId} ${person}`),
        identity,
        name: `Caller ${person}`,
        state: 'ACTIVE',
        joinedAt: String(joined),
        joinedAtMs: String(joined * 1000 + 87),
        version: 3,
        permission: PERMISSION,
        region: 'eu-central',
        isPublisher: true,
        kind: person % 3 === 2 ? 'AGENT' : 'STANDARD',
        attributes: { plan: 'pro', language: 'en' },
        ...(event === 'participant_left' && { disconnectReason: 'CLIENT_INITIATED' }),
      },
    }),
    ...(track > 0 && {
      track: {
        sid: sid('TR', `${roomId} ${person} ${track}`),
        type: track === 1 ? 'AUDIO' : 'VIDEO',
        source: track === 1 ? 'MICROPHONE' : 'CAMERA',
        mimeType: track === 1 ? 'audio/red' : 'video/VP8',
        mid: String(track),
        stream: 'camera',
        version: { unixMicro: String(at * 1_000_000 + 118_204) },
      },
    }),
    ...(event === 'room_finished' && { roomEndReason: 'ROOM_END_IDLE_TIMEOUT' }),
    id: sid('EV', `${roomId} ${event} ${person} ${track}`),
    createdAt: String(at),
  };
  const length = BODY_LENGTHS.mean + BODY_LENGTHS.spread * (((at * 7 + person * 3 + track) % 11) / 10 - 0.5);
  const missing = Math.round(length) - JSON.stringify(text).length;
  text.room.metadata = FILLING.slice(0, Math.max(0, missing));
  return JSON.stringify(text);
}

/** Three people with two tracks each: with the room's start and end, 20 events. */
const SHORT_CALL: Step[] = [
  ['room_started', 0, 0],
  ...stepsOf(3, 'participant_joined'),
  ...stepsOf(3, 'track_published'),
  ...stepsOf(3, 'track_unpublished'),
  ...stepsOf(3, 'participant_left'),
  ['room_finished', 0, 0],
];

function stepsOf(people: number, event: string): Step[] {
  const tracks = event.startsWith('track') ? [1, 2] : [0];
  return Array.from({ length: people }, (_, i) => tracks.map((track): Step => [event, i + 1, track])).flat();
}

function* shortCall(call: number): Generator<string> {
  const room = roomOf(call);
  for (const [i, step] of SHORT_CALL.entries()) yield body(room, step, room.start + i * 9);
}

/** Calls from number `first` on, in order of arrival. */
export function manyCalls(calls: number, first = 0): Generator<string> {
  return interleaved(calls, (call) => shortCall(first + call));
}

/** Calls of 20 events that are still on. */
export function openCalls(calls: number): Generator<string> {
  return interleaved(calls, (call) => longCall(call, EVENTS_A_CALL));
}

/** 200 at once, each at another stage. */
function* interleaved(calls: number, eventsOf: (call: number) => Generator<string>): Generator<string> {
  const lanes = Array.from({ length: Math.min(AT_ONCE, calls) }, (_, lane) => laneOf(lane));
  for (let open = lanes.length, turn = 0; open > 0; turn++) {
    open = 0;
    for (const [i, lane] of lanes.entries()) {
      if (turn < i % EVENTS_A_CALL) {
        open++; // its first call has not begun
        continue;
      }
      const { value, done } = lane.next();
      if (done) continue;
      open++;
      yield value;
    }
  }
  function* laneOf(lane: number): Generator<string> {
    for (let call = lane; call < calls; call += AT_ONCE) yield* eventsOf(call);
  }
}

/** One call of so many events that goes on for a day: people come, publish twice, and leave. No `room_finished`. */
export function* longCall(call: number, events: number): Generator<string> {
  const room = roomOf(call);
  yield body(room, ['room_started', 0, 0], room.start);
  for (let i = 1; i < events; i++) {
    const person = Math.ceil(i / 6);
    const step = VISIT[(i - 1) % 6]!;
    yield body(room, [step[0], person, step[1]], room.start + Math.floor((i / events) * DAY));
  }
}

const VISIT: [event: string, track: number][] = [
  ['participant_joined', 0],
  ['track_published', 1],
  ['track_published', 2],
  ['track_unpublished', 1],
  ['track_unpublished', 2],
  ['participant_left', 0],
];

/** `room_finished` of a long call. */
export function endOf(call: number): string {
  const room = roomOf(call);
  return body(room, ['room_finished', 0, 0], room.start + DAY);
}

/** The beginning of a call: 10 participants with 20 tracks, 31 events. */
export function* openRoom(call: number): Generator<string> {
  const room = roomOf(call);
  const steps: Step[] = [
    ['room_started', 0, 0],
    ...stepsOf(10, 'participant_joined'),
    ...stepsOf(10, 'track_published'),
  ];
  for (const [i, step] of steps.entries()) yield body(room, step, room.start + i);
}

/** What the store keeps of an event. */
export function rowOf(text: string): NewEvent {
  const taken = intake(text, NOW);
  if (!taken.understood) throw new Error(`Not understood: ${JSON.stringify(taken.reason)}`);
  return eventRow(taken);
}

export function* inBatches<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const chunks = inBatches(lines, 1_000).map((batch) => `${batch.join('\n')}\n`);
  await pipeline(Readable.from(chunks), createWriteStream(file));
}
