import type { Clock } from './clock.ts';
import type { Letter } from './plan.ts';
import { type Answer, isDone, type Outcome, outcomeOf, pauseAfter, type Rules } from './rules.ts';
import { Slots } from './slots.ts';
import type { Fate, Outage } from './weather.ts';

/** Sends one request. It never rejects. */
export type Post = (body: string, token: string) => Promise<Answer>;

export interface CourierOptions {
  clock: Clock;
  post: Post;
  /** Called once for a webhook: a retry repeats the token. */
  sign: (body: string) => string;
  rules: Rules;
  /** How many requests may be under way at once. LiveKit has no such limit, and a machine that tries it must. */
  connections: number;
  outage: Outage | null;
  ledger: Ledger;
}

/** Is told of all that happens. */
export interface Ledger {
  answered(answer: Answer, tries: number): void;
  ended(letter: Letter, outcome: Outcome): void;
  /** By how many ms a request was later than it should have been, for want of connections or of a faster machine. */
  sentLate(ms: number): void;
}

interface Parcel {
  letter: Letter;
  fate: Fate;
  queuedAt: number;
}

const OUTAGE: Answer = { status: null, why: 'outage' };
const ANSWER_LOST: Answer = { status: null, why: 'answer lost' };

/** LiveKit's notifier: a queue per key, one request at a time from each, tried and dropped by its rules. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #slots: Slots;
  readonly #queues = new Map<string, Parcel[]>();
  #underWay = 0;
  #whenIdle: (() => void) | null = null;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#slots = new Slots(options.connections);
  }

  /** How many webhooks were handed over, and have come to no end yet. */
  get underWay(): number {
    return this.#underWay;
  }

  hand(letter: Letter, fate: Fate): void {
    this.#underWay++;
    if (fate.lost) this.#end(letter, 'lost');
    else if (fate.late > 0) this.#handLate(letter, fate);
    else this.#queue(letter.key, letter, fate);
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
      this.#checkIdle();
    });
  }

  /** It waits in no queue of its own room: as if another node told of it. */
  async #handLate(letter: Letter, fate: Fate): Promise<void> {
    await this.#options.clock.sleep(fate.late);
    this.#queue(`${letter.key} of another node`, letter, fate);
  }

  #queue(key: string, letter: Letter, fate: Fate): void {
    const parcel = { letter, fate, queuedAt: this.#options.clock.now() };
    const queue = this.#queues.get(key);
    if (queue === undefined) {
      const begun = [parcel];
      this.#queues.set(key, begun);
      this.#empty(key, begun);
    } else if (queue.length >= this.#options.rules.longestQueue) this.#end(letter, 'queueFull');
    else queue.push(parcel);
  }

  async #empty(key: string, queue: Parcel[]): Promise<void> {
    const { clock, rules } = this.#options;
    for (let parcel = queue.shift(); parcel !== undefined; parcel = queue.shift()) {
      const isOld = clock.now() - parcel.queuedAt > rules.longestWait;
      this.#end(parcel.letter, isOld ? 'tooOld' : await this.#deliver(parcel));
    }
    this.#queues.delete(key);
  }

  async #deliver({ letter: { body }, fate }: Parcel): Promise<Outcome> {
    const { clock, ledger, rules, sign } = this.#options;
    const token = sign(body);
    let arrived = false;
    for (let tries = 1; ; tries++) {
      let answer = await this.#ask(body, token, fate);
      const isFirst = !arrived;
      arrived ||= isDone(answer);
      if (isFirst && arrived && fate.answerLost) answer = ANSWER_LOST;
      ledger.answered(answer, tries);
      const pause = pauseAfter(answer, tries, rules);
      if (pause === null) return arrived ? 'delivered' : outcomeOf(answer);
      await clock.sleep(pause);
    }
  }

  async #ask(body: string, token: string, { delay }: Fate): Promise<Answer> {
    const { clock, ledger, outage, post } = this.#options;
    if (delay > 0) await clock.sleep(delay);
    const now = clock.now();
    if (outage !== null && outage.from <= now && now < outage.to) return OUTAGE;
    return this.#slots.within(() => {
      ledger.sentLate(clock.now() - now);
      return post(body, token);
    });
  }

  #end(letter: Letter, outcome: Outcome): void {
    this.#underWay--;
    this.#options.ledger.ended(letter, outcome);
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#underWay === 0) this.#whenIdle?.();
  }
}
