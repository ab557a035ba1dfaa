/**
 * The rooms of a history: brings their machines up to what is on disk, measures the calls that are over, and numbers the
 * revisions of what is final. What it keeps in memory can be lost at any time.
 */
import type { CallFigures } from './fleet/figures.ts';
import { figuresIn, storedText } from './fleet/storedFigures.ts';
import { arrive, foldHistory, type LiveRoom, LiveRooms, newLiveRoom } from './live.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import type { Facets } from './metrics/facets.ts';
import { type Measured, type Measuring, measureWithSamples } from './metrics/measure.ts';
import { type Projections, projectionsOf } from './projections.ts';
import type { Appended, CallListing, CallRow, NewEvent, Store } from './store/store.ts';
import type { Misunderstood, WebhookEvent } from './webhook/event.ts';

/** An event and its row in the history. */
export interface AcceptedEvent {
  event: WebhookEvent;
  row: NewEvent;
}

/** What a batch that is on disk has done. */
export interface Taken {
  /** The types of the new facts, by room. */
  changed: Map<string, string[]>;
  /** Calls that became final, or changed after they were. */
  finished: Map<string, CallMetrics>;
  /** Events that tell of an earlier instant than one that came before; of rooms that were in memory. */
  outOfOrder: number;
}

export class Rooms {
  readonly #store: Store;
  readonly #measuring: Measuring;
  readonly #live: LiveRooms;
  readonly #largestRoom: number;
  /** Measured calls that are not saved yet: they go with the next transaction. */
  readonly #unsaved = new Map<string, CallRow>();
  /** Of these, the ones to which another process may have added since. */
  readonly #doubted = new WeakSet<CallRow>();

  constructor(
    store: Store,
    measuring: Measuring,
    { liveRooms, largestRoom }: { liveRooms: number; largestRoom: number },
  ) {
    this.#store = store;
    this.#measuring = measuring;
    this.#live = new LiveRooms(liveRooms);
    this.#largestRoom = largestRoom;
  }

  /** The machine of a room; null where no event of it is stored. */
  async get(roomSid: string): Promise<LiveRoom | null> {
    this.#lookElsewhere();
    const live = this.#live.get(roomSid);
    if (live) return live;
    const folded = await this.#fold(roomSid);
    const meanwhile = this.#live.get(roomSid); // a batch may have come in while the history was read
    if (meanwhile || !folded) return meanwhile ?? null;
    this.#live.set(roomSid, folded);
    return folded;
  }

  /** Brings the machines up to a batch that is on disk. */
  async takeIn(batch: readonly AcceptedEvent[], { fresh, renamed, begun }: Appended, now: number): Promise<Taken> {
    const alone = !this.#lookElsewhere();
    const beginning = new Set(alone ? begun : []);
    const changed = new Map<string, string[]>();
    const folded = new Set<string>();
    let outOfOrder = 0;
    for (const [i, { event, row }] of batch.entries()) {
      const named = row.roomSid === '' && row.roomName !== null;
      for (const sid of named ? await this.#store.roomsNamed(row.roomName!) : row.roomSid === '' ? [] : [row.roomSid]) {
        if (fresh[i]) {
          const types = changed.get(sid);
          if (types) types.push(event.type);
          else changed.set(sid, [event.type]);
        }
        if (folded.has(sid)) continue;
        // what the room is not named by, a fact known by another id, and what waits for a room of that name, only the
        // history tells rightly
        const room =
          row.roomSid === '' || renamed[i] || this.#learnsName(sid, event)
            ? undefined
            : (this.#live.get(sid) ?? this.#begin(sid, beginning));
        if (room) {
          const before = room.outOfOrder;
          arrive(room, event, fresh[i]!);
          outOfOrder += room.outOfOrder - before;
          continue;
        }
        folded.add(sid); // with the whole batch in it
        const history = await this.#fold(sid);
        if (history === null) continue;
        if (history.call.room.name) this.#live.dropAdopters(history.call.room.name.value);
        this.#live.set(sid, history);
      }
    }
    const finished = new Map<string, CallMetrics>();
    for (const sid of changed.keys()) {
      const room = this.#live.get(sid) ?? (await this.#fold(sid));
      if (!room?.call.room.finished) continue;
      const before = await this.#finalOf(room);
      const metrics = await this.measure(room, now);
      if (metrics.status === 'finished' && before?.revision !== metrics.revision) finished.set(sid, metrics);
    }
    return { changed, finished, outOfOrder };
  }

  /** Measures a room, numbers the revision of a final result, and notes it down to be saved. */
  async measure(room: LiveRoom, now: number): Promise<CallMetrics> {
    return (await this.#measure(room, now)).metrics;
  }

  /** What lists and summaries need of a room that was not measured for good. */
  async projectionsNow(room: LiveRoom, now: number): Promise<Projections> {
    return projectionsOf(room.call, await this.#measure(room, now));
  }

  async #measure(room: LiveRoom, now: number): Promise<Measured> {
    const measured = measureWithSamples(room.call, now, room, this.#measuring);
    const { metrics } = measured;
    if (metrics.status !== 'finished') return measured;
    const before = await this.#finalOf(room);
    const inputs = inputsOf(metrics);
    metrics.revision = before === null ? 0 : before.revision + (before.inputs === inputs ? 0 : 1);
    room.final = { inputs, revision: metrics.revision };
    const { roomSid, revision } = metrics;
    const { facets, figures } = projectionsOf(room.call, measured);
    this.#unsaved.set(roomSid, {
      roomSid,
      revision,
      configHash: this.#measuring.configHash,
      arrivals: room.arrivals,
      facets: JSON.stringify(facets),
      figures: storedText(figures),
      metrics: JSON.stringify(metrics),
    });
    return measured;
  }

  /** The final metrics of a call to which nothing was added since they were measured. */
  async measured(roomSid: string): Promise<CallMetrics | null> {
    this.#lookElsewhere();
    const unsaved = this.#unsaved.get(roomSid);
    if (unsaved && this.#doubted.has(unsaved)) return null;
    const row = unsaved ?? (await this.#store.readCall(roomSid));
    return row?.configHash === this.#measuring.configHash ? unlessDamaged<CallMetrics>(row.metrics) : null;
  }

  /** What a list of calls looks at; null where it has to be measured. */
  facetsIn({ measured }: CallListing): Facets | null {
    if (measured?.configHash !== this.#measuring.configHash) return null;
    const facets = unlessDamaged<Facets>(measured.facets);
    return facets?.tags ? facets : null; // else it was written before there were any
  }

  /** What a summary reads of a call; null where it has to be measured. */
  figuresIn({ measured }: CallListing): CallFigures | null {
    if (measured?.configHash !== this.#measuring.configHash || !measured.figures) return null;
    try {
      return figuresIn(measured.figures);
    } catch {
      return null; // damaged: it is measured anew
    }
  }

  /** A guess that costs nothing: whether the fact of an event is stored already. */
  seemsKnown({ room, fact }: WebhookEvent): boolean {
    return room.sid !== null && this.#live.peek(room.sid)?.call.facts.has(fact) === true;
  }

  /**
   * Why no more is taken of the room; null where it is. Its end always is. What agents upload has a limit of its own: whoever
   * uploads without end keeps no webhook out.
   */
  whyFull({ room: { sid }, type, telemetry }: WebhookEvent): Misunderstood | null {
    const call = sid === null ? undefined : this.#live.peek(sid)?.call;
    if (call === undefined) return null;
    const most = this.#largestRoom;
    const [held, limit, what] = telemetry
      ? [call.uploads + call.told, most, 'uploads, items and spans of agents']
      : [call.facts.size - call.uploads, most + (type === 'room_finished' ? 1_000 : 0), 'events'];
    if (held < limit) return null;
    const expected = `a room of fewer than ${most} ${what} (option largestRoom)`;
    return { field: 'room.sid', found: `${sid}, which has them`, expected, roomSid: sid };
  }

  /** Payloads that named these rooms were quarantined, none of them for the second time. Before takeIn, which may fold them in. */
  countQuarantined(roomSids: readonly (string | null)[]): void {
    for (const roomSid of roomSids) {
      const room = roomSid === null ? undefined : this.#live.peek(roomSid);
      if (!room) continue;
      room.quarantined++;
      room.arrivals++;
    }
  }

  /** Rooms in memory that have not finished. */
  get open(): number {
    return this.#live.open;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  get unsaved(): CallRow[] {
    return [...this.#unsaved.values()];
  }

  saved(rows: readonly CallRow[]): void {
    for (const row of rows) if (this.#unsaved.get(row.roomSid) === row) this.#unsaved.delete(row.roomSid);
  }

  /** Something was changed that its machine does not know. */
  drop(roomSid: string): void {
    this.#live.drop(roomSid);
  }

  /** After a failure: all of it can be folded and measured again. */
  forget(): void {
    this.#live.clear();
    this.#unsaved.clear();
  }

  /** What another process has written makes all that is kept here doubtful. */
  #lookElsewhere(): boolean {
    if (!this.#store.changedElsewhere()) return false;
    this.#live.clear();
    for (const row of this.#unsaved.values()) this.#doubted.add(row);
    return true;
  }

  /** As one does of which only an agent had told. */
  #learnsName(sid: string, { room, telemetry }: WebhookEvent): boolean {
    const live = this.#live.peek(sid);
    return live !== undefined && room.name !== null && !telemetry && live.call.room.name === null;
  }

  /** A room that the batch begins needs no history; once only: it may go out of memory before the batch ends. */
  #begin(roomSid: string, beginning: Set<string>): LiveRoom | undefined {
    if (!beginning.delete(roomSid)) return undefined;
    const room = newLiveRoom(roomSid);
    room.final = null;
    this.#live.set(roomSid, room);
    return room;
  }

  async #fold(roomSid: string): Promise<LiveRoom | null> {
    const history = await this.#store.readRoom(roomSid);
    return history && history.events.length > 0 ? foldHistory(history) : null;
  }

  async #finalOf(room: LiveRoom): Promise<NonNullable<LiveRoom['final']> | null> {
    if (room.final === undefined) {
      const last = this.#unsaved.get(room.call.roomSid) ?? (await this.#store.lastMeasured(room.call.roomSid));
      const metrics = last && unlessDamaged<CallMetrics>(last.metrics);
      // of one that is damaged nobody knows what it rested on: the next is another revision
      room.final = last && { inputs: metrics ? inputsOf(metrics) : '', revision: last.revision };
    }
    return room.final;
  }
}

/** What was stored of a measured call; null where it is damaged: the history, of which it is a projection, gives it anew. */
function unlessDamaged<T>(json: string): T | null {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function inputsOf({ evidence: { inputs } }: CallMetrics): string {
  return `${inputs.hash} ${inputs.configHash} ${inputs.metricsVersion}`;
}
