import type { DeliveryProgress } from '../simulate/deliver.ts';

const EVERY_MS = 200;
const CLEAR = '\r\u001b[2K';

/** One line on stderr, on a terminal. */
export class SendingProgress {
  #next = performance.now() + EVERY_MS;
  #shown = false;

  show({ queued, waiting, webhooks }: DeliveryProgress): void {
    const now = performance.now();
    if (now < this.#next || !process.stderr.isTTY) return;
    this.#next = now + EVERY_MS;
    this.#shown = true;
    process.stderr.write(`${CLEAR}${queued} of ${webhooks} webhooks, of which ${waiting} wait for their answers`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write(CLEAR);
  }
}
