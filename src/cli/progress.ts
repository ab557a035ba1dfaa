export interface Done {
  bytes: number;
  totalBytes: number | null;
  events: number;
  rooms: number;
}

const QUIET_FOR = 1000;
const EVERY = 100;
const CLEAR = '\r\u001b[2K';
const format = (count: number) => count.toLocaleString('en');

/** One line on stderr that tells how far long work has come. Short work shows nothing. */
export class Progress {
  #began = performance.now();
  #next = this.#began + QUIET_FOR;
  #shown = false;

  show({ bytes, totalBytes, events, rooms }: Done): void {
    this.line((seconds) => {
      const share = totalBytes ? ` of ${megabytes(totalBytes)} (${Math.floor((100 * bytes) / totalBytes)} %)` : '';
      const rate = Math.round(events / seconds);
      return `${megabytes(bytes)}${share}, ${format(events)} events, ${format(rooms)} calls, ${format(rate)} events/s`;
    });
  }

  /** @param text made only when it is shown, from the seconds since the work began */
  line(text: (seconds: number) => string): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + EVERY;
    this.#shown = true;
    process.stderr.write(`${CLEAR}${text((now - this.#began) / 1000)}`);
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    if (this.#shown) process.stderr.write(CLEAR);
    this.#shown = false;
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
