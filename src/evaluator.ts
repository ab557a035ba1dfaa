/**
 * CallEvaluator: webhooks in, on disk before the promise resolves; per call one set of metrics out. The way of an event:
 * intake (decode) -> queue -> append (one transaction for all that wait) -> the room's machine -> measure -> listeners.
 */
import { EventEmitter } from 'node:events';
import { assertSid, batches, type Instant, instant, listed, shown } from './arguments.ts';
import { phoneNumbersIn } from './call/phoneNumbers.ts';
import { resolve } from './call/resolve.ts';
import { type RoomState, stateAt } from './call/state.ts';
import { type Suspicion, suspicionOf } from './call/suspicion.ts';
import { type Timeline, timelineOf } from './call/timeline.ts';
import { type CallQuery, type Listed, selectionOf } from './callQuery.ts';
import { pageOf, walkCalls } from './callWalk.ts';
import { ChosenCalls } from './chosenCalls.ts';
import { type CompareQuery, comparePlan } from './compareQuery.ts';
import { CallEvaluatorError } from './errors.ts';
import type { Summaries } from './fleet/callSummary.ts';
import type { Comparison } from './fleet/compare/comparison.ts';
import { SideCalls } from './fleet/compare/side.ts';
import { compare } from './fleet/compare.ts';
import type { Series } from './fleet/series.ts';
import { Summarizer } from './fleet/summary.ts';
import type { TrustReport } from './fleet/trust.ts';
import type { WhatIf } from './fleet/whatIf.ts';
import { type EvaluatorEvents, emitter, Ingest, LARGEST_BATCH, type Receipt } from './ingest.ts';
import { fromLiveKit, type Incoming, intake } from './intake.ts';
import type { LiveRoom } from './live.ts';
import {
  type Abortable,
  type LookOptions,
  lookedAtFrom,
  type QuarantinePage,
  quarantinePage,
  signalIn,
} from './methodOptions.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import { type ConversationLog, conversationLog } from './metrics/conversationLog.ts';
import { type Explanation, explain } from './metrics/explain.ts';
import type { Measuring } from './metrics/measure.ts';
import { Scene } from './metrics/scene.ts';
import { type CallEvaluatorOptions, parseOptions } from './options.ts';
import { Rooms } from './rooms.ts';
import { type SeriesPlan, type SeriesQuery, seriesPlan } from './seriesQuery.ts';
import { runSeries } from './seriesRun.ts';
import { type IngestCounters, IngestCounts } from './server/webhook/counts.ts';
import { type FetchWebhook, fetchWebhook } from './server/webhook/fetch.ts';
import { type NodeWebhook, nodeWebhook } from './server/webhook/node.ts';
import type { WebhookOptions } from './server/webhook/options.ts';
import { type Door, receiver } from './server/webhook/receive.ts';
import { openStore } from './store/open.ts';
import type { Quarantined, Store, StoredEvent } from './store/store.ts';
import { type SummaryQuery, summarySelectionOf } from './summaryQuery.ts';
import type { Upload } from './telemetry/upload.ts';
import { type TrustOptions, type TrustQuestion, trustQuestion } from './trustOptions.ts';
import { runTrust, type TrustProgress } from './trustRun.ts';
import { eventsOf, reportIn, wordless } from './uploads.ts';
import { type WhatIfQuestion, whatIfPlan } from './whatIfOptions.ts';
import { runWhatIf, type WhatIfProgress } from './whatIfRun.ts';

export interface CallSummaryRow {
  roomSid: string;
  roomName: string | null;
  status: CallMetrics['status'];
  startedAt: string;
  endedAt: string | null;
  /** seconds */
  duration: number;
  /** epoch ms of its first sign, by which calls are listed */
  firstAt: number;
  metrics: CallMetrics;
}

export interface CallPage {
  calls: CallSummaryRow[];
  /** Where the next page begins: `after` of the same query; null: this was the last. */
  next: string | null;
}

/** How many calls were measured, and how many of them are over: their results are kept. */
export interface Rebuilt {
  calls: number;
  finished: number;
}

/** Calls whose results wait in memory for their transaction. */
const REBUILT_AT_ONCE = 200;

const EMITTED: readonly (keyof EvaluatorEvents)[] = ['received', 'callFinished', 'callChanged', 'quarantined'];

export class CallEvaluator {
  readonly #store: Store;
  readonly #measuring: Measuring;
  readonly #clock: () => number;
  readonly #rooms: Rooms;
  readonly #emitter = new EventEmitter<EvaluatorEvents>();
  readonly #ingest: Ingest;
  readonly #calls: ChosenCalls;
  readonly #door: Door;
  readonly #keepWords: boolean;
  readonly #options: CallEvaluatorOptions;
  #closed = false;

  /**
   * @param options `database`: an SQLite file, made where there is none; ':memory:' when nothing is given.
   * @throws CallEvaluatorError `bad_option`, or a `store_…` code where the database cannot be opened.
   */
  constructor(options: CallEvaluatorOptions = {}) {
    const { database, liveRooms, largestRoom, conversationText, clock, measuring } = parseOptions(options);
    this.#keepWords = conversationText;
    this.#options = { ...options };
    this.#measuring = measuring;
    this.#clock = clock;
    this.#store = openStore(database);
    this.#rooms = new Rooms(this.#store, measuring, { liveRooms, largestRoom });
    this.#ingest = new Ingest(this.#store, this.#rooms, clock, emitter(this.#emitter));
    this.#calls = new ChosenCalls({
      store: this.#store,
      rooms: this.#rooms,
      configHash: measuring.configHash,
      clock,
      room: (roomSid) => this.#room(roomSid),
      metricsOf: (roomSid) => this.getMetrics(roomSid),
    });
    this.#door = {
      take: async (body) => {
        this.#assertOpen();
        return this.#ingest.add(fromLiveKit(intake(body, this.#clock())));
      },
      waiting: () => this.#ingest.waiting,
      now: clock,
      counts: new IngestCounts(),
    };
  }

  /**
   * Takes in one webhook: parsed, as JSON text, or as bytes. Resolves when it is on disk; concurrent calls share a
   * transaction. Whatever the content, it is kept: what cannot be understood is quarantined.
   * @throws CallEvaluatorError with a `store_…` code: it is not stored, hand it in again.
   */
  async processEvent(event: Incoming): Promise<Receipt> {
    this.#assertOpen();
    return this.#ingest.add(wordless(intake(event, this.#clock()), this.#keepWords));
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
    for await (const batch of batches(list, LARGEST_BATCH)) receipts.push(...(await this.processEvents(batch)));
    return receipts;
  }

  /**
   * Takes in what an agent uploaded: its session report, or what LiveKit's agents send to LIVEKIT_OBSERVABILITY_URL. The
   * words of the conversation are taken out before it is stored, unless `conversationText` is set. Resolves when it is on
   * disk, with a receipt for each session in it.
   */
  async processTelemetry(upload: Upload): Promise<Receipt[]> {
    this.#assertOpen();
    return this.processEvents(eventsOf(upload, this.#clock(), this.#keepWords));
  }

  /** The session report of an agent: Python's `to_dict()`, or Node's `sessionReportToJSON`, parsed or as JSON text. */
  async processReport(report: object | string): Promise<Receipt> {
    const [receipt] = await this.processTelemetry({ path: 'report', payload: reportIn(report) });
    return receipt!;
  }

  /**
   * The metrics of a call, any time: while it is on, they are those of this instant.
   * @param options `now`: until when it is measured while it is on; later events count all the same. The clock's by default.
   * @returns null when nothing is known of the room.
   */
  async getMetrics(roomSid: string, options: LookOptions = {}): Promise<CallMetrics | null> {
    this.#assertOpen();
    assertSid(roomSid);
    const now = lookedAtFrom(options) ?? this.#clock();
    const measured = await this.#rooms.measured(roomSid);
    if (measured !== null) return measured;
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
   * The call as lanes of spans, as a drawing of it needs them, each end observed or inferred.
   * @returns null when nothing is known of the room.
   */
  async getTimeline(roomSid: string): Promise<Timeline | null> {
    this.#assertOpen();
    assertSid(roomSid);
    const room = await this.#room(roomSid);
    return room && timelineOf(resolve(room.call, this.#clock(), this.#measuring), this.#measuring.phoneNumbers);
  }

  /**
   * What agents told of the call: turns with their times and latencies, tool calls, handoffs; with the words, where the
   * option `conversationText` kept them.
   * @returns null when nothing is known of the room, or no agent told anything of it.
   */
  async getConversation(roomSid: string): Promise<ConversationLog | null> {
    this.#assertOpen();
    assertSid(roomSid);
    const room = await this.#room(roomSid);
    return room && conversationLog(new Scene(resolve(room.call, this.#clock(), this.#measuring), this.#measuring));
  }

  /**
   * Why a value of CallMetrics is what it is: formula, the events that decided it, what was missing: of these the first
   * hundred, and how many there are.
   * @param path of a metric, a part of one, a group, or one of your own: `callDuration`,
   *   `participants.list[identity=ana].presentSeconds`, `agent`, `custom.csat`; null where this call has none of it
   * @returns null when nothing is known of the room.
   * @throws CallEvaluatorError `unknown_path`
   */
  async explain(roomSid: string, path: string, options: LookOptions = {}): Promise<Explanation | null> {
    this.#assertOpen();
    const now = lookedAtFrom(options) ?? this.#clock();
    const metrics = await this.getMetrics(roomSid, { now });
    const room = metrics && (await this.#room(roomSid));
    return room && explain(room.call, metrics!, path, now, this.#measuring);
  }

  /** The stored events of a room in order of arrival, bodies as they came (secrets masked). Empty when it is unknown. */
  async getEvents(roomSid: string): Promise<StoredEvent[]> {
    this.#assertOpen();
    assertSid(roomSid);
    return (await this.#store.readRoom(roomSid))?.events ?? [];
  }

  /**
   * Calls, page by page, with their metrics of now. The pages of one query neither repeat nor miss a call that was there
   * from the first to the last of them.
   * @throws CallEvaluatorError `bad_option` that names the part of the query
   */
  async listCalls(query: CallQuery = {}): Promise<CallPage> {
    this.#assertOpen();
    const selection = selectionOf(query);
    const { page, next } = await pageOf(this.#calls.walk(selection), selection);
    const calls: CallSummaryRow[] = [];
    for (const { roomSid, firstAt } of page) {
      const metrics = (await this.getMetrics(roomSid))!;
      const { roomName, status, startedAt, endedAt, duration } = metrics;
      calls.push({ roomSid, roomName, status, startedAt, endedAt, duration, firstAt, metrics });
    }
    return { calls, next };
  }

  /**
   * Rooms of which too little came, with what is odd about them: LiveKit's own API can be asked about them.
   * @param since only calls whose first sign lies at this instant or later
   */
  async listSuspicions(since?: Instant): Promise<Suspicion[]> {
    this.#assertOpen();
    const found: Suspicion[] = [];
    for await (const { roomSid } of walkCalls(this.#store, { ...selectionOf({ since }), toMeasure: true })) {
      const room = await this.#room(roomSid);
      const suspicion = room && suspicionOf(resolve(room.call, this.#clock(), this.#measuring));
      if (suspicion) found.push(suspicion);
    }
    return found;
  }

  /**
   * Many calls as one set of figures, or one per group: by hour, day, week or month, agent, room name, end reason, status, kind,
   * tag, or a key of the room's metadata. Each figure has limits, and the calls it rests on. A call belongs to the period in
   * which it started.
   * @param options `signal`: once it is aborted, reading ends, and the promise rejects with its reason
   * @throws CallEvaluatorError `bad_option` that names the part of the query
   */
  async summarize(query: SummaryQuery = {}, options: Abortable = {}): Promise<Summaries> {
    this.#assertOpen();
    const selection = summarySelectionOf(query);
    const summarizer = new Summarizer(selection.options, selection.figures);
    await this.#calls.addTo(summarizer, selection, signalIn(options));
    return summarizer.result();
  }

  /**
   * Two choices of calls side by side, such as two periods, agents or versions of one: by how much figures differ, within which
   * limits, and whether that is more than noise; and whether a budget is kept.
   * @param options `signal`: once it is aborted, reading ends, and the promise rejects with its reason
   * @throws CallEvaluatorError `bad_option` that names the part of the query
   */
  async compare(query: CompareQuery = {}, options: Abortable = {}): Promise<Comparison> {
    this.#assertOpen();
    const plan = comparePlan(query);
    const signal = signalIn(options);
    const gathered = async ({ selection, asked }: typeof plan.baseline) => {
      const calls = new SideCalls(selection.options, asked);
      await this.#calls.addTo(calls, selection, signal);
      return calls;
    };
    return compare(await gathered(plan.baseline), await gathered(plan.candidate), plan.options);
  }

  /**
   * Calls by other options, beside what they are: the figures of either, and which values of which calls are others. Where only
   * options of summaries are, calls are summed up as they are kept; else each is measured again, in memory. Nothing is written.
   * @param onProgress called every few milliseconds of work
   * @param options `signal`: once it is aborted, reading ends, and the promise rejects with its reason
   * @throws CallEvaluatorError `bad_option` that names the option, and where it is misspelt the nearest right one
   */
  async whatIf(
    question: WhatIfQuestion = {},
    onProgress?: (done: WhatIfProgress) => void,
    options: Abortable = {},
  ): Promise<WhatIf> {
    this.#assertOpen();
    const signal = signalIn(options);
    const plan = whatIfPlan(question, this.#options, this.#measuring);
    const material = {
      calls: walkCalls(this.#store, plan.selection, { withFigures: true, signal }),
      read: (roomSid: string) => this.#store.readRoom(roomSid),
      rooms: this.#rooms,
      measuring: this.#measuring,
      now: this.#clock(),
      signal,
    };
    return runWhatIf(material, plan, onProgress);
  }

  /**
   * Calls as a series: of one room, of rooms of like names, or of one who keeps coming. Whether attendance grows, who returns, and
   * after how many calls somebody came again within so many hours. Telephones are known by their numbers, which are not shown for it.
   * @param options `signal`: once it is aborted, reading ends, and the promise rejects with its reason
   * @throws CallEvaluatorError `bad_option` that names the part of the query
   */
  async getSeries(query: SeriesQuery = {}, options: Abortable = {}): Promise<Series> {
    this.#assertOpen();
    const signal = signalIn(options);
    const plan = seriesPlan(query);
    const now = this.#clock();
    const material = {
      roomSids: this.#sidsOf(plan, signal),
      metricsOf: (roomSid: string) => this.getMetrics(roomSid, { now }),
      numbersOf: async (roomSid: string) => phoneNumbersIn((await this.#room(roomSid))!.call),
      phoneNumbers: this.#measuring.phoneNumbers,
      now,
      signal,
    };
    return runSeries(material, plan);
  }

  async *#sidsOf({ roomName, selection, mayBe }: SeriesPlan, signal: AbortSignal | undefined): AsyncGenerator<string> {
    if (roomName !== null) yield* await this.#store.roomsNamed(roomName);
    else for await (const { roomSid } of this.#calls.matching(selection, { signal, mayBe })) yield roomSid;
  }

  /**
   * How wrong the metrics would be, had webhooks been lost: finished calls of which nothing is missing are measured again
   * without some of theirs, and compared with what they are. Nothing is stored of it.
   * @param onProgress called every few milliseconds of work
   * @throws CallEvaluatorError `bad_option`
   */
  async trust(options: TrustOptions = {}, onProgress?: (done: TrustProgress) => void): Promise<TrustReport> {
    this.#assertOpen();
    const question = trustQuestion(options);
    const calls = this.#askedOf(question);
    const read = (roomSid: string) => this.#store.readRoom(roomSid);
    return runTrust({ calls, read, measuring: this.#measuring }, question, onProgress);
  }

  async *#askedOf({ roomSid, ...choice }: TrustQuestion): AsyncGenerator<Pick<Listed, 'roomSid' | 'facets'>> {
    const { since, until, room, agent } = choice;
    if (roomSid === undefined) yield* this.#calls.matching(selectionOf({ since, until, room, agent }));
    else {
      const facets = await this.#calls.facetsNow(roomSid);
      if (facets) yield { roomSid, facets };
    }
  }

  /** The sids of the calls that were in a room of that name, the earliest first. */
  async roomsNamed(roomName: string): Promise<string[]> {
    this.#assertOpen();
    return this.#store.roomsNamed(roomName);
  }

  /** Payloads that could not be understood, raw, oldest first; or the newest first. */
  async listQuarantined(options: QuarantinePage = {}): Promise<Quarantined[]> {
    this.#assertOpen();
    const { afterSeq, limit, newestFirst } = quarantinePage(options);
    return this.#store.listQuarantined(afterSeq, limit, newestFirst);
  }

  /**
   * Tries all quarantined payloads again, as after an upgrade; those that are understood now become events.
   * @param onProgress called after every hundred, with how many were tried so far
   */
  async retryQuarantined(
    onProgress?: (done: { understood: number; still: number }) => void,
  ): Promise<{ understood: number; still: number }> {
    let understood = 0;
    let still = 0;
    for (
      let page = await this.listQuarantined();
      page.length > 0;
      page = await this.listQuarantined({ afterSeq: page.at(-1)!.seq })
    ) {
      const again = page.map(({ body, receivedAt, ...row }) => ({
        ...row,
        taken: wordless(intake(body, receivedAt), this.#keepWords),
      }));
      const tried = again.filter(({ taken }) => taken.understood);
      const receipts = await Promise.all(tried.map(({ taken, sha256 }) => this.#ingest.add(taken, sha256)));
      const released = tried.filter((_, i) => receipts[i]!.status !== 'quarantined');
      // only now that the events are on disk: a crash in between repeats them
      await this.#store.releaseQuarantined(released.map(({ seq }) => seq));
      for (const { reason } of released) if (reason.roomSid !== null) this.#rooms.drop(reason.roomSid);
      understood += released.length;
      still += page.length - released.length;
      onProgress?.({ understood, still });
    }
    return { understood, still };
  }

  /**
   * Measures all calls anew from their events: what is kept of them besides the history is made again, the same to the byte
   * where nothing has changed.
   * @param onProgress called after every few hundred calls
   */
  async rebuild(onProgress?: (done: Rebuilt) => void): Promise<Rebuilt> {
    const done = { calls: 0, finished: 0 };
    for await (const { roomSid } of walkCalls(this.#store, selectionOf({}))) {
      const room = await this.#room(roomSid);
      if (room === null) continue;
      const { status } = await this.#rooms.measure(room, this.#clock());
      done.calls++;
      if (status === 'finished') done.finished++;
      if (done.calls % REBUILT_AT_ONCE > 0) continue;
      this.#ingest.wake();
      await this.#ingest.idle();
      onProgress?.({ ...done });
    }
    this.#ingest.wake();
    await this.#ingest.idle();
    return done;
  }

  /**
   * LiveKit's webhook as a route: verifies, stores, answers. For node:http, Express 5, Next.js pages; and for Fastify 5 in a
   * scope of its own that parses nothing.
   * @throws CallEvaluatorError `bad_option`, also where no API key is configured
   */
  webhook(options: WebhookOptions = {}): NodeWebhook {
    return nodeWebhook(receiver(this.#door, options));
  }

  /** The same for Request -> Response: Hono, route handlers of Next.js, Bun, Deno. */
  fetchHandler(options: WebhookOptions = {}): FetchWebhook {
    return fetchWebhook(receiver(this.#door, options));
  }

  /** What became of the webhooks that came in by those routes since this evaluator was made. */
  ingestCounters(): IngestCounters {
    return this.#door.counts.snapshot();
  }

  /** How much it has to do now: events that wait for the disk, rooms in memory that have not finished. */
  load(): { queued: number; openRooms: number } {
    return { queued: this.#ingest.waiting, openRooms: this.#rooms.open };
  }

  /** Proves that events can be stored now. @throws CallEvaluatorError with a `store_…` code: they cannot. */
  async assertWritable(): Promise<void> {
    this.#assertOpen();
    await this.#store.assertWritable();
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
    const room = await this.#rooms.get(roomSid);
    return room?.call.room.firstSign ? room : null; // an agent's word alone makes no call
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): CallEvaluatorError {
  return new CallEvaluatorError('closed', 'This CallEvaluator has been closed: make a new one.');
}
