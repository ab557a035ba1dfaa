/** The form at a session's end. Of its parts two are kept; the sound, which is all the rest of it, goes to disk or passes through. */
import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { type BodyFault, type BodyMemory, Gathering } from '../webhook/body.ts';
import type { RecordingFile } from './recordingFile.ts';
import type { RecordingFolder } from './recordingFolder.ts';

export type FormFault = BodyFault | 'bad_form' | 'unknown_encoding';
export interface Form {
  parts: ReadonlyMap<string, Uint8Array>;
  /** Still to be kept under its name, or dropped. null: there is none, or it is not wanted. */
  sound: RecordingFile | null;
}

const KB = 1024;
const MB = 1024 * KB;
/** Bytes of the parts that are kept. */
const KEPT = new Map([
  ['header', 64 * KB],
  ['chat_history', 16 * MB],
]);
/** A day of stereo, and as long as LiveKit's agents try. */
const LARGEST_FORM = 1024 * MB;
export const FORM_WITHIN_MS = 900_000;
const LIMITS = { parts: 20, headerPairs: 20, headerSize: 8 * KB };

/**
 * @param memory what is returned is held there until it is released
 * @param recordings where the sound goes; null: nowhere
 */
export function readForm(
  request: IncomingMessage,
  memory: BodyMemory,
  recordings: RecordingFolder | null,
): Promise<Form | FormFault> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (encoding !== 'identity') return Promise.resolve('unknown_encoding');
  if (Number(length ?? 0) > LARGEST_FORM) return Promise.resolve('too_large');
  const form = parserOf(request);
  if (form === null) return Promise.resolve('bad_form');

  return new Promise((settle) => {
    const parts = new Map<string, Gathering>();
    let sound: RecordingFile | null = null;
    let received = 0;
    let over = false;
    const finish = async (fault: FormFault | null) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      request.off('data', count).off('close', cutOff).unpipe(form);
      if (!fault) return settle({ parts: new Map(Array.from(parts, ([name, part]) => [name, part.bytes])), sound });
      for (const part of parts.values()) part.drop();
      await sound?.drop();
      settle(fault);
    };
    const count = (chunk: Uint8Array) => {
      received += chunk.length;
      if (received > LARGEST_FORM) finish('too_large');
    };
    const cutOff = () => {
      if (!request.complete) finish('cut_off');
    };
    const timer = setTimeout(finish, FORM_WITHIN_MS, 'too_slow');
    form.on('file', (name, part, _filename, _encoding, type) => {
      part.on('error', () => {}); // of what ends too early the form tells as well
      if (recordings && !over && !sound && name === 'audio' && type === 'audio/ogg') {
        sound = recordings.receive(part);
        return;
      }
      const largest = KEPT.get(name);
      if (largest === undefined || parts.has(name)) return void part.resume();
      const gathering = new Gathering({ largest, memory });
      parts.set(name, gathering);
      part.on('data', (chunk: Uint8Array) => {
        const fault = over ? null : gathering.add(chunk);
        if (fault) finish(fault);
      });
    });
    form.on('error', () => finish('bad_form')).once('finish', () => finish(null));
    request.on('data', count).once('close', cutOff).pipe(form);
  });
}

/** null: it says of itself that it is no form, or not where its parts end. */
function parserOf({ headers }: IncomingMessage): BusboyInstance | null {
  if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) return null;
  try {
    // each part as a stream of bytes, also one that has no file's name
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS, isPartAFile: () => true });
  } catch {
    return null;
  }
}
