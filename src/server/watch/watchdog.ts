/** Looks now and then whether what comes in is what LiveKit should send, and keeps what is wrong until it is right again. */
import type { CallEvaluator } from '../../evaluator.ts';
import type { EvaluatorEvents } from '../../ingest.ts';
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import type { IngestCounters } from '../webhook/counts.ts';
import { RULES, type WarningCode, type Watched } from './rules.ts';

export interface Warning {
  code: WarningCode;
  /** Since when it is so, as far as was looked. Epoch ms. */
  since: number;
  detail: string;
}

export interface WatchdogOptions {
  /** Default 60 s. */
  everyMs?: number;
  now?: () => number;
  /** A warning came up (`ended` false), or what it was about is right again. */
  onChange?: (warning: Warning, ended: boolean) => void;
  onFailure?: (error: unknown) => void;
  /** How it stands with asking LiveKit about rooms. */
  asking?: () => Watched['asking'];
}

/** Rooms whose first sign lies longer ago are nobody's worry any more. */
const REACH = 86_400_000;
/** Instants from which the usual gap is taken. */
const RECENT = 1_000;

export class Watchdog {
  readonly #evaluator: CallEvaluator;
  readonly #options: Required<WatchdogOptions>;
  readonly #since: number;
  readonly #warnings = new Map<WarningCode, Warning>();
  readonly #types = new Map<string, { came: number; lost: number }>();
  #received = 0;
  #arrivals: number[] = [];
  /** How far each recent event's own instant lay ahead of its arrival, ms. */
  #leads: number[] = [];
  /** The counts as they were when the last authentic webhook had been taken. */
  #before: IngestCounters | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(evaluator: CallEvaluator, options: WatchdogOptions = {}) {
    this.#evaluator = evaluator;
    this.#options = {
      everyMs: 60_000,
      now: Date.now,
      onChange: () => {},
      onFailure: () => {},
      asking: () => null,
      ...options,
    };
    this.#since = this.#options.now();
    evaluator.on('received', this.#hear).on('callFinished', this.#learn);
  }

  start(): void {
    this.#timer = setInterval(() => this.look().catch(this.#options.onFailure), this.#options.everyMs);
    this.#timer.unref();
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#evaluator.off('received', this.#hear).off('callFinished', this.#learn);
  }

  /** What is wrong, as of the last look. */
  get warnings(): Warning[] {
    return [...this.#warnings.values()];
  }

  /** How far LiveKit's clock is ahead of ours at least, ms; as most of the recent events have it, for one may lie. */
  get ahead(): number {
    const leads = this.#leads.slice(-RECENT).sort((a, b) => a - b);
    return Math.max(0, leads[leads.length >> 1] ?? 0);
  }

  async look(): Promise<Warning[]> {
    const { now, onChange } = this.#options;
    const watched = await this.#watched(now());
    for (const [code, rule] of Object.entries(RULES) as [WarningCode, (typeof RULES)[WarningCode]][]) {
      const detail = rule(watched);
      const before = this.#warnings.get(code);
      if (detail !== null) this.#warnings.set(code, { code, since: before?.since ?? watched.now, detail });
      else this.#warnings.delete(code);
      if (detail !== null && !before) onChange(this.#warnings.get(code)!, false);
      if (detail === null && before) onChange(before, true);
    }
    return this.warnings;
  }

  async #watched(now: number): Promise<Watched> {
    const suspicions = await this.#evaluator.listSuspicions(new Date(now - REACH));
    const arrivals = this.#arrivals;
    return {
      now,
      since: this.#since,
      received: this.#received,
      recent: arrivals.length === 0 ? null : { first: arrivals[0]!, last: arrivals.at(-1)!, count: arrivals.length },
      openRooms: this.#evaluator.load().openRooms,
      overdue: suspicions.filter(({ why }) => why === 'overdue'),
      types: this.#types,
      ...this.#notTakenSince(),
      asking: this.#options.asking(),
      ahead: this.ahead,
    };
  }

  #notTakenSince(): Pick<Watched, 'refused' | 'unavailable'> {
    const counts = this.#evaluator.ingestCounters();
    if (takenIn(counts) > takenIn(this.#before)) this.#before = counts;
    const refused = counts.forgeries.map(({ check, key, count }) => {
      const before = this.#before?.forgeries.find((one) => one.check === check && one.key === key);
      return { check, key, count: count - (before?.count ?? 0) };
    });
    const unavailable = counts.unavailable.map(({ code, count }) => {
      const before = this.#before?.unavailable.find((one) => one.code === code);
      return { code, count: count - (before?.count ?? 0) };
    });
    const some = ({ count }: { count: number }) => count > 0;
    return { refused: refused.filter(some), unavailable: unavailable.filter(some) };
  }

  readonly #hear = ({ deliveries }: EvaluatorEvents['received'][0]): void => {
    for (const { status, at, receivedAt, storedAt } of deliveries) {
      this.#received++;
      this.#arrivals.push(storedAt);
      // a repeat tells of another time; `at` is whole seconds, and so never later than the truth
      if (status === 'stored' && at !== null) this.#leads.push(at - receivedAt);
    }
    if (this.#arrivals.length > 2 * RECENT) this.#arrivals = this.#arrivals.slice(-RECENT);
    if (this.#leads.length > 2 * RECENT) this.#leads = this.#leads.slice(-RECENT);
  };

  /** Of calls that are over it is known which events should have come. */
  readonly #learn = ({ revision, evidence, participants, tracks }: CallMetrics): void => {
    if (revision > 0) return;
    const losses = new Map<string, number>();
    for (const { missing } of evidence.gaps) losses.set(missing, (losses.get(missing) ?? 0) + 1);
    const expected = {
      room_started: 1,
      participant_joined: participants.sessions,
      participant_left: participants.sessions,
      track_published: tracks.total,
      track_unpublished: tracks.total,
    };
    for (const [type, count] of Object.entries(expected)) {
      const lost = losses.get(type) ?? 0;
      const known = this.#types.get(type) ?? { came: 0, lost: 0 };
      this.#types.set(type, { came: known.came + Math.max(0, count - lost), lost: known.lost + lost });
    }
  };
}

function takenIn(counts: IngestCounters | null): number {
  return counts === null ? 0 : counts.stored + counts.duplicates + counts.quarantined + counts.tests.count;
}
