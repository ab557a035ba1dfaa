/** Where authentic uploads go: what this needs of a CallEvaluator. */
import type { Receipt } from '../../ingest.ts';
import type { Upload } from '../../telemetry/upload.ts';

export interface TelemetryDoor {
  /** Resolves when it is on disk. */
  processTelemetry(upload: Upload): Promise<Receipt[]>;
  load(): { queued: number };
}
