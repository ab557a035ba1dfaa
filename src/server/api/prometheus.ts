/** The same numbers for Prometheus, in a registry of their own. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallEvaluator } from '../../evaluator.ts';
import type { EvaluatorEvents } from '../../ingest.ts';
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import type { UploadCounts } from '../agents/counts.ts';
import { RULES } from '../watch/rules.ts';
import type { Watchdog } from '../watch/watchdog.ts';
import { type IngestTally, lagOf } from './ingestTally.ts';
import type { LiveStreams } from './liveStreams.ts';
import type { RequestLine } from './requestLine.ts';
import type { WebhookCounts } from './webhookCounts.ts';

const PREFIX = 'call_evaluator_';
const LAG_BUCKETS = [0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 300];
const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const COMPLETENESS_BUCKETS = [0.5, 0.75, 0.9, 0.95, 0.99, 1];

export class Prometheus {
  readonly #registry = new Registry();
  readonly #lag: Histogram;
  readonly #requests: Histogram<'route' | 'status'>;
  readonly #completeness: Histogram;
  readonly #evaluator: CallEvaluator;

  constructor(
    evaluator: CallEvaluator,
    tally: IngestTally,
    live: LiveStreams,
    watchdog: Watchdog,
    uploads: UploadCounts,
  ) {
    const registers = [this.#registry];
    this.#evaluator = evaluator;
    this.#lag = new Histogram({
      name: `${PREFIX}event_lag_seconds`,
      help: 'From the instant that an event tells, in whole seconds, until it was on disk.',
      buckets: LAG_BUCKETS,
      registers,
    });
    this.#requests = new Histogram({
      name: `${PREFIX}api_request_duration_seconds`,
      help: 'Until the API answered, by route and status. A live stream is answered when it begins.',
      labelNames: ['route', 'status'],
      buckets: REQUEST_BUCKETS,
      registers,
    });
    this.#completeness = new Histogram({
      name: `${PREFIX}call_completeness`,
      help: 'Of calls when they became final: observed boundaries / expected boundaries.',
      buckets: COMPLETENESS_BUCKETS,
      registers,
    });
    this.#counter('events_total', 'Webhooks by type and what became of them.', ['type', 'status'], (set) => {
      for (const [type, { stored, duplicates }] of tally.byType) {
        set({ type, status: 'stored' }, stored);
        set({ type, status: 'duplicate' }, duplicates);
      }
      set({ type: 'unknown', status: 'quarantined' }, tally.quarantined);
    });
    this.#counter(
      'events_out_of_order_total',
      'Events that tell of an earlier instant than one of their room that came before.',
      [],
      (set) => set({}, tally.outOfOrder),
    );
    this.#gauge('queue_length', 'Events that wait for the disk.', () => evaluator.load().queued);
    this.#gauge('open_rooms', 'Rooms in memory that have not finished.', () => evaluator.load().openRooms);
    this.#gauge('live_streams', 'Open live streams.', () => live.size);
    this.#gauge(
      'last_event_timestamp_seconds',
      'When the last webhook was stored; 0: none since the start.',
      () => (tally.lastAt ?? 0) / 1000,
    );
    new Gauge({
      name: `${PREFIX}warning`,
      help: '1 while something does not look as it should; /v1/ingest says what to do.',
      labelNames: ['code'],
      registers,
      collect() {
        for (const code of Object.keys(RULES)) this.set({ code }, 0);
        for (const { code } of watchdog.warnings) this.set({ code }, 1);
      },
    });
    this.#countWebhooks(() => evaluator.ingestCounters());
    this.#counter('uploads_total', 'POSTs of agents by kind and outcome.', ['kind', 'outcome'], (set) => {
      for (const { kind, outcome, count } of uploads.all) set({ kind, outcome }, count);
    });
    // of the conventional names: what dashboards of any process look for
    const started = Date.now() / 1000 - process.uptime();
    const gauge = { registers, labelNames: [] };
    new Gauge({ ...gauge, name: 'process_start_time_seconds', help: 'Start of the process.' }).set(started);
    new Gauge({
      ...gauge,
      name: 'process_resident_memory_bytes',
      help: 'Resident memory.',
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    evaluator.on('received', this.#received).on('callFinished', this.#finished);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  answered({ route, status, ms }: RequestLine): void {
    this.#requests.observe({ route, status: String(status) }, ms / 1000);
  }

  close(): void {
    this.#evaluator.off('received', this.#received).off('callFinished', this.#finished);
  }

  readonly #received = ({ deliveries }: EvaluatorEvents['received'][0]): void => {
    for (const delivery of deliveries) {
      const lag = lagOf(delivery);
      if (lag !== null) this.#lag.observe(lag);
    }
  };

  readonly #finished = ({ revision, evidence }: CallMetrics): void => {
    if (revision === 0) this.#completeness.observe(evidence.completeness);
  };

  #countWebhooks(webhooks: () => WebhookCounts): void {
    const NAMES = {
      stored: 'stored',
      duplicates: 'duplicate',
      quarantined: 'quarantined',
      tooLarge: 'too_large',
    } as const;
    this.#counter('webhook_requests_total', 'POSTs to the webhook route by outcome.', ['outcome'], (set) => {
      const counts = webhooks();
      for (const [counted, outcome] of Object.entries(NAMES)) set({ outcome }, counts[counted as keyof typeof NAMES]);
      for (const { code, count } of counts.unavailable) set({ outcome: code }, count);
      set(
        { outcome: 'forged' },
        counts.forgeries.reduce((sum, { count }) => sum + count, 0),
      );
      set({ outcome: 'test' }, counts.tests.count);
    });
    this.#counter(
      'webhook_forgeries_total',
      'Refused POSTs by failed check and named key.',
      ['check', 'key'],
      (set) => {
        for (const { check, key, count } of webhooks().forgeries) set({ check, key }, count);
      },
    );
    this.#counter('webhook_authentic_total', 'Authentic POSTs by the key that signed them.', ['key'], (set) => {
      for (const { key, count } of webhooks().keys) set({ key }, count);
    });
  }

  /** Of numbers that are counted elsewhere already. */
  #counter<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    read: (set: (labels: Partial<Record<Label, string>>, count: number) => void) => void,
  ): void {
    new Counter({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        read((labels, count) => this.inc(labels, count));
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
