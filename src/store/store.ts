import type { Misunderstood } from '../webhook/event.ts';

/** An authentic event on its way to disk. */
export interface NewEvent {
  /** `RM_…`, or '' where the payload names no sid: then `roomName` tells whom it may belong to. */
  roomSid: string;
  roomName: string | null;
  /** Digest of what happened (WebhookEvent.fact); unique within a room. */
  fact: string;
  id: string | null;
  type: string;
  /** whole epoch ms, by the server's clock */
  at: number;
  /** whole epoch ms, by ours */
  receivedAt: number;
  /** SHA-256 of the bytes as they came, before secrets were masked. */
  sha256: Uint8Array;
  /** The JSON text as it came, secrets masked. */
  body: string;
  /** A guess, for speed alone: that this fact is stored already. */
  seemsKnown?: boolean;
  /** Its instant is by another clock: it is no sign of when the room began. */
  byOtherClock?: boolean;
}

export interface StoredEvent {
  /** Order of arrival. */
  seq: number;
  fact: string;
  /** The smallest of the ids under which the fact was delivered. */
  id: string | null;
  type: string;
  at: number;
  receivedAt: number;
  body: string;
}

export interface RoomHistory {
  roomSid: string;
  /** In order of arrival; includes events that name the room only by name, where the room of that name open at the time is this one. */
  events: StoredEvent[];
  /** Deliveries of facts that were stored already. */
  duplicates: number;
  /** Payloads that named this room and could not be understood. */
  quarantined: number;
}

export interface NewQuarantined {
  receivedAt: number;
  reason: Misunderstood;
  sha256: Uint8Array;
  /** As it came, secrets masked; bytes where it is no text. */
  body: string | Uint8Array;
}

export interface Quarantined extends NewQuarantined {
  seq: number;
  /** How often the same bytes came. */
  times: number;
}

/** What is kept of a call that has been measured: a projection, always droppable. */
export interface CallRow {
  roomSid: string;
  revision: number;
  configHash: string;
  /** All that it was measured from, as readRoom gives it: events, duplicates and quarantined. Where another number is stored, it is stale. */
  arrivals: number;
  /** JSON: what lists of calls are filtered and sorted by. */
  facets: string;
  /** Text: what summaries of many calls are made of. */
  figures: string;
  /** CallMetrics as JSON */
  metrics: string;
}

/** As it is read back: its figures are read with lists. */
export type MeasuredCall = Omit<CallRow, 'figures'>;

/** A place in the order of first signs. */
export interface Place {
  /** epoch ms of the room's first sign */
  firstAt: number;
  roomSid: string;
}

export interface CallListing extends Place {
  roomName: string | null;
  /** null where nothing was measured yet or an event came since */
  measured: (Pick<CallRow, 'configHash' | 'facets'> & { figures?: string | null }) | null;
}

/** Which calls: by first sign, then sid. Instants in epoch ms. */
export interface CallsPage {
  /** First signs from here on. */
  from?: number;
  /** First signs before this. */
  until?: number;
  newestFirst?: boolean;
  /** Each with its figures; null where it was measured before there were any. */
  withFigures?: boolean;
  /** Only calls that have to be measured: those that are on, and those that changed since. */
  toMeasure?: boolean;
  /** The last of the page before. */
  after?: Place | null;
  limit: number;
}

export interface Appended {
  /** For each event of the batch: whether its fact is new. */
  fresh: boolean[];
  /** For each event: whether it repeats a fact under a smaller id, which is the fact's from now on. */
  renamed: boolean[];
  /** For each quarantined payload: whether its bytes came for the first time. */
  freshQuarantined: boolean[];
  /** Rooms of which nothing was stored before: the batch holds all there is. */
  begun: ReadonlySet<string>;
}

/**
 * The history and its one projection. All methods resolve only when what they wrote is on disk; all throw
 * CallEvaluatorError with a `store_…` code. A driver is a function from options to this object.
 */
export interface Store {
  /**
   * Appends in one transaction, all or nothing. A known fact is not stored again, only its repeat is counted. A measured call that receives anything is marked stale in the same transaction.
   */
  append(
    events: readonly NewEvent[],
    quarantined: readonly NewQuarantined[],
    calls: readonly CallRow[],
  ): Promise<Appended>;
  /** null when the room was never heard of; without events when only the quarantine names it. */
  readRoom(roomSid: string): Promise<RoomHistory | null>;
  /** sids of the rooms of that name: one of them owns an event that names only the name. */
  roomsNamed(roomName: string): Promise<string[]>;
  /** The measured call, unless stale. */
  readCall(roomSid: string): Promise<MeasuredCall | null>;
  /** The last revision that was measured, stale or not; null when none was. */
  lastMeasured(roomSid: string): Promise<MeasuredCall | null>;
  listCalls(page: CallsPage): Promise<CallListing[]>;
  /** The hours (first sign / 3,600,000, cut to a whole number) in which calls of the period began, in order. */
  hoursWithCalls(period: Pick<CallsPage, 'from' | 'until'>): Promise<number[]>;
  /** The figures of all measured calls of an hour on one page; null where something changed since it was written, or none was. */
  readPage(hour: number, configHash: string): Promise<string | null>;
  /**
   * Writes the page of an hour, unless some of its measured calls were measured otherwise. In one transaction.
   * @param make the page of these figures; null: they are none that it knows
   */
  writePage(hour: number, configHash: string, make: (figures: readonly string[]) => string | null): Promise<void>;
  /** Oldest first; or the last `limit`, newest first. */
  listQuarantined(afterSeq: number, limit: number, newestFirst?: boolean): Promise<Quarantined[]>;
  /** Removes quarantined payloads that have been understood since. */
  releaseQuarantined(seqs: readonly number[]): Promise<void>;
  counts(): Promise<{ events: number; rooms: number; duplicates: number; quarantined: number; unassigned: number }>;
  /** True when another process has written since the last look: what is kept in memory may be out of date. */
  changedElsewhere(): boolean;
  /** Writes something that changes nothing. */
  assertWritable(): Promise<void>;
  close(): Promise<void>;
}
