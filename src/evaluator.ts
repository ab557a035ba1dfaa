/**
 * CallEvaluator: webhooks in, on disk before the promise resolves; per call one set of metrics out. The way of an event:
 * intake (decode) -> queue -> append (one transaction for all that wait) -> the room's machine -> measure -> listeners.
 */
import { EventEmitter } from 'node:events';
import { closest } from 'fastest-levenshtein';
import { resolve } from './call/resolve.ts';
import { type RoomState, stateAt } from './call/state.ts';
import { CallEvaluatorError } from './errors.ts';
import { eventRow, type Incoming, type Intake, intake, quarantineRow } from './intake.ts';
import type { LiveRoom } from './live.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import { type Explanation, explain, explainedPaths } from './metrics/explain.ts';
import type { Measuring } from './metrics/measure.ts';
import { type CallEvaluatorOptions, parseOptions } from './options.ts';
import { type AcceptedEvent, Rooms, type Taken } from './rooms.ts';
import { openStore } from './store/open.ts';
import type { Appended, NewEvent, NewQuarantined, Quarantined, Store, StoredEvent } from './store/store.ts';
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

type Waiting = (AcceptedEvent | RefusedPayload) & {
  settle: (receipt: Receipt) => void;
  fail: (error: unknown) => void;
};
interface RefusedPayload {
  reason: Misunderstood;
  row: NewQuarantined;
}

export class CallEvaluator {
  readonly #store: Store;
  readonly #measuring: Measuring;
  readonly #clock: () => number;
  readonly #rooms: Rooms;
  readonly #emitter = new EventEmitter<EvaluatorEvents>();
  readonly #queue: Waiting[] = [];
  #working: Promise<void> | null = null;
  /** Settles when the batch that is on disk has reached the machines. */
  #taking: Promise<void> | null = null;
  #closed = false;

  /**
   * @param options `database`: an SQLite file, made where there is none; ':memory:' when nothing is given.
   * @throws CallEvaluatorError `bad_option`, or a `store_…` code where the database cannot be opened.
   */
  constructor(options: CallEvaluatorOptions = {}) {
    const { database, liveRooms, clock, measuring } = parseOptions(options);
    this.#measuring = measuring;
    this.#clock = clock;
    this.#store = openStore(database);
    this.#rooms = new Rooms(this.#store, measuring, liveRooms);
  }

  /**
   * Takes in one webhook: parsed, as JSON text, or as bytes. Resolves when it is on disk; concurrent calls share a
   * transaction. Whatever the content, it is kept: what cannot be understood is quarantined.
   * @throws CallEvaluatorError with a `store_…` code: it is not stored, hand it in again.
   */
  processEvent(event: Incoming): Promise<Receipt> {
    return this.#closed ? Promise.reject(closed()) : this.#enqueue(intake(event, this.#clock()));
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
    const measured = await this.#rooms.measured(roomSid);
    if (measured !== null) return JSON.parse(measured);
    const room = await this.#room(roomSid);
    if (room === null) return null;
    const metrics = await this.#rooms.measure(room, instant(options.now) ?? this.#clock());
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
      throw new CallEvaluatorError(
        'unknown_path',
        `No metric at ${JSON.stringify(path)}. Did you mean ${closest(path, explainedPaths())}? Entries of a list are chosen as participants.list[identity=ana].`,
      );
    return explanation;
  }

  /** The stored events of a room in order of arrival, bodies as they came (secrets masked). Empty when it is unknown. */
  async getEvents(roomSid: string): Promise<StoredEvent[]> {
    this.#assertOpen();
    return (await this.#store.readRoom(roomSid))?.events ?? [];
  }

  /** Calls by their first sign, oldest first, with their metrics of now; `after` is the last entry of the page before. */
  async listCalls(
    options: { limit?: number; after?: { roomSid: string; firstAt: number } } = {},
  ): Promise<(CallSummaryRow & { firstAt: number })[]> {
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
    for (
      let afterSeq = 0, page = await this.listQuarantined();
      page.length > 0;
      page = await this.listQuarantined({ afterSeq })
    ) {
      for (const { seq, body, receivedAt, reason } of page) {
        afterSeq = seq;
        const again = intake(body, receivedAt);
        if (!again.understood) {
          still++;
          continue;
        }
        await this.#enqueue(again);
        await this.#store.releaseQuarantined([seq]); // only when the event is on disk: a crash between repeats it
        if (reason.roomSid !== null) this.#rooms.drop(reason.roomSid);
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

  #enqueue(taken: Intake): Promise<Receipt> {
    return new Promise((settle, fail) => {
      const content = taken.understood
        ? { event: taken.event, row: eventRow(taken) }
        : { reason: taken.reason, row: quarantineRow(taken) };
      this.#queue.push({ ...content, settle, fail });
      this.#work();
    });
  }

  #work(): void {
    this.#working ??= new Promise<void>((done) => {
      setImmediate(async () => {
        while (this.#queue.length > 0 || this.#rooms.unsaved.length > 0) await this.#flush();
        this.#working = null;
        done();
      });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#queue.splice(0, LARGEST_BATCH);
    const understood = batch.filter((item) => 'event' in item);
    const misunderstood = batch.filter((item) => 'reason' in item);
    let appended: Appended;
    try {
      appended = await this.#append(
        understood.map(({ row }) => row),
        misunderstood.map(({ row }) => row),
      );
    } catch (error) {
      this.#rooms.forget();
      for (const { fail } of batch) fail(error);
      return;
    }
    const { fresh } = appended;
    const { changed, finished } = await this.#takeIn(understood, appended);
    for (const [i, { event, settle }] of understood.entries()) {
      const receipt: Receipt = {
        status: fresh[i] ? 'stored' : 'duplicate',
        type: event.type,
        roomSid: event.room.sid,
        id: event.id,
      };
      const metrics = fresh[i] && event.room.sid !== null ? finished.get(event.room.sid) : undefined;
      if (metrics) receipt.metrics = metrics;
      settle(receipt);
    }
    for (const { reason, settle } of misunderstood)
      settle({ status: 'quarantined', type: null, roomSid: reason.roomSid, id: null, reason });
    for (const [roomSid, types] of changed) this.#emit('callChanged', { roomSid, types });
    for (const metrics of finished.values()) this.#emit('callFinished', metrics);
    for (const { reason } of misunderstood) this.#emit('quarantined', reason);
  }

  /** Events, and the calls that were measured since, in one transaction. */
  async #append(events: readonly NewEvent[], quarantined: readonly NewQuarantined[]): Promise<Appended> {
    const calls = this.#rooms.unsaved;
    const measured = new Set(calls.map(({ roomSid }) => roomSid));
    // a measured call that this batch changes must be saved before the batch marks it stale
    const changes = [...events, ...quarantined.map(({ reason }) => reason)];
    const early = measured.size > 0 && changes.some(({ roomSid }) => roomSid !== null && measured.has(roomSid));
    if (early) await this.#store.append([], [], calls);
    const appended = await this.#store.append(events, quarantined, early ? [] : calls);
    this.#rooms.saved(calls);
    for (const { reason } of quarantined) if (reason.roomSid !== null) this.#rooms.drop(reason.roomSid);
    return appended;
  }

  /** The events are on disk: whatever fails from here on must not say that they are not. */
  async #takeIn(events: readonly AcceptedEvent[], appended: Appended): Promise<Taken> {
    const taking = this.#rooms.takeIn(events, appended, this.#clock());
    this.#taking = taking.then(
      () => {},
      () => {},
    );
    try {
      return await taking;
    } catch (error) {
      this.#rooms.forget();
      process.emitWarning(error instanceof Error ? error : String(error));
      return { changed: new Map(), finished: new Map() };
    } finally {
      this.#taking = null;
    }
  }

  /** A room's machine for a reader: not while a batch is between the disk and the machines. */
  async #room(roomSid: string): Promise<LiveRoom | null> {
    this.#assertOpen();
    while (this.#taking) await this.#taking;
    return this.#rooms.get(roomSid);
  }

  /** A listener that throws harms neither the event nor the other listeners. */
  #emit<Name extends keyof EvaluatorEvents>(name: Name, ...args: EvaluatorEvents[Name]): void {
    const warn = (error: unknown) => process.emitWarning(error instanceof Error ? error : String(error));
    for (const listener of this.#emitter.listeners(name) as ((...args: EvaluatorEvents[Name]) => unknown)[]) {
      try {
        Promise.resolve(listener(...args)).catch(warn);
      } catch (error) {
        warn(error);
      }
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): CallEvaluatorError {
  return new CallEvaluatorError('closed', 'This CallEvaluator has been closed: make a new one.');
}

function instant(at: Date | number | undefined): number | undefined {
  if (at === undefined) return undefined;
  const ms = Number(at);
  if (!Number.isFinite(ms))
    throw new CallEvaluatorError('bad_option', `Not an instant: ${String(at)}. Give a Date or epoch milliseconds.`);
  return ms;
}
