/**
 * CallEvaluator: webhooks in, on disk before the promise resolves; per call one set of metrics out. The way of an event:
 * intake (decode) -> queue -> append (one transaction for all that wait) -> the room's machine -> measure -> listeners.
 */
import { EventEmitter } from 'node:events';
import { resolve } from './call/resolve.ts';
import { type RoomState, stateAt } from './call/state.ts';
import { CallEvaluatorError } from './errors.ts';
import { eventRow, type Incoming, type Intake, intake, type NotUnderstood, quarantineRow, type Understood } from './intake.ts';
import { arrive, foldHistory, type LiveRoom, LiveRooms } from './live.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import { type Explanation, explain } from './metrics/explain.ts';
import { type Measuring, measure } from './metrics/measure.ts';
import { type CallEvaluatorOptions, parseOptions } from './options.ts';
import { openStore } from './store/open.ts';
import type { CallRow, NewEvent, Quarantined, Store, StoredEvent } from './store/store.ts';
import type { Misunderstood } from './webhook/event.ts';

/** What became of one event. When the promise of it resolves, the event is on disk. */
export interface Receipt {
  /** `duplicate`: the same fact was stored before. `quarantined`: it could not be understood, and is kept with `reason`. */
  status: 'stored' | 'duplicate' | 'quarantined';
  type: string | null;
  /** null where the payload names no sid (an ingress names its room only by name) or was not understood. */
  roomSid: string | null;
  id: string | null;
  reason?: Misunderstood;
  /** The call's metrics, when this event ended the call, or changed it after its end. */
  metrics?: CallMetrics;
}

export interface CallSummaryRow {
  roomSid: string;
  roomName: string | null;
  status: CallMetrics['status'];
  startedAt: string;
  endedAt: string | null;
  /** seconds */
  duration: number;
  metrics: CallMetrics;
}

/** Events that a CallEvaluator emits. */
export interface EvaluatorEvents {
  /** A call is final, or (revision > 0) a late event has changed it since. */
  callFinished: [metrics: CallMetrics];
  /** Something new is known of a call. */
  callChanged: [change: { roomSid: string; types: string[] }];
  /** A payload could not be understood; it is kept. */
  quarantined: [reason: Misunderstood];
}

/** How many events share a transaction at most; more wait for the next. */
const LARGEST_BATCH = 1_000;

interface Waiting<Taken = Intake> {
  intake: Taken;
  settle: (receipt: Receipt) => void;
  fail: (error: unknown) => void;
}

export class CallEvaluator {
  readonly #store: Store;
  readonly #measuring: Measuring;
  readonly #clock: () => number;
  readonly #live: LiveRooms;
  readonly #emitter = new EventEmitter<EvaluatorEvents>();
  readonly #queue: Waiting[] = [];
  #working: Promise<void> | null = null;
  /** Measured calls that are not saved yet: they go with the next transaction. */
  readonly #unsaved = new Map<string, CallRow>();
  #closed = false;

  /**
   * @param options `database`: an SQLite file, made where there is none; ':memory:' when nothing is given.
   * @throws CallEvaluatorError `bad_option`, or a `store_…` code where the database cannot be opened.
   */
  constructor(options: CallEvaluatorOptions = {}) {
    const { database, liveRooms, clock, measuring } = parseOptions(options);
    this.#measuring = measuring;
    this.#clock = clock;
    this.#live = new LiveRooms(liveRooms);
    this.#store = openStore(database);
  }

  /**
   * Takes in one webhook: parsed, as JSON text, or as bytes. Resolves when it is on disk; concurrent calls share a
   * transaction. Whatever the content, it is kept: what cannot be understood is quarantined.
   * @throws CallEvaluatorError with a `store_…` code: it is not stored, hand it in again.
   */
  processEvent(event: Incoming): Promise<Receipt> {
    return new Promise((settle, fail) => {
      if (this.#closed) return fail(closed());
      this.#queue.push({ intake: intake(event, this.#clock()), settle, fail });
      this.#work();
    });
  }

  /** Takes in many at once, in as few transactions as they fit in; receipts in the order of the events. */
  processEvents(events: Iterable<Incoming>): Promise<Receipt[]> {
    return Promise.all(Array.from(events, (event) => this.processEvent(event)));
  }

  /**
   * The metrics of a call, any time: while it is on, they are those of this instant.
   * @param options `now`: the instant to look at it from; the clock's by default.
   * @returns null when nothing is known of the room.
   */
  async getMetrics(roomSid: string, options: { now?: Date | number } = {}): Promise<CallMetrics | null> {
    this.#assertOpen();
    const saved = this.#unsaved.get(roomSid) ?? (await this.#store.readCall(roomSid));
    if (saved && saved.configHash === this.#measuring.configHash) return JSON.parse(saved.metrics);
    const room = await this.#room(roomSid);
    if (room === null) return null;
    const metrics = await this.#measure(room, instant(options.now) ?? this.#clock());
    if (metrics.status === 'finished') this.#work();
    return metrics;
  }

  /**
   * Who is in the room, what is published, what is recorded: now, or at any past instant.
   * @returns null when nothing is known of the room.
   */
  async getState(roomSid: string, at?: Date | number): Promise<RoomState | null> {
    this.#assertOpen();
    const room = await this.#room(roomSid);
    if (room === null) return null;
    const now = this.#clock();
    return stateAt(resolve(room.call, now, this.#measuring), instant(at) ?? now);
  }

  /**
   * Why a value of CallMetrics is what it is: formula, the ids of the events that decided it, what was missing.
   * @param path e.g. `callDuration`, `participants.list[identity=ana].presentSeconds`
   * @returns null when nothing is known of the room.
   * @throws CallEvaluatorError `unknown_path`
   */
  async explain(roomSid: string, path: string, options: { now?: Date | number } = {}): Promise<Explanation | null> {
    const metrics = await this.getMetrics(roomSid, options);
    const room = metrics && (await this.#room(roomSid));
    if (room === null) return null;
    const explanation = explain(room.call, metrics!, path, instant(options.now) ?? this.#clock(), this.#measuring);
    if (explanation === null)
      throw new CallEvaluatorError('unknown_path', `No metric at ${JSON.stringify(path)}. The README lists all; list entries are chosen as participants.list[identity=ana].`);
    return explanation;
  }

  /** The stored events of a room in order of arrival, bodies as they came (secrets masked). Empty when it is unknown. */
  async getEvents(roomSid: string): Promise<StoredEvent[]> {
    this.#assertOpen();
    return (await this.#store.readRoom(roomSid))?.events ?? [];
  }

  /** Calls by their first sign, oldest first, with their metrics of now; `after` is the last entry of the page before. */
  async listCalls(options: { limit?: number; after?: { roomSid: string; firstAt: number } } = {}): Promise<(CallSummaryRow & { firstAt: number })[]> {
    this.#assertOpen();
    const listed = await this.#store.listCalls(options.after ?? null, options.limit ?? 100);
    const rows: (CallSummaryRow & { firstAt: number })[] = [];
    for (const { roomSid, firstAt } of listed) {
      const metrics = await this.getMetrics(roomSid);
      if (metrics === null) continue;
      const { roomName, status, startedAt, endedAt, duration } = metrics;
      rows.push({ roomSid, roomName, status, startedAt, endedAt, duration, firstAt, metrics });
    }
    return rows;
  }

  /** Payloads that could not be understood, raw, oldest first. */
  async listQuarantined(options: { afterSeq?: number; limit?: number } = {}): Promise<Quarantined[]> {
    this.#assertOpen();
    return this.#store.listQuarantined(options.afterSeq ?? 0, options.limit ?? 100);
  }

  /** Tries all quarantined payloads again, as after an upgrade; those that are understood now become events. */
  async retryQuarantined(): Promise<{ understood: number; still: number }> {
    let understood = 0;
    let still = 0;
    for (let afterSeq = 0, page = await this.listQuarantined(); page.length > 0; page = await this.listQuarantined({ afterSeq })) {
      for (const { seq, body, receivedAt } of page) {
        afterSeq = seq;
        const again = intake(body, receivedAt);
        if (!again.understood) {
          still++;
          continue;
        }
        await new Promise<Receipt>((settle, fail) => {
          this.#queue.push({ intake: again, settle, fail });
          this.#work();
        });
        await this.#store.releaseQuarantined([seq]); // only when the event is on disk: a crash between repeats it
        understood++;
      }
    }
    return { understood, still };
  }

  /** Counts over the whole history. */
  async counts(): Promise<Awaited<ReturnType<Store['counts']>>> {
    this.#assertOpen();
    return this.#store.counts();
  }

  on<Name extends keyof EvaluatorEvents>(name: Name, listener: (...args: EvaluatorEvents[Name]) => void): this {
    this.#emitter.on(name, listener as (...args: unknown[]) => void);
    return this;
  }

  off<Name extends keyof EvaluatorEvents>(name: Name, listener: (...args: EvaluatorEvents[Name]) => void): this {
    this.#emitter.off(name, listener as (...args: unknown[]) => void);
    return this;
  }

  /** Writes what waits, then closes the database. Later calls throw `closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#working) await this.#working;
    await this.#store.close();
  }

  // ---- the queue: one turn of the event loop is one transaction

  #work(): void {
    this.#working ??= new Promise<void>((done) => {
      setImmediate(async () => {
        while (this.#queue.length > 0 || this.#unsaved.size > 0) await this.#flush();
        this.#working = null;
        done();
      });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#queue.splice(0, LARGEST_BATCH);
    const understood = batch.filter((item): item is Waiting<Understood> => item.intake.understood);
    const misunderstood = batch.filter((item): item is Waiting<NotUnderstood> => !item.intake.understood);
    const rows = understood.map((item) => eventRow(item.intake));
    const saving = [...this.#unsaved.values()];
    try {
      // a measured call that this batch changes must be saved before the batch marks it stale
      const early = saving.length > 0 && rows.some(({ roomSid }) => this.#unsaved.has(roomSid));
      if (early) await this.#store.append([], [], saving);
      const fresh = await this.#store.append(rows, misunderstood.map((item) => quarantineRow(item.intake)), early ? [] : saving);
      for (const row of saving) if (this.#unsaved.get(row.roomSid) === row) this.#unsaved.delete(row.roomSid);
      await this.#takeIn(understood, rows, fresh);
    } catch (error) {
      this.#live.clear();
      this.#unsaved.clear(); // a projection: it can be measured again
      for (const { fail } of batch) fail(error);
      return;
    }
    for (const { intake: taken, settle } of misunderstood) {
      if (taken.reason.roomSid) this.#live.drop(taken.reason.roomSid);
      settle({ status: 'quarantined', type: null, roomSid: taken.reason.roomSid, id: null, reason: taken.reason });
      this.#emit('quarantined', taken.reason);
    }
  }

  /** Brings the machines up to what is on disk, measures the calls that are over, and tells. */
  async #takeIn(batch: readonly Waiting<Understood>[], rows: readonly NewEvent[], fresh: readonly boolean[]): Promise<void> {
    if (this.#store.changedElsewhere()) this.#live.clear();
    const changed = new Map<string, string[]>();
    const folded = new Set<string>();
    for (const [i, { intake: taken }] of batch.entries()) {
      const { event } = taken;
      const row = rows[i]!;
      const sids = row.roomSid !== '' ? [row.roomSid] : row.roomName === null ? [] : await this.#store.roomsNamed(row.roomName);
      for (const sid of sids) {
        if (fresh[i]) {
          const types = changed.get(sid);
          if (types) types.push(event.type);
          else changed.set(sid, [event.type]);
        }
        if (folded.has(sid)) continue;
        const room = row.roomSid === '' ? undefined : this.#live.get(sid);
        if (room) arrive(room, event, fresh[i]!);
        else {
          const found = await this.#fold(sid); // which has the whole batch in it
          if (found && found.call.room.name) this.#live.dropAdopters(found.call.room.name.value);
          if (found) this.#live.set(sid, found);
          folded.add(sid);
        }
      }
    }
    const measured = new Map<string, CallMetrics>();
    for (const sid of changed.keys()) {
      const room = await this.#room(sid);
      if (!room?.call.room.finished) continue;
      const before = await this.#finalOf(room);
      const metrics = await this.#measure(room, this.#clock());
      if (metrics.status === 'finished' && (before === null || before.revision !== metrics.revision)) measured.set(sid, metrics);
    }
    for (const [i, { intake: taken, settle }] of batch.entries()) {
      const { id, type, room } = taken.event;
      const receipt: Receipt = { status: fresh[i] ? 'stored' : 'duplicate', type, roomSid: room.sid, id };
      const metrics = fresh[i] && room.sid !== null ? measured.get(room.sid) : undefined;
      if (metrics) receipt.metrics = metrics;
      settle(receipt);
    }
    for (const [roomSid, types] of changed) this.#emit('callChanged', { roomSid, types });
    for (const metrics of measured.values()) this.#emit('callFinished', metrics);
  }

  // ---- rooms

  async #room(roomSid: string): Promise<LiveRoom | null> {
    if (this.#store.changedElsewhere()) this.#live.clear();
    const live = this.#live.get(roomSid);
    if (live) return live;
    const room = await this.#fold(roomSid);
    if (room) this.#live.set(roomSid, room);
    return room;
  }

  async #fold(roomSid: string): Promise<LiveRoom | null> {
    const history = await this.#store.readRoom(roomSid);
    return history && history.events.length > 0 ? foldHistory(history) : null;
  }

  async #finalOf(room: LiveRoom): Promise<NonNullable<LiveRoom['final']> | null> {
    if (room.final === undefined) {
      const last = this.#unsaved.get(room.call.roomSid) ?? (await this.#store.lastMeasured(room.call.roomSid));
      room.final = last && { inputs: inputsOf(JSON.parse(last.metrics)), revision: last.revision };
    }
    return room.final;
  }

  /** Measures, numbers the revision of a final result, and notes it down to be saved. */
  async #measure(room: LiveRoom, now: number): Promise<CallMetrics> {
    const metrics = measure(room.call, now, room, this.#measuring);
    if (metrics.status !== 'finished') return metrics;
    const before = await this.#finalOf(room);
    const inputs = inputsOf(metrics);
    metrics.revision = before === null ? 0 : before.inputs === inputs ? before.revision : before.revision + 1;
    room.final = { inputs, revision: metrics.revision };
    this.#unsaved.set(metrics.roomSid, {
      roomSid: metrics.roomSid,
      status: metrics.status,
      startedAt: metrics.startedAt,
      endedAt: metrics.endedAt,
      revision: metrics.revision,
      configHash: this.#measuring.configHash,
      arrivals: room.arrivals,
      metrics: JSON.stringify(metrics),
    });
    return metrics;
  }

  /** A listener that throws harms neither the event nor the other listeners. */
  #emit<Name extends keyof EvaluatorEvents>(name: Name, ...args: EvaluatorEvents[Name]): void {
    try {
      (this.#emitter.emit as (name: Name, ...args: EvaluatorEvents[Name]) => boolean).call(this.#emitter, name, ...args);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}

function inputsOf({ evidence: { inputs } }: CallMetrics): string {
  return `${inputs.hash} ${inputs.configHash} ${inputs.metricsVersion}`;
}

function closed(): CallEvaluatorError {
  return new CallEvaluatorError('closed', 'This CallEvaluator has been closed: make a new one.');
}

function instant(at: Date | number | undefined): number | undefined {
  if (at === undefined) return undefined;
  const ms = Number(at);
  if (!Number.isFinite(ms)) throw new CallEvaluatorError('bad_option', `Not an instant: ${String(at)}. Give a Date or epoch milliseconds.`);
  return ms;
}
