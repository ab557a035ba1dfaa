/** Where authentic uploads go: what this needs of a CallEvaluator. */
import type { Receipt } from '../../ingest.ts';
import type { UploadKind } from './routes.ts';

export interface AgentUpload {
  path: Exclude<UploadKind, 'metrics'>;
  /** OTLP as its JSON, whatever it came as. Of recordings `{header, chatHistory}`; null: there was none. Else what was POSTed. */
  payload: unknown;
}

export interface TelemetryDoor {
  /** Resolves when it is on disk. */
  processTelemetry(upload: AgentUpload): Promise<Receipt[]>;
  load(): { queued: number };
}
