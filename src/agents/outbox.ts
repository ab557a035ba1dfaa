/**
 * What waits to be sent, in bounded memory: while the server is away the oldest items give way. Reports are partial: the
 * server knows items by their ids, and of usage the greater stands, so that whatever is sent twice counts once.
 */

/** Characters of JSON. Without words an item has some 300: of this fit hours of talk. */
const MOST_HELD = 4 * 1024 * 1024;
/** The server takes 16 MB. */
const LARGEST_BATCH = 512 * 1024;

/** Each part as JSON. */
export interface Batch {
  items: string[];
  usage: string | null;
  close: string | null;
}

export class Outbox {
  readonly #about: string;
  readonly #mostHeld: number;
  #items: string[] = [];
  #held = 0;
  #dropped = 0;
  #usage: string | null = null;
  #lastUsage: string | null = null;
  #close: string | null = null;

  /** @param about the fields that say of which session a report is */
  constructor(about: object, mostHeld = MOST_HELD) {
    this.#about = JSON.stringify(about).slice(1, -1);
    this.#mostHeld = mostHeld;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0 && this.#usage === null && this.#close === null;
  }

  /** Items that were lost. */
  get dropped(): number {
    return this.#dropped;
  }

  add(item: string): void {
    this.#held += item.length;
    this.#items.push(item);
    this.#makeRoom();
  }

  /** The one before says no more than this one, which often says the same. */
  setUsage(usage: string): void {
    if (usage === this.#lastUsage) return;
    this.#usage = usage;
    this.#lastUsage = usage;
  }

  setClose(close: string): void {
    this.#close = close;
  }

  /** @returns null: nothing waits */
  take(): Batch | null {
    if (this.isEmpty) return null;
    let size = 0;
    let count = 0;
    for (const { length } of this.#items) {
      size += length;
      if (count > 0 && size > LARGEST_BATCH) break;
      count++;
    }
    const batch = { items: this.#items.splice(0, count), usage: this.#usage, close: this.#close };
    for (const { length } of batch.items) this.#held -= length;
    this.#usage = null;
    this.#close = null;
    return batch;
  }

  putBack({ items, usage, close }: Batch): void {
    this.#items = [...items, ...this.#items];
    for (const { length } of items) this.#held += length;
    this.#usage ??= usage;
    this.#close ??= close;
    this.#makeRoom();
  }

  /** A session report, as far as it is known by now (agent-telemetry.md, 3.2). */
  report({ items, usage, close }: Batch): string {
    const parts = [this.#about, `"chat_history":{"items":[${items.join()}]}`];
    if (usage !== null) parts.push(`"usage":${usage}`);
    if (close !== null) parts.push(`"events":[${close}]`);
    if (this.#dropped > 0) parts.push(`"items_dropped":${this.#dropped}`);
    return `{${parts.join()}}`;
  }

  #makeRoom(): void {
    let count = 0;
    for (; this.#held > this.#mostHeld; count++) this.#held -= this.#items[count]!.length;
    if (count === 0) return;
    this.#items.splice(0, count);
    this.#dropped += count;
  }
}
