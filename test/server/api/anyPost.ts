/** Whatever may be sent to a route: mostly what its document asks for, and what somebody has made of that on the way. */
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { MetricsRecordingHeader } from '@livekit/protocol';
import fc from 'fast-check';
import { anyCharacter } from '../../anyCharacter.ts';
import { protobufOf } from '../agents/otlpTypes.ts';
import { agentToken, FORM_TYPE, formOf } from '../agents/uploading.ts';
import { claimsOf, tokenOf, webhook } from '../webhook/signed.ts';
import type { Operation } from './posting.ts';
import { callOf, TOKEN } from './recorded.ts';

export interface Posted {
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

const HMAC_SECRET = 'invented-secret-of-another-sender';
export const HMAC_SECRETS = [HMAC_SECRET];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** By the names of OpenAPI's security schemes. */
const SHOWN: Record<string, (body: Uint8Array) => Posted['headers']> = {
  agent: () => bearer(agentToken()),
  token: () => bearer(TOKEN),
  apiKey: () => ({ authorization: undefined, 'x-api-key': TOKEN }),
  liveKitWebhook: (body) => ({
    authorization: tokenOf({ alg: 'HS256' }, claimsOf(body, Math.floor(Date.now() / 1000))),
  }),
  hmac: (body) => ({
    authorization: undefined,
    'x-livekit-signature': createHmac('sha256', HMAC_SECRET).update(body).digest('hex'),
  }),
};

const attributes = [{ key: 'room_id', value: { stringValue: 'RM_1' } }];
const logs = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [{ attributes }] }] }] };
const traces = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [{ name: 'user_turn' }] }] }] };
const evals = { event: 'call.ended', call: { id: '1', room_name: 'support' } };
const report = { job_id: 'AJ_1', room_id: 'RM_1', room: 'support', events: [], chat_history: { items: [] } };

const room = fc.oneof(
  fc.constantFrom('RM_1', '', '..', '../../RM_1', 'a/b', 'RM_1\0'),
  fc.string({ unit: anyCharacter }),
);
const header = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ roomId: room, jobId: room }).map((one) => new MetricsRecordingHeader(one).toBinary()),
  },
  { weight: 1, arbitrary: fc.uint8Array() },
);
const chat_history = fc.oneof(fc.constant('{"items":[]}'), fc.json());
const form = fc
  .tuple(fc.record({ header, chat_history }), fc.nat({ max: 2 }))
  .map(([parts, sound]) => Buffer.concat([...formOf(parts, sound)]));

const json = (...values: object[]) => fc.oneof(fc.constantFrom(...values.map((one) => JSON.stringify(one))), fc.json());
const GOOD: Record<string, fc.Arbitrary<string | Uint8Array>> = {
  'multipart/form-data': form,
  'application/x-protobuf': fc.constantFrom(protobufOf('logs', logs), protobufOf('traces', traces), Buffer.alloc(0)),
  'application/json': json(logs, traces, evals, report, JSON.parse(webhook()), ...callOf('RM_1', 'support')),
  'application/webhook+json': json(JSON.parse(webhook()), { event: 'of a later version', id: 'EV_1' }),
};

/** With a piece of it lost, or of another taken for it. */
const harmed = (whole: Uint8Array) =>
  fc
    .tuple(fc.nat({ max: whole.length }), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 9 }))
    .map(([from, lost, wrong]) => Buffer.concat([whole.subarray(0, from), wrong, whole.subarray(from + lost)]));
const ENCODINGS: Record<string, (body: Uint8Array) => Uint8Array> = {
  gzip: (body) => gzipSync(body),
  'gzip ': (body) => body,
  identity: (body) => body,
  br: (body) => body,
  'gzip, gzip': (body) => gzipSync(gzipSync(body)),
};
const often = { nil: undefined, freq: 2 };
const text = fc.string({ unit: 'grapheme-ascii' });

export function anyPost({ security, requestBody }: Operation): fc.Arbitrary<Posted> {
  const types = Object.keys(requestBody!.content);
  const body = fc
    .constantFrom(...types)
    .chain((type) => GOOD[type]!.map((good) => ({ type, good: Buffer.from(good as string) })))
    .chain(({ type, good }) => {
      const bytes = fc.oneof(
        { weight: 5, arbitrary: fc.constant<Uint8Array>(good) },
        { weight: 2, arbitrary: harmed(good) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      );
      const named = fc.oneof(
        { weight: 6, arbitrary: fc.constant(type === 'multipart/form-data' ? FORM_TYPE : type) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('application/json', 'application/protobuf', FORM_TYPE, `${FORM_TYPE};boundary=`),
        },
        { weight: 1, arbitrary: fc.oneof(text, fc.constant(undefined)) },
      );
      return fc.record({ bytes, type: named });
    });
  const encoding = fc.option(fc.constantFrom(...Object.keys(ENCODINGS)), often);
  const shown = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...security.flatMap((one) => Object.keys(one))) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(SHOWN)) },
  );
  const stranger = fc.option(
    fc.oneof(
      text,
      text.map((token) => `Bearer ${token}`),
    ),
    { nil: undefined, freq: 1 },
  );
  const isStranger = fc.nat({ max: 9 }).map((one) => one === 0);
  return fc
    .tuple(body, encoding, shown, stranger, isStranger)
    .map(([{ bytes, type }, encoding, who, token, isStranger]) => {
      const sent = encoding === undefined ? bytes : ENCODINGS[encoding]!(bytes);
      const headers = isStranger ? { authorization: token, 'x-api-key': token } : SHOWN[who]!(sent);
      return { headers: { ...headers, 'content-type': type, 'content-encoding': encoding }, body: sent };
    });
}
