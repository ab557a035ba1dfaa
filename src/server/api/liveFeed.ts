/**
 * What happens to calls, as numbered events that can be resumed: changes of one call within a moment are one event, and
 * the last so many events are kept for who was away.
 */
import { randomBytes } from 'node:crypto';
import type { CallEvaluator } from '../../evaluator.ts';
import type { EvaluatorEvents } from '../../ingest.ts';
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { type CallSummary, summaryOf } from './callSummary.ts';
import type { RoomNames } from './roomNames.ts';

export interface CallChange {
  roomSid: string;
  roomName: string | null;
  /** Types of the webhooks that told it. */
  types: string[];
}
export type LiveEvent = {
  /** `<boot>-<n>` */
  id: string;
  roomSid: string;
  roomName: string | null;
} & ({ name: 'callChanged'; data: CallChange } | { name: 'callFinished'; data: CallSummary });

interface Pending {
  types: Set<string>;
  finished: CallMetrics | null;
}

/** A busy server changes thousands of calls in a second; nobody looks that fast. */
const GATHERED_MS = 100;
const KEPT = 1_000;

export class LiveFeed {
  /** Numbers of another run of the server mean nothing to this one. */
  readonly #boot = randomBytes(6).toString('hex');
  #count = 0;
  readonly #kept: LiveEvent[] = [];
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | null = null;
  readonly #evaluator: CallEvaluator;
  readonly #names: RoomNames;

  constructor(evaluator: CallEvaluator, names: RoomNames) {
    this.#evaluator = evaluator;
    this.#names = names;
    evaluator.on('callChanged', this.#changed).on('callFinished', this.#finished);
  }

  /** The id of the last event. */
  get last(): string {
    return `${this.#boot}-${this.#count}`;
  }

  /** The events after that one; null where they are not known any more. */
  after(id: string): LiveEvent[] | null {
    const [, boot, digits] = /^(\w+)-(\d+)$/.exec(id) ?? [];
    const missed = this.#count - Number(digits);
    if (boot !== this.#boot || missed < 0 || missed > Math.min(KEPT, this.#kept.length)) return null;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }

  /** @returns how to stop listening */
  listen(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#evaluator.off('callChanged', this.#changed).off('callFinished', this.#finished);
    if (this.#timer) clearTimeout(this.#timer);
  }

  readonly #changed = ({ roomSid, types }: EvaluatorEvents['callChanged'][0]): void => {
    const pending = this.#gather(roomSid);
    for (const type of types) pending.types.add(type);
  };

  readonly #finished = (metrics: CallMetrics): void => {
    this.#gather(metrics.roomSid).finished = metrics;
  };

  #gather(roomSid: string): Pending {
    let pending = this.#pending.get(roomSid);
    if (pending === undefined) {
      pending = { types: new Set(), finished: null };
      this.#pending.set(roomSid, pending);
    }
    this.#timer ??= setTimeout(() => void this.#publishAll(), GATHERED_MS).unref();
    return pending;
  }

  async #publishAll(): Promise<void> {
    const gathered = this.#pending;
    this.#pending = new Map();
    for (const [roomSid, { types, finished }] of gathered) {
      const roomName = finished?.roomName ?? (await this.#names.of(roomSid).catch(() => null));
      const call = { roomSid, roomName };
      if (types.size > 0) this.#publish({ name: 'callChanged', ...call, data: { ...call, types: [...types] } });
      if (finished) this.#publish({ name: 'callFinished', ...call, data: summaryOf(finished) });
    }
    this.#timer = null;
    if (this.#pending.size > 0) this.#timer = setTimeout(() => void this.#publishAll(), GATHERED_MS).unref();
  }

  #publish(told: Omit<LiveEvent, 'id'>): void {
    this.#count++;
    const event = { id: this.last, ...told } as LiveEvent;
    this.#kept.push(event);
    // in one go: a shift at each event would move the whole array
    if (this.#kept.length >= 2 * KEPT) this.#kept.splice(0, this.#kept.length - KEPT);
    for (const listener of this.#listeners) listener(event);
  }
}
