/** Counts what comes in, since this process began. What came before it, the history itself counts. */
import type { CallEvaluator } from '../../evaluator.ts';
import type { Delivery, EvaluatorEvents } from '../../ingest.ts';
import { Recent } from './recent.ts';

/** What the percentiles are taken over. */
const RECENT = 10_000;
/** LiveKit has 14 types of events; a sender of nonsense, however authentic, is not counted by each of its words. */
const MOST_TYPES = 50;
const OTHER = 'other';

export interface TypeCounts {
  stored: number;
  duplicates: number;
}

export class IngestTally {
  /** Epoch ms */
  readonly since = Date.now();
  readonly byType = new Map<string, TypeCounts>();
  quarantined = 0;
  outOfOrder = 0;
  /** Seconds from the instant that an event tells to the disk. LiveKit tells whole seconds. */
  readonly lag = new Recent(RECENT);
  /** Seconds from its arrival to the disk. */
  readonly storing = new Recent(RECENT);
  /** Epoch ms of the last delivery of anything. */
  lastAt: number | null = null;
  readonly #evaluator: CallEvaluator;

  constructor(evaluator: CallEvaluator) {
    this.#evaluator = evaluator;
    evaluator.on('received', this.#received);
  }

  get stored(): number {
    return sum(this.byType, ({ stored }) => stored);
  }

  get duplicates(): number {
    return sum(this.byType, ({ duplicates }) => duplicates);
  }

  close(): void {
    this.#evaluator.off('received', this.#received);
  }

  readonly #received = ({ deliveries, outOfOrder }: EvaluatorEvents['received'][0]): void => {
    this.outOfOrder += outOfOrder;
    for (const delivery of deliveries) this.#add(delivery);
  };

  #add(delivery: Delivery): void {
    const { status, type, receivedAt, storedAt } = delivery;
    this.lastAt = storedAt;
    this.storing.add(Math.max(0, storedAt - receivedAt) / 1000);
    const lag = lagOf(delivery);
    if (lag !== null) this.lag.add(lag);
    if (status === 'quarantined') this.quarantined++;
    else this.#countsOf(type ?? OTHER)[status === 'stored' ? 'stored' : 'duplicates']++;
  }

  #countsOf(type: string): TypeCounts {
    const known = this.byType.get(type);
    if (known) return known;
    if (this.byType.size >= MOST_TYPES && type !== OTHER) return this.#countsOf(OTHER);
    const counts = { stored: 0, duplicates: 0 };
    this.byType.set(type, counts);
    return counts;
  }
}

/** Seconds; null of a repeat, whose lag tells of LiveKit's retries, and where no instant is known. */
export function lagOf({ status, at, storedAt }: Delivery): number | null {
  return status === 'stored' && at !== null ? Math.max(0, storedAt - at) / 1000 : null;
}

function sum(counts: ReadonlyMap<string, TypeCounts>, of: (one: TypeCounts) => number): number {
  return counts.values().reduce((total, one) => total + of(one), 0);
}
