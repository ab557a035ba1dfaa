/**
 * CallEvaluator: webhooks in, on disk before the promise resolves; per call one set of metrics out. The way of an event:
 * intake (decode) -> queue -> append (one transaction for all that wait) -> the room's machine -> measure -> listeners.
 */
import { EventEmitter } from 'node:events';
import { closest } from 'fastest-levenshtein';
import { assertSid, type Instant, instant, listed, pageSize, shown } from './arguments.ts';
import { resolve } from './call/resolve.ts';
import { type RoomState, stateAt } from './call/state.ts';
import { CallEvaluatorError } from './errors.ts';
import { type Emit, type EvaluatorEvents, Ingest, LARGEST_BATCH, type Receipt } from './ingest.ts';
import { type Incoming, intake } from './intake.ts';
import type { LiveRoom } from './live.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import { type Explanation, explain, explainedPaths } from './metrics/explain.ts';
import type { Measuring } from './metrics/measure.ts';
import { type CallEvaluatorOptions, parseOptions } from './options.ts';
import { Rooms } from './rooms.ts';
import { openStore } from './store/open.ts';
import type { Quarantined, Store, StoredEvent } from './store/store.ts';

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

const EMITTED: readonly (keyof EvaluatorEvents)[] = ['callFinished', 'callChanged', 'quarantined'];

export class CallEvaluator {
  readonly #store: Store;
  readonly #measuring: Measuring;
  readonly #clock: () => number;
  readonly #rooms: Rooms;
  readonly #emitter = new EventEmitter<EvaluatorEvents>();
  readonly #ingest: Ingest;
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
    this.#ingest = new Ingest(this.#store, this.#rooms, clock, emitter(this.#emitter));
  }

  /**
   * Takes in one webhook: parsed, as JSON text, or as bytes. Resolves when it is on disk; concurrent calls share a
   * transaction. Whatever the content, it is kept: what cannot be understood is quarantined.
   * @throws CallEvaluatorError with a `store_…` code: it is not stored, hand it in again.
   */
  async processEvent(event: Incoming): Promise<Receipt> {
    this.#assertOpen();
    return this.#ingest.add(intake(event, this.#clock()));
  }

  /**
   * Takes in many at once, in as few transactions as they fit in; receipts in the order of the events.
   * @param events an array, or anything that can be iterated, also asynchronously
   * @throws CallEvaluatorError as processEvent does; `bad_option` where it is no list of events
   */
  async processEvents(events: Iterable<Incoming> | AsyncIterable<Incoming>): Promise<Receipt[]> {
    const list = listed(events);
    if (Symbol.iterator in list) return Promise.all(Array.from(list, (event) => this.processEvent(event)));
    const receipts: Receipt[] = [];
    for await (const batch of batches(list)) receipts.push(...(await this.processEvents(batch)));
    return receipts;
  }

  /**
   * The metrics of a call, any time: while it is on, they are those of this instant.
   * @param options `now`: the instant to look at it from; the clock's by default.
   * @returns null when nothing is known of the room.
   */
  async getMetrics(roomSid: string, options: { now?: Instant } = {}): Promise<CallMetrics | null> {
    this.#assertOpen();
    assertSid(roomSid);
    const now = instant(options?.now) ?? this.#clock();
    const measured = await this.#rooms.measured(roomSid);
    if (measured !== null) return JSON.parse(measured);
    const room = await this.#room(roomSid);
    if (room === null) return null;
    const metrics = await this.#rooms.measure(room, now);
    if (metrics.status === 'finished') this.#ingest.wake();
    return metrics;
  }

  /**
   * Who is in the room, what is published, what is recorded: now, or at any past instant.
   * @returns null when nothing is known of the room.
   */
  async getState(roomSid: string, at?: Instant): Promise<RoomState | null> {
    this.#assertOpen();
    assertSid(roomSid);
    const now = this.#clock();
    const moment = instant(at) ?? now;
    const room = await this.#room(roomSid);
    return room && stateAt(resolve(room.call, now, this.#measuring), moment);
  }

  /**
   * Why a value of CallMetrics is what it is: formula, the ids of the events that decided it, what was missing.
   * @param path e.g. `callDuration`, `participants.list[identity=ana].presentSeconds`
   * @returns null when nothing is known of the room.
   * @throws CallEvaluatorError `unknown_path`
   */
  async explain(roomSid: string, path: string, options: { now?: Instant } = {}): Promise<Explanation | null> {
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
    assertSid(roomSid);
    return (await this.#store.readRoom(roomSid))?.events ?? [];
  }

  /** Calls by their first sign, oldest first, with their metrics of now; `after` is the last entry of the page before. */
  async listCalls(
    options: { limit?: number; after?: { roomSid: string; firstAt: number } } = {},
  ): Promise<(CallSummaryRow & { firstAt: number })[]> {
    this.#assertOpen();
    const listed = await this.#store.listCalls(options.after ?? null, pageSize(options.limit));
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
    return this.#store.listQuarantined(options.afterSeq ?? 0, pageSize(options.limit));
  }

  /** Tries all quarantined payloads again, as after an upgrade; those that are understood now become events. */
  async retryQuarantined(): Promise<{ understood: number; still: number }> {
    let understood = 0;
    let still = 0;
    for (
      let page = await this.listQuarantined();
      page.length > 0;
      page = await this.listQuarantined({ afterSeq: page.at(-1)!.seq })
    ) {
      const again = page.map(({ body, receivedAt }) => intake(body, receivedAt));
      const released = page.filter((_, i) => again[i]!.understood);
      await Promise.all(again.filter((taken) => taken.understood).map((taken) => this.#ingest.add(taken)));
      // only now that the events are on disk: a crash in between repeats them
      await this.#store.releaseQuarantined(released.map(({ seq }) => seq));
      for (const { reason } of released) if (reason.roomSid !== null) this.#rooms.drop(reason.roomSid);
      understood += released.length;
      still += page.length - released.length;
    }
    return { understood, still };
  }

  /** Counts over the whole history. */
  async counts(): Promise<Awaited<ReturnType<Store['counts']>>> {
    this.#assertOpen();
    return this.#store.counts();
  }

  on<Name extends keyof EvaluatorEvents>(name: Name, listener: (...args: EvaluatorEvents[Name]) => void): this {
    if (!EMITTED.includes(name) || typeof listener !== 'function')
      throw new CallEvaluatorError(
        'bad_option',
        `on(${shown(name)}, ${shown(listener)}): expected ${EMITTED.map((event) => `'${event}'`).join(', ')} and a function.`,
      );
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
    await this.#ingest.idle();
    await this.#store.close();
  }

  /** A room's machine for a reader: not while a batch is between the disk and the machines. */
  async #room(roomSid: string): Promise<LiveRoom | null> {
    this.#assertOpen();
    await this.#ingest.settled();
    return this.#rooms.get(roomSid);
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): CallEvaluatorError {
  return new CallEvaluatorError('closed', 'This CallEvaluator has been closed: make a new one.');
}

/** A listener that throws harms neither the event nor the other listeners. */
function emitter(listening: EventEmitter<EvaluatorEvents>): Emit {
  const warn = (error: unknown) => process.emitWarning(error instanceof Error ? error : String(error));
  return (name, ...args) => {
    for (const listener of listening.listeners(name) as ((...args: unknown[]) => unknown)[]) {
      try {
        Promise.resolve(listener(...args)).catch(warn);
      } catch (error) {
        warn(error);
      }
    }
  };
}

async function* batches(events: AsyncIterable<Incoming>): AsyncGenerator<Incoming[]> {
  let batch: Incoming[] = [];
  for await (const event of events) {
    if (batch.push(event) < LARGEST_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
