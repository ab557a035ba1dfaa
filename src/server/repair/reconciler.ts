/**
 * Asks LiveKit about rooms of which too little came, and puts its answers into the history like any event: so a room
 * whose room_finished was lost comes to its end, said to be inferred. Each room is asked about once in a while, few at a
 * time: LiveKit has other work to do.
 */
import type { Suspicion } from '../../call/suspicion.ts';
import type { CallEvaluator } from '../../evaluator.ts';
import type { LiveKitApi } from './liveKitApi.ts';

export interface Reconciliation {
  roomSid: string;
  why: Suspicion['why'];
  exists: boolean;
}

/** Rounds that failed, one after the other. */
export interface Failing {
  rounds: number;
  /** Epoch ms of the first. */
  since: number;
}

export interface ReconcilerOptions {
  api: LiveKitApi;
  /** Epoch ms by LiveKit's clock, or later: an answer must not seem older than what it answers. */
  liveKitNow?: () => number;
  /** Between rounds. Default 60 s. */
  everyMs?: number;
  /** Rooms asked about in one round. Default 20. */
  atOnce?: number;
  /** A room is not asked about again for so long. Default an hour. */
  againAfterMs?: number;
  /** Rooms whose first sign lies longer ago are left alone. Default 7 days. */
  reachMs?: number;
  onAnswer?: (answer: Reconciliation) => void;
  /** LiveKit could not be asked: it is tried again in the next round. */
  onFailure?: (error: unknown) => void;
}

const DAY = 86_400_000;

export class Reconciler {
  readonly #evaluator: CallEvaluator;
  readonly #options: Required<ReconcilerOptions>;
  /** When each room was asked about; rooms beyond reach are forgotten. */
  readonly #asked = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopping = false;
  #failing: Failing | null = null;

  constructor(evaluator: CallEvaluator, options: ReconcilerOptions) {
    this.#evaluator = evaluator;
    this.#options = {
      liveKitNow: Date.now,
      everyMs: 60_000,
      atOnce: 20,
      againAfterMs: 3_600_000,
      reachMs: 7 * DAY,
      onAnswer: () => {},
      onFailure: () => {},
      ...options,
    };
  }

  /** null: the last round went well. */
  get failing(): Failing | null {
    return this.#failing;
  }

  /** Begins a round now and then. */
  start(): void {
    const succeeded = () => {
      this.#failing = null;
    };
    const failed = (error: unknown) => {
      const { rounds, since } = this.#failing ?? { rounds: 0, since: Date.now() };
      this.#failing = { rounds: rounds + 1, since };
      this.#options.onFailure(error);
    };
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.reconcile()).then(succeeded, failed);
    }, this.#options.everyMs);
    this.#timer.unref();
  }

  /** Leaves the round at the next room; resolves when it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#round;
  }

  /** One round. */
  async reconcile(): Promise<void> {
    const { api, atOnce, againAfterMs, reachMs, liveKitNow, onAnswer } = this.#options;
    const now = liveKitNow();
    for (const [roomSid, at] of this.#asked) if (now - at > againAfterMs) this.#asked.delete(roomSid);
    const suspicious = await this.#evaluator.listSuspicions(new Date(now - reachMs));
    const due = suspicious.filter(({ roomSid }) => !this.#asked.has(roomSid)).slice(0, atOnce);
    if (due.length === 0 || this.#stopping) return;
    const names = due.flatMap(({ roomName }) => roomName ?? []);
    const open = await api.rooms(names.length === due.length ? [...new Set(names)] : []);
    for (const { roomSid, roomName, why } of due) {
      if (this.#stopping) return;
      const room = open.find(({ sid }) => sid === roomSid);
      const [participants, egresses] = await Promise.all([
        room ? api.participants(String(room.name)) : [],
        roomName === null ? [] : api.egresses(roomName),
      ]);
      // the history before the mark of having asked: what fails is asked again
      await this.#evaluator.processEvent({
        event: 'reconciled',
        id: `RC_${roomSid}_${liveKitNow()}`,
        createdAt: liveKitNow(),
        room: room ?? { sid: roomSid, ...(roomName !== null && { name: roomName }) },
        answer: {
          exists: room !== undefined,
          participants,
          egresses: egresses.filter(({ roomId }) => roomId === roomSid),
        },
      });
      this.#asked.set(roomSid, now);
      onAnswer({ roomSid, why, exists: room !== undefined });
    }
  }
}
