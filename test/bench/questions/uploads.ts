import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AccessToken } from 'livekit-server-sdk';
import { decodeOtlp } from '../../../src/server/agents/otlp.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { KEY, Pump, SECRET } from '../webhookPump.ts';

const RECORDED = new URL('../../telemetry/recorded/node-1.9.0-text.requests.json', import.meta.url);
const CONNECTIONS = 64;
/** Of the recorded session; they are replaced by others as long, so that no length in a protobuf changes. */
const ROOM = 'RM_abcdef';
const JOB = 'AJ_test123';

interface Upload {
  path: string;
  type: string;
  gzip: boolean;
  body: Buffer;
}

/** What a session's uploads cost on their way to the disk, beside what their decoding alone does. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const sessions = size(200, 1_000);
  const uploads = recorded();
  const all = Array.from({ length: sessions }, (_, n) => uploads.map((upload) => ofSession(upload, n))).flat();
  const token = new AccessToken(KEY, SECRET, { ttl: 21_600 });
  token.addObservabilityGrant({ write: true });
  const authorization = `Bearer ${await token.toJwt()}`;
  let run = 0;

  const took = await alternate(rounds, {
    decode: () =>
      secondsOf(() => {
        for (const { path, type, gzip, body } of all) decode(path, type, gzip ? gunzipSync(body) : body);
      }),
    product: async () => {
      const child = fork(new URL('../webhookServer.ts', import.meta.url), ['product', file(`${run++}.db`)], {
        execArgv: [],
      });
      const [port] = (await once(child, 'message')) as [number];
      const pump = await Pump.open(port, CONNECTIONS);
      const seconds = await secondsOf(() => pump.all(all.map((upload) => requestOf(upload, authorization))));
      child.send('tell');
      const [{ events }] = (await once(child, 'message')) as [{ events: number }];
      expectCount('stored uploads', events, 3 * sessions); // the runtime's log tells of no session
      pump.close();
      const exit = once(child, 'exit');
      child.kill();
      await exit;
      return seconds;
    },
  });
  return [
    {
      question: `uploads of ${sessions} sessions, ${CONNECTIONS} at once / their decoding alone`,
      ratios: ratios(took.decode, took.product),
      goal: null,
      figures: `${speed(sessions, took.product)} sessions, ${speed(all.length, took.product)} uploads; decoding ${speed(all.length, took.decode)}`,
    },
  ];
}

function recorded(): Upload[] {
  const requests = JSON.parse(readFileSync(RECORDED, 'utf8')) as {
    url: string;
    headers: Record<string, string>;
    b64: string;
  }[];
  return requests.map(({ url, headers, b64 }) => {
    const body = Buffer.from(b64, 'base64'); // it was kept inflated
    return { path: url, type: headers['content-type']!, gzip: headers['content-encoding'] === 'gzip', body };
  });
}

function ofSession({ body, gzip, ...upload }: Upload, n: number): Upload {
  const number = String(n).padStart(6, '0');
  const text = body.toString('latin1').replaceAll(ROOM, `RM_${number}`).replaceAll(JOB, `AJ_0${number}`);
  const bytes = Buffer.from(text, 'latin1');
  return { ...upload, gzip, body: gzip ? gzipSync(bytes) : bytes };
}

function decode(path: string, type: string, bytes: Buffer): unknown {
  if (type.includes('protobuf')) return decodeOtlp(path.includes('/traces/') ? 'traces' : 'logs', bytes);
  return type.includes('json') ? JSON.parse(bytes.toString()) : null;
}

function requestOf({ path, type, gzip, body }: Upload, authorization: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `authorization: ${authorization}`,
    `content-type: ${type}`,
    ...(gzip ? ['content-encoding: gzip'] : []),
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
