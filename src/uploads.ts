/** What an agent uploaded -> events for the history, as JSON: from there on they go the way of webhooks. */
import { sha256 } from './digest.ts';
import { CallEvaluatorError } from './errors.ts';
import { bodiesOf, UPLOAD_PATHS, type Upload, type UploadBody } from './telemetry/upload.ts';

/** @throws CallEvaluatorError `bad_option` where it is no upload */
export function eventsOf(upload: Upload, receivedAt: number, keepWords: boolean): string[] {
  if (!UPLOAD_PATHS.includes((upload as Upload | null)?.path as Upload['path']))
    throw new CallEvaluatorError(
      'bad_option',
      `processTelemetry takes { path, payload }, with a path of ${UPLOAD_PATHS.join(', ')}.`,
    );
  return bodiesOf(upload, receivedAt, keepWords).map((body) => JSON.stringify({ ...body, id: uploadId(body) }));
}

/** The same upload has the same id, whenever it arrives. */
function uploadId({ path, room, payload }: UploadBody): string {
  return `AU_${sha256(JSON.stringify([path, room, payload])).slice(0, 22)}`;
}

/** A report that may be JSON text. What is no JSON is not understood later on, and says so. */
export function reportIn(report: object | string): unknown {
  if (typeof report !== 'string') return report;
  try {
    return JSON.parse(report);
  } catch {
    return null;
  }
}
