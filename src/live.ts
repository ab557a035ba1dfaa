/**
 * The open rooms' machines, kept in memory: bounded, the least recently used out first. Losing one loses nothing: it is
 * folded anew from the history when asked for.
 */
import { type Call, newCall } from './call/call.ts';
import { observe } from './call/observe.ts';
import { parseBody } from './intake.ts';
import type { Arrivals } from './metrics/measure.ts';
import type { RoomHistory } from './store/store.ts';
import { decode } from './webhook/decode.ts';
import type { WebhookEvent } from './webhook/event.ts';

export interface LiveRoom extends Arrivals {
  call: Call;
  /** The latest instant that an event told, epoch ms: what comes after it and tells of an earlier one is out of order. */
  latestAt: number;
  /** What the last final measurement rested on and its number; undefined: not looked up yet; null: never final. */
  final: { inputs: string; revision: number } | null | undefined;
  /** Some of its events name it only by name: a namesake's coming may take them away. */
  adopted: boolean;
  /** All that arrived of it: events, repeats, payloads that were quarantined. */
  arrivals: number;
}

export function newLiveRoom(roomSid: string): LiveRoom {
  return {
    call: newCall(roomSid),
    duplicates: 0,
    outOfOrder: 0,
    quarantined: 0,
    latestAt: Number.NEGATIVE_INFINITY,
    final: undefined,
    adopted: false,
    arrivals: 0,
  };
}

/** Takes in one event that is in the history; `fresh` is false for a repeat, of which nothing but its coming is kept. */
export function arrive(room: LiveRoom, event: WebhookEvent, fresh: boolean): void {
  room.arrivals++;
  if (!fresh) {
    room.duplicates++;
    return;
  }
  if (event.room.sid === null) room.adopted = true;
  observe(room.call, event);
  if (event.telemetry) return; // by another clock
  if (event.at.ms < room.latestAt) room.outOfOrder++;
  else room.latestAt = event.at.ms;
}

/** The events of a history, each under the smallest of the ids that it was delivered under. */
export function* eventsIn({ events }: RoomHistory): Generator<WebhookEvent> {
  for (const { body, id } of events) {
    const decoded = decode(parseBody(body));
    if (!decoded.ok) continue; // understood when it was stored; a version that no longer does must not lose the rest
    decoded.event.id = id;
    yield decoded.event;
  }
}

/** The fold from scratch. */
export function foldHistory(history: RoomHistory): LiveRoom {
  const room = newLiveRoom(history.roomSid);
  for (const event of eventsIn(history)) arrive(room, event, true);
  room.duplicates = history.duplicates;
  room.arrivals = history.events.length + history.duplicates + history.quarantined;
  room.quarantined = history.quarantined;
  return room;
}

export class LiveRooms {
  readonly #rooms = new Map<string, LiveRoom>();
  /** Sids of rooms that hold events which name them only by name: few, if any. */
  readonly #adopters = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Without making it the most recently used. */
  peek(roomSid: string): LiveRoom | undefined {
    return this.#rooms.get(roomSid);
  }

  get(roomSid: string): LiveRoom | undefined {
    const room = this.#rooms.get(roomSid);
    if (room) {
      this.#rooms.delete(roomSid);
      this.#rooms.set(roomSid, room);
    }
    return room;
  }

  set(roomSid: string, room: LiveRoom): void {
    this.#rooms.delete(roomSid);
    this.#rooms.set(roomSid, room);
    if (room.adopted) this.#adopters.add(roomSid);
    if (this.#rooms.size > this.#capacity) this.drop(this.#rooms.keys().next().value!);
  }

  drop(roomSid: string): void {
    this.#rooms.delete(roomSid);
    this.#adopters.delete(roomSid);
  }

  /** A new room may take over what its namesakes hold by name. */
  dropAdopters(roomName: string): void {
    for (const sid of this.#adopters) if (this.#rooms.get(sid)?.call.room.name?.value === roomName) this.drop(sid);
  }

  clear(): void {
    this.#rooms.clear();
    this.#adopters.clear();
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** How many of them have not finished. */
  get open(): number {
    return this.#rooms.values().reduce((count, { call }) => count + (call.room.finished ? 0 : 1), 0);
  }
}
