/** Where agents POST: LiveKit's own routes below any base, for an agent appends them to the address that it was given. */

/** `metrics`: OpenTelemetry's, which tell nothing of a call that the others do not tell better. They are taken and dropped. */
export const UPLOAD_KINDS = ['logs', 'traces', 'metrics', 'recordings', 'report', 'evals'] as const;
export type UploadKind = (typeof UPLOAD_KINDS)[number];

const OBSERVABILITY = /\/observability\/(?:(logs|traces|metrics)\/otlp|(recordings))\/v0$/;
/** Of any OpenTelemetry exporter. */
const OTLP = /^\/+v1\/(logs|traces|metrics)$/;
const REPORTS = /^\/+v1\/(report)s$/;
/** Of the Python package livekit-evals: WEBHOOK_URL, or below SUPERBRYN_BASE_URL. */
const EVALS = /\/webhooks\/obs\/livekit$/;

/** @param url as it stands in the request line. @returns null: no agent's business */
export function uploadKind(url = ''): UploadKind | null {
  const path = url.split('?', 1)[0]!;
  if (EVALS.test(path)) return 'evals';
  const found = OBSERVABILITY.exec(path) ?? OTLP.exec(path) ?? REPORTS.exec(path);
  return ((found?.[1] ?? found?.[2]) as UploadKind | undefined) ?? null;
}
