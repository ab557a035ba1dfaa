/** What an agent uploaded -> events for the history, as JSON: from there on they go the way of webhooks. */
import { sha256 } from './digest.ts';
import { CallEvaluatorError } from './errors.ts';
import { type Intake, intake, parseBody } from './intake.ts';
import { KEPT_FIELDS } from './telemetry/keptFields.ts';
import { parseLoosely } from './telemetry/looseJson.ts';
import { bodiesOf, UPLOAD_PATHS, type Upload, type UploadBody } from './telemetry/upload.ts';

/**
 * An upload that comes as the event that it is kept as, as from another database: without its words, unless they are kept. Any
 * other event is left as it is.
 */
export function wordless(taken: Intake, keepWords: boolean): Intake {
  if (keepWords || !taken.understood || !taken.event.telemetry || taken.event.telemetry.redacted) return taken;
  const body = parseBody(taken.text) as UploadBody;
  const kept = { ...body, payload: KEPT_FIELDS[body.path](body.payload), redacted: true };
  return intake(JSON.stringify(kept), taken.receivedAt);
}

/** @throws CallEvaluatorError `bad_option` where it is no upload */
export function eventsOf(upload: Upload, receivedAt: number, keepWords: boolean): string[] {
  if (!UPLOAD_PATHS.includes((upload as Upload | null)?.path as Upload['path']))
    throw new CallEvaluatorError(
      'bad_option',
      `processTelemetry takes { path, payload }, with a path of ${UPLOAD_PATHS.join(', ')}.`,
    );
  try {
    return bodiesOf(upload, receivedAt, keepWords).map((body) => JSON.stringify({ ...body, id: uploadId(body) }));
  } catch (error) {
    // a getter that throws, a circle, a BigInt; its message may quote what people said
    throw new CallEvaluatorError(
      'bad_option',
      `The upload cannot be written as JSON (${(error as Error)?.name ?? 'it throws'}): hand in plain data, such as JSON.parse gives.`,
    );
  }
}

/** The same upload has the same id, whenever it arrives. */
function uploadId({ path, room, payload }: UploadBody): string {
  return `AU_${sha256(JSON.stringify([path, room, payload])).slice(0, 22)}`;
}

/** A report that may be JSON text. What is no JSON is not understood later on, and says so. */
export function reportIn(report: object | string): unknown {
  if (typeof report !== 'string') return report;
  try {
    return parseLoosely(report);
  } catch {
    return null;
  }
}
