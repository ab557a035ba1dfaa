/**
 * Group commit: one turn of the event loop is one transaction. All that was handed in meanwhile goes to disk together,
 * then into the rooms' machines; only then is anybody told.
 */
import type { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventRow, type Intake, quarantineRow, turnedAway } from './intake.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import type { AcceptedEvent, Rooms, Taken } from './rooms.ts';
import type { Appended, NewEvent, NewQuarantined, Store } from './store/store.ts';
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
  /**
   * The call's metrics, when the call ended or was changed after its end: once a call and transaction, on the receipt of its
   * room_finished, or else of the last new event of it.
   */
  metrics?: CallMetrics;
}

/** One event or payload that was handed in, and is on disk. Instants in epoch ms. */
export interface Delivery {
  status: Receipt['status'];
  type: string | null;
  roomSid: string | null;
  /** When it happened, by LiveKit's clock. */
  at: number | null;
  receivedAt: number;
  storedAt: number;
}

/** Events that a CallEvaluator emits. */
export interface EvaluatorEvents {
  /** What one transaction has stored, unless the option `clock` failed to tell when; `outOfOrder`: so many tell of an earlier instant than an event of their room that came before. */
  received: [batch: { deliveries: Delivery[]; outOfOrder: number }];
  /** The room_finished of a call has come, or (revision > 0) a late event has changed it since. Not told of a call that expires. */
  callFinished: [metrics: CallMetrics];
  /** Something new is known of a call. */
  callChanged: [change: { roomSid: string; types: string[] }];
  /** A payload could not be understood; it is kept. */
  quarantined: [reason: Misunderstood];
}

export type Emit = <Name extends keyof EvaluatorEvents>(name: Name, ...args: EvaluatorEvents[Name]) => void;

/** A listener that throws harms neither the event nor the other listeners. */
export function emitter(listening: EventEmitter<EvaluatorEvents>): Emit {
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

/** How many events share a transaction at most; more wait for the next. */
export const LARGEST_BATCH = 1_000;

type Waiting = (AcceptedEvent | RefusedPayload) & {
  settle: (receipt: Receipt) => void;
  fail: (error: unknown) => void;
};
interface RefusedPayload {
  reason: Misunderstood;
  row: NewQuarantined;
}

export class Ingest {
  readonly #store: Store;
  readonly #rooms: Rooms;
  readonly #clock: () => number;
  readonly #emit: Emit;
  readonly #queue: Waiting[] = [];
  #working: Promise<void> | null = null;
  /** Settles when the batch that is on disk has reached the machines. */
  #taking: Promise<void> | null = null;

  constructor(store: Store, rooms: Rooms, clock: () => number, emit: Emit) {
    this.#store = store;
    this.#rooms = rooms;
    this.#clock = clock;
    this.#emit = emit;
  }

  /** How many wait for their transaction. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** @param signed the digest of what was signed, where it is not that of what is handed in */
  add(taken: Intake, signed?: Uint8Array): Promise<Receipt> {
    return new Promise((settle, fail) => {
      this.#queue.push({ ...this.#sorted(taken, signed), settle, fail });
      this.wake();
    });
  }

  #sorted(taken: Intake, signed: Uint8Array | undefined): AcceptedEvent | RefusedPayload {
    if (!taken.understood) return { reason: taken.reason, row: quarantineRow(taken) };
    const { event } = taken;
    const reason = this.#rooms.whyFull(event);
    if (reason) return { reason, row: quarantineRow(turnedAway(taken, reason)) };
    const row = eventRow(taken);
    if (signed) row.sha256 = signed;
    row.seemsKnown = this.#rooms.seemsKnown(event);
    return { event, row };
  }

  /** Has what waits, and the calls that were measured since, written at the next turn. */
  wake(): void {
    this.#working ??= this.#flushAll();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Resolves when no batch is between the disk and the machines. */
  async settled(): Promise<void> {
    while (this.#taking) await this.#taking;
  }

  async #flushAll(): Promise<void> {
    do {
      await nextTurn(); // who was told of a batch hands in the next one meanwhile; timers and sockets have their turn
      await this.#flush();
    } while (this.#queue.length > 0 || this.#rooms.hasUnsaved);
    this.#working = null;
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
    this.#rooms.countQuarantined(
      misunderstood.filter((_, i) => appended.freshQuarantined[i]).map(({ reason }) => reason.roomSid),
    );
    const { changed, finished, outOfOrder, storedAt } = await this.#takeIn(understood, appended);
    const tellers = tellersOf(finished, understood, fresh);
    const deliveries: Omit<Delivery, 'storedAt'>[] = [];
    for (const [i, one] of understood.entries()) {
      const { event, row, settle } = one;
      const status = fresh[i] ? 'stored' : 'duplicate';
      const receipt: Receipt = { status, type: event.type, roomSid: event.room.sid, id: event.id };
      const { sid } = event.room;
      if (sid !== null && tellers.get(sid) === one) receipt.metrics = finished.get(sid)!;
      settle(receipt);
      deliveries.push({ status, type: event.type, roomSid: event.room.sid, at: row.at, receivedAt: row.receivedAt });
    }
    for (const { reason, row, settle } of misunderstood) {
      const receipt = { status: 'quarantined', type: null, roomSid: reason.roomSid } as const;
      settle({ ...receipt, id: null, reason });
      deliveries.push({ ...receipt, at: null, receivedAt: row.receivedAt });
    }
    if (storedAt !== null && deliveries.length > 0)
      this.#emit('received', { deliveries: deliveries.map((one) => ({ ...one, storedAt })), outOfOrder });
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
    return appended;
  }

  /**
   * The events are on disk: whatever fails from here on, a clock included, must not say that they are not.
   * @returns `storedAt`: null where the clock did not tell
   */
  async #takeIn(events: readonly AcceptedEvent[], appended: Appended): Promise<Taken & { storedAt: number | null }> {
    let storedAt: number | null = null;
    const taking = (async () => {
      storedAt = this.#clock();
      return this.#rooms.takeIn(events, appended, storedAt);
    })();
    this.#taking = taking.then(
      () => {},
      () => {},
    );
    try {
      return { ...(await taking), storedAt };
    } catch (error) {
      this.#rooms.forget();
      process.emitWarning(error instanceof Error ? error : String(error));
      return { changed: new Map(), finished: new Map(), outOfOrder: 0, storedAt };
    } finally {
      this.#taking = null;
    }
  }
}

/** By room, the event whose receipt tells of a call that ended or changed: its room_finished, else the last new one. */
function tellersOf(
  finished: ReadonlyMap<string, CallMetrics>,
  events: readonly AcceptedEvent[],
  fresh: readonly boolean[],
): Map<string, AcceptedEvent> {
  const tellers = new Map<string, AcceptedEvent>();
  for (const [i, one] of events.entries()) {
    const { sid } = one.event.room;
    if (!fresh[i] || sid === null || !finished.has(sid)) continue;
    if (tellers.get(sid)?.event.type !== 'room_finished') tellers.set(sid, one);
  }
  return tellers;
}
