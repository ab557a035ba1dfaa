/** When what waits is sent: every few seconds, ever more seldom while the server is away, and at the session's end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outbox } from './outbox.ts';
import type { Post } from './post.ts';
import type { Spool } from './spool.ts';

export interface SenderOptions {
  outbox: Outbox;
  post: Post;
  spool: Spool;
  everyMs: number;
  flushWithinMs: number;
  warn: (message: string) => void;
}

/** A server that was away gets its calls back from all agents at once: each takes its time. */
const LONGEST_PAUSE_MS = 60_000;
const PAUSE_AT_THE_END_MS = 500;
const SPOOLED_AT_ONCE = 20;

export class Sender {
  readonly #options: SenderOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #stop = new AbortController();
  #finishing: Promise<void> | null = null;
  /** One after another. */
  #failures = 0;
  /** What is wrong was told, and lasts. */
  #isTroubled = false;
  #droppedTold = 0;
  #spoolIsEmpty = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** To be called when something new waits. */
  wake(): void {
    if (this.#timer !== undefined || this.#round !== null || this.#finishing !== null) return;
    this.#timer = setTimeout(() => this.#begin(), this.#pauseMs());
    this.#timer.unref(); // an agent that has nothing else to do may end
  }

  /** Sends what waits, or puts it on disk, within the time there is. Never rejects. */
  finish(): Promise<void> {
    this.#finishing ??= this.#finish().finally(() => {
      this.#finishing = null;
      if (!this.#options.outbox.isEmpty) this.wake(); // a session may go on after it was closed
    });
    return this.#finishing;
  }

  #begin(): void {
    this.#timer = undefined;
    this.#stop = new AbortController();
    this.#round = this.#sendAll(this.#stop.signal).finally(() => {
      this.#round = null;
      if (!this.#options.outbox.isEmpty || !this.#spoolIsEmpty) this.wake();
    });
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    if ((await this.#send(signal)) && !this.#spoolIsEmpty) await this.#sendSpooled(signal);
  }

  async #finish(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop.abort(); // what is under way is put back, and sent anew
    await this.#round;
    const { outbox, flushWithinMs } = this.#options;
    const deadline = new AbortController();
    // Not unref'd: the process has to last until the rest is on disk.
    const timer = setTimeout(() => deadline.abort(), flushWithinMs);
    while (!(await this.#send(deadline.signal)) && !deadline.signal.aborted)
      await sleep(PAUSE_AT_THE_END_MS, undefined, { signal: deadline.signal }).catch(() => {});
    clearTimeout(timer);
    if (!outbox.isEmpty) await this.#keep();
  }

  /** @returns false: the server is away */
  async #send(signal: AbortSignal): Promise<boolean> {
    const { outbox, warn } = this.#options;
    for (let batch = outbox.take(); batch !== null; batch = outbox.take()) {
      const answer = await this.#post(outbox.report(batch), signal);
      if (answer === 'later') {
        outbox.putBack(batch);
        return false;
      }
    }
    if (outbox.dropped > this.#droppedTold) {
      warn(`${outbox.dropped} items of the chat history were lost: the server was away for too long.`);
      this.#droppedTold = outbox.dropped;
    }
    return true;
  }

  async #sendSpooled(signal: AbortSignal): Promise<void> {
    const { spool } = this.#options;
    try {
      const names = await spool.some(SPOOLED_AT_ONCE);
      this.#spoolIsEmpty = names.length < SPOOLED_AT_ONCE;
      for (const name of names) {
        const report = await spool.read(name);
        if (report !== null && (await this.#post(report, signal)) === 'later') {
          this.#spoolIsEmpty = false;
          return;
        }
        await spool.remove(name);
      }
    } catch {
      this.#spoolIsEmpty = true; // it cannot be read; whoever kept it there was told
    }
  }

  async #post(report: string, signal: AbortSignal): Promise<'done' | 'later'> {
    const { post, warn } = this.#options;
    const answer = await post(report, signal);
    if (signal.aborted) return answer.kind === 'taken' ? 'done' : 'later';
    const isNews = !this.#isTroubled;
    this.#isTroubled = answer.kind !== 'taken';
    this.#failures = answer.kind === 'later' ? this.#failures + 1 : 0;
    if (isNews && answer.kind === 'later') warn(`Reports wait, and are sent again. ${answer.why}`);
    if (isNews && answer.kind === 'refused') warn(`Reports are lost. ${answer.why}`);
    return answer.kind === 'later' ? 'later' : 'done';
  }

  async #keep(): Promise<void> {
    const { outbox, spool, warn } = this.#options;
    try {
      for (let batch = outbox.take(); batch !== null; batch = outbox.take()) await spool.keep(outbox.report(batch));
      warn('The rest of the reports is on disk: the next agent on this machine sends it.');
    } catch (error) {
      warn(
        `The rest of the reports is lost: ${(error as Error).message}. Set spoolDir to a folder that can be written.`,
      );
    }
  }

  /** Half of it by chance, so that agents do not come all at once. */
  #pauseMs(): number {
    const { everyMs } = this.#options;
    if (this.#failures === 0) return everyMs;
    const pause = Math.max(everyMs, Math.min(LONGEST_PAUSE_MS, everyMs * 2 ** this.#failures));
    return pause * (0.5 + Math.random() / 2);
  }
}
