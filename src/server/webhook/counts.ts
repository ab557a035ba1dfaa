/** What became of the webhooks that came in since the start, for /v1/ingest and Prometheus. */
import type { Check } from './verify.ts';

export interface IngestCounters {
  /** POSTs. */
  received: number;
  stored: number;
  duplicates: number;
  quarantined: number;
  /** Tests of LiveKit Cloud's console: the way is open. They make no call. */
  tests: { count: number; lastAt: string | null };
  /** 401. `key`: the configured API key that was named, else `other`. Of one check and key there is one entry. */
  forgeries: { check: Check; key: string; count: number }[];
  /** 413. */
  tooLarge: number;
  /** 503, by what was the matter; LiveKit sends these again. */
  unavailable: { code: string; count: number }[];
  /** Authentic ones by the API key that signed them: how many, and when the last came. */
  keys: { key: string; count: number; lastAt: string }[];
}

/** Whatever a stranger names as his API key. */
const UNKNOWN = 'other';

export class IngestCounts {
  received = 0;
  stored = 0;
  duplicates = 0;
  quarantined = 0;
  tooLarge = 0;
  #tests = 0;
  #lastTest: number | null = null;
  /** As many entries as there are checks and configured keys: strangers add none. */
  readonly #forgeries = new Map<string, { check: Check; key: string; count: number }>();
  readonly #unavailable = new Map<string, { code: string; count: number }>();
  readonly #keys = new Map<string, { key: string; count: number; lastMs: number }>();

  forgery(check: Check, key: string | null): void {
    countIn(this.#forgeries, `${check} ${key}`, { check, key: key ?? UNKNOWN });
  }

  unavailable(code: string): void {
    countIn(this.#unavailable, code, { code });
  }

  test(now: number): void {
    this.#tests++;
    this.#lastTest = now;
  }

  authentic(key: string, now: number): void {
    const known = this.#keys.get(key);
    if (known) {
      known.count++;
      known.lastMs = now;
    } else this.#keys.set(key, { key, count: 1, lastMs: now });
  }

  /** A copy: it stays as it is. */
  snapshot(): IngestCounters {
    const { received, stored, duplicates, quarantined, tooLarge } = this;
    const lastTest = this.#lastTest;
    const tests = { count: this.#tests, lastAt: lastTest === null ? null : new Date(lastTest).toISOString() };
    const forgeries = Array.from(this.#forgeries.values(), (entry) => ({ ...entry }));
    const unavailable = Array.from(this.#unavailable.values(), (entry) => ({ ...entry }));
    const keys = Array.from(this.#keys.values(), ({ key, count, lastMs }) => ({
      key,
      count,
      lastAt: new Date(lastMs).toISOString(),
    }));
    return { received, stored, duplicates, quarantined, tests, forgeries, tooLarge, unavailable, keys };
  }
}

function countIn<Entry extends object>(counts: Map<string, Entry & { count: number }>, id: string, entry: Entry): void {
  const known = counts.get(id);
  if (known) known.count++;
  else counts.set(id, { ...entry, count: 1 });
}
