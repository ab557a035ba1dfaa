/** Under which name the sound of a session is kept: the sids of its room and job, by the header of its form. */
import { hash } from 'node:crypto';
import { MetricsRecordingHeader } from '@livekit/protocol';

/** Parts of a path. What uploads writes no more of them than letters, digits, _ and -. */
export interface RecordingName {
  room: string;
  job: string;
}

const SID = /^[A-Za-z0-9_-]{1,64}$/;

/** @param header one that was read before */
export function recordingName(header: Uint8Array): RecordingName {
  const { roomId, jobId } = MetricsRecordingHeader.fromBinary(header);
  return { room: partOf(roomId, header), job: partOf(jobId, header) };
}

/** For what is no sid a hash of it, and where there is none of the whole header: the same session has the same. No sid has a dot. */
function partOf(sid: string, header: Uint8Array): string {
  return SID.test(sid) ? sid : `sha256.${hash('sha256', sid === '' ? header : sid).slice(0, 32)}`;
}
