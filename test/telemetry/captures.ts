/** What a real agent of @livekit/agents 1.9.0 uploaded (test/telemetry/recorded: not in fixtures/, which is replayed as webhooks): a text session with one tool call. */
import { readFileSync } from 'node:fs';
import type { Upload } from '../../src/telemetry/upload.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8'));

interface Request {
  url: string;
  headers: Record<string, string>;
  b64: string;
}
export const REQUESTS: Request[] = read('node-1.9.0-text.requests.json');
export const bodyOf = (part: string): Buffer =>
  Buffer.from(REQUESTS.find(({ url }) => url.includes(part))!.b64, 'base64');

export const REPORT: Upload = { path: 'report', payload: read('node-1.9.0-text.report.json') };
export const LOGS: Upload = { path: 'logs', payload: JSON.parse(bodyOf('/logs/').toString()) };
/** As the multipart upload of the capture is read. */
export const RECORDINGS: Upload = {
  path: 'recordings',
  payload: {
    header: { roomId: 'RM_abcdef', jobId: 'AJ_test123' },
    chatHistory: JSON.parse(/\{"items".*\]\}/s.exec(bodyOf('/recordings/').toString('latin1'))![0]),
  },
};
export const SID = 'RM_abcdef';
/** All that was said in it, and what the developer had written. */
export const WORDS = ['weather in Paris', 'Paris', 'sunny', 'thanks', 'You are welcome', 'be nice'];

const JOINED = { ana: 'STANDARD', 'agent-AJ_test123': 'AGENT' };

/** The webhooks of a call of 40 s around a session, as LiveKit would send them. */
export function callAround(begin: number, sid = SID) {
  const webhook = (event: string, second: number, more: object = {}) => ({
    event,
    id: `EV_${event}_${second}`,
    createdAt: String(begin + second),
    room: { sid, name: 'my-room', creationTime: String(begin) },
    ...more,
  });
  const people = Object.entries(JOINED).map(([identity, kind]) => ({
    participant: { sid: `PA_${identity}`, identity, kind },
  }));
  return [
    webhook('room_started', 0),
    ...people.map((person, i) => webhook('participant_joined', 2 + i, person)),
    ...people.map((person) => webhook('participant_left', 30, person)),
    webhook('room_finished', 40),
  ];
}
