/** One call, measured again with some of its events lost, beside what it is with all of them. */
import { newCall } from '../../call/call.ts';
import { observe } from '../../call/observe.ts';
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { type Leaf, type LeafUnit, leavesOf } from '../../metrics/leaves.ts';
import { type Measuring, measure } from '../../metrics/measure.ts';
import { halfDigit } from '../../metrics/round.ts';
import {
  type Bounds,
  type Compared,
  isUncertain,
  isWithin,
  parents,
  type Value,
  type Verdict,
  verdictOn,
} from '../../metrics/verdict.ts';
import { seeded, seedOf } from '../../random.ts';
import type { WebhookEvent } from '../../webhook/event.ts';
import { Limits } from './limits.ts';
import { isWebhook, type Loss, lose } from './loss.ts';
import { signsOf } from './signs.ts';

/** A value that was measured with events lost, beside the true one. */
export interface Judged extends Pick<Leaf, 'path' | 'general' | 'unit'> {
  truth: Value;
  found: Value;
  verdict: Verdict;
  bounds: Bounds | null;
  /** The truth lies within the bounds. */
  held: boolean;
}

export interface Trial {
  seed: number;
  lost: number;
  /** Somebody or something of the call is in no event that was left: nobody can know of it. */
  unseen: boolean;
  /** Null where no event of the call was left. */
  values: Judged[] | null;
}

/** Long enough after the last event that nothing can go on any more, whatever was lost: s, beyond `staleAfter`. */
const LATER = 86_400;

export class TrialCall {
  readonly roomSid: string;
  /** With all its events: what is taken for the truth. */
  readonly truth: CallMetrics;
  readonly webhooks: number;
  readonly #events: readonly WebhookEvent[];
  readonly #measuring: Measuring;
  readonly #engine: typeof measure;
  readonly #now: number;
  readonly #signs: ReadonlySet<string>;
  readonly #leaves: readonly TrueLeaf[];
  /** What a second measurement of all events gives: small losses spare most calls. */
  #untouched: Judged[] | undefined;

  /**
   * @param events all that is known of it, each fact once
   * @param engine what is put to the test
   */
  constructor(roomSid: string, events: readonly WebhookEvent[], measuring: Measuring, engine = measure) {
    this.roomSid = roomSid;
    this.#events = events;
    this.#engine = engine;
    // the user's own metrics promise nothing of lost events, and nobody reads the digest
    this.#measuring = { ...measuring, custom: [], digest: () => '' };
    const last = events.reduce((latest, { at }) => Math.max(latest, at.ms), 0);
    this.#now = last + (measuring.staleAfter + LATER) * 1000;
    this.webhooks = events.filter(isWebhook).length;
    this.#signs = this.#signsOf(events);
    this.truth = this.#measure(events)!;
    this.#leaves = trueLeaves(this.truth);
  }

  /** The same seed loses the same events again. */
  lose(loss: Loss, seed: number): Trial {
    const left = lose(this.#events, loss, seeded(seedOf(seed, this.roomSid)));
    const lost = this.#events.length - left.length;
    if (lost === 0) {
      this.#untouched ??= judged(this.#leaves, this.#measure(left)!);
      return { seed, lost, unseen: false, values: this.#untouched };
    }
    const unseen = this.#signsOf(left).size < this.#signs.size;
    const metrics = this.#measure(left);
    return { seed, lost, unseen, values: metrics && judged(this.#leaves, metrics) };
  }

  #signsOf(events: readonly WebhookEvent[]): Set<string> {
    return signsOf(events, this.#measuring.classify !== undefined);
  }

  #measure(events: readonly WebhookEvent[]): CallMetrics | null {
    const call = newCall(this.roomSid);
    for (const event of events) observe(call, event);
    if (call.room.firstSign === null) return null; // an agent's word alone makes no call
    return this.#engine(call, this.#now, { duplicates: 0, outOfOrder: 0, quarantined: 0 }, this.#measuring);
  }
}

interface TrueLeaf extends Leaf {
  /** The path, and what it lies in. */
  ways: readonly string[];
}

/** Without those that are not known even with all events, as when an outbound phone was picked up. */
function trueLeaves(truth: CallMetrics): TrueLeaf[] {
  const limits = new Limits(truth);
  return leavesOf(truth)
    .map((leaf) => ({ ...leaf, ways: parents(leaf.path) }))
    .filter(({ path, ways }) => limits.at(ways) === null && !isUncertain(path, truth.evidence));
}

function judged(leaves: readonly TrueLeaf[], metrics: CallMetrics): Judged[] {
  const limits = new Limits(metrics);
  const found = new Map(leavesOf(metrics).map((leaf) => [leaf.path, leaf.value]));
  const values: Judged[] = [];
  for (const { path, general, unit, value: truth, ways } of leaves) {
    const value = found.get(path) ?? null;
    if (truth === null && value === null) continue;
    const bounds = limits.at(ways);
    const digits = halfDigit(unit);
    const compared = { found: value, expected: truth, bounds, digits, grain: 0 };
    let verdict = verdictOn(path, compared, metrics);
    if (verdict === 'outside' && saysSoItself(path, unit, compared, metrics)) verdict = 'withinBounds';
    const held = bounds !== null && truth !== null && isWithin(bounds, truth, digits);
    values.push({ path, general, unit, truth, found: value, verdict, bounds, held });
  }
  return values;
}

/** Without bounds a value is exact up to the resolution; and `expired` says that no end was seen. */
function saysSoItself(path: string, unit: LeafUnit, compared: Compared, metrics: CallMetrics): boolean {
  if (path === 'status') return compared.found === 'expired';
  if (unit !== 's' && unit !== 'instant') return false;
  return (
    compared.bounds === null &&
    verdictOn(path, { ...compared, grain: metrics.evidence.resolution }, metrics) !== 'outside'
  );
}
