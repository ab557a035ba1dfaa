/** What became of the uploads since the start, for /v1/ingest and Prometheus. */
import type { UploadKind } from './routes.ts';

export interface UploadCount {
  kind: UploadKind;
  /** `taken`, or the code of the trouble: strangers make no more of them than there are. */
  outcome: string;
  count: number;
}

export class UploadCounts {
  readonly #counts = new Map<string, UploadCount>();

  add(kind: UploadKind, outcome: string): void {
    const id = `${kind} ${outcome}`;
    const known = this.#counts.get(id);
    if (known) known.count++;
    else this.#counts.set(id, { kind, outcome, count: 1 });
  }

  get all(): Iterable<UploadCount> {
    return this.#counts.values();
  }
}
