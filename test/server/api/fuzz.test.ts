/** Requests made from the OpenAPI document itself: whatever they hold, no fault of the server. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { UPLOAD_ROUTES } from '../../../src/server/agents/described.ts';
import type { Log } from '../../../src/server/api/options.ts';
import { ROUTES } from '../../../src/server/api/routes.ts';
import { anyCharacter } from '../../anyCharacter.ts';
import { post } from '../agents/uploading.ts';
import { anyPost, HMAC_SECRETS } from './anyPost.ts';
import { closeServers, served } from './posting.ts';
import { type Answered, callOf, closeAll, recorded } from './recorded.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 500);

interface Schema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  items?: Schema;
}
interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  schema: Schema;
}
let document: {
  paths: Record<string, { get: { parameters: Parameter[]; responses: Record<string, { content: object }> } }>;
};
let get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answered>;
beforeAll(async () => {
  const served = await recorded(['support-call', 'hostile', 'meeting-12', 'still-open', 'lost-left']);
  await served.evaluator.processEvents(callOf('RM_%', 'per%cent'));
  get = served.get;
  document = (await get('/openapi.json')).body;
});
afterAll(closeAll);

const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: anyCharacter }),
  fc.constantFrom('', '*', '**', '%', '\u0000', '__proto__', '-1', '1e9', 'NaN', '9'.repeat(40)),
);
const sid = fc.constantFrom('RM_support', 'RM_hostile', 'RM_meeting', 'RM_open', 'RM_%', 'support-1042', 'RM_none');
const path = fc.constantFrom(
  'duration',
  'agent',
  'participants.list[0]',
  'participants.list[identity=ana].presentSeconds',
  'custom',
  'evidence.gaps',
);
const instant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer({ min: 10 ** 11, max: 10 ** 14 }).map(String),
);

/** Texts of which the document tells no more than that they are texts. */
const TEXTS: Record<string, fc.Arbitrary<string>> = {
  roomSid: sid,
  room: fc.oneof(sid, fc.constantFrom('*', 'support-*', '*e*e*')),
  agent: fc.constantFrom('*', 'agent-*'),
  path,
  after: fc.constantFrom(Buffer.from('["-startedAt",1791795600400,"RM_support"]').toString('base64url'), '[]', 'W10'),
  'Last-Event-ID': fc.constantFrom('0123456789ab-3', '-', '1'),
};

function rightValueOf({ name, schema }: Parameter): fc.Arbitrary<string> {
  const { type, items, minimum = 0, maximum = 10_000 } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (items?.enum) return fc.subarray(items.enum, { minLength: 1 }).map((some) => some.join(','));
  if (type === 'integer' || type === 'number') return fc.integer({ min: minimum, max: maximum }).map(String);
  return TEXTS[name] ?? instant;
}

/** Mostly what the document asks for. */
const anyValueOf = (parameter: Parameter) =>
  fc.oneof({ weight: 9, arbitrary: rightValueOf(parameter) }, { weight: 1, arbitrary: anything });

const isMostlyThere = ({ in: place, name }: Parameter) => place === 'path' || name === 'path';

/** A lone surrogate cannot be written in a URL. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

function requestOf(pattern: string): fc.Arbitrary<{ pattern: string; url: string; headers: Record<string, string> }> {
  const { parameters } = document.paths[pattern]!.get;
  const parts = parameters.map((parameter) =>
    fc
      .option(anyValueOf(parameter), { nil: undefined, freq: isMostlyThere(parameter) ? 50 : 1 })
      .map((value) => ({ parameter, value })),
  );
  // seldom: what is not in the document is refused before anything else is looked at
  const strange = fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.tuple(anything, anything) },
  );
  return fc.tuple(fc.tuple(...parts), fc.tuple(anything, anything), strange).map(([written, key, more]) => {
    let url = pattern;
    const query: string[] = [];
    const headers: Record<string, string> = {};
    for (const { parameter, value = '' } of written)
      if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, () => encoded(value));
    for (const { parameter, value } of written) {
      if (value === undefined || parameter.in === 'path') continue;
      if (parameter.in === 'header') headers[parameter.name] = value.replace(/[^\x20-\x7e]/g, '');
      else if (parameter.name === 'metadata') query.push(`metadata[${encoded(key[0])}]=${encoded(key[1])}`);
      else query.push(`${parameter.name}=${encoded(value)}`);
    }
    if (more) query.push(`${encoded(more[0])}=${encoded(more[1])}`);
    return { pattern, url: url + (query.length > 0 ? `?${query.join('&')}` : ''), headers };
  });
}

test('no request that the document allows, or nearly so, is a fault of the server', { timeout: 600_000 }, async () => {
  const patterns = ROUTES.map((route) => route.path);
  const answered = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...patterns).chain(requestOf), async ({ pattern, url, headers }) => {
      const { status, headers: told, body } = await get(url, headers, pattern === '/v1/live' ? 'HEAD' : 'GET');
      answered.add(`${pattern} ${status}`);
      expect([200, 400, 403, 404, 503]).toContain(status);
      const route = ROUTES.find((one) => one.path === pattern)!;
      if (body?.type === 'urn:problem:call-evaluator:unknown-route') return; // an empty part of a path
      const { content } = document.paths[pattern]!.get.responses[status]!;
      expect(Object.keys(content)).toContain(told.get('content-type')!.split(';')[0]);
      if (status === 200 && route.answer.schema && pattern !== '/v1/live')
        expect(route.answer.schema.safeParse(body).error).toBeUndefined();
    }),
    { numRuns: RUNS },
  );
  // what was asked for was mostly found as well: the requests are not all nonsense
  const found = patterns.filter((pattern) => answered.has(`${pattern} 200`));
  expect(found.length).toBeGreaterThan(patterns.length / 2);
});

test('and nothing that is sent to its other routes', { timeout: 600_000 }, async () => {
  const outside = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const recordings = join(outside, 'sound');
  const refused: { code?: string; err?: Error }[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn: (fields) => void refused.push(fields),
    error: (fields) => void refused.push(fields),
  };
  const { url, document, posts } = await served({ recordings, log, hmacSecrets: HMAC_SECRETS });
  const schemas = new Map(UPLOAD_ROUTES.map(({ path, answers }) => [path, answers]));
  const answered = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...posts).chain((path) => anyPost(document.paths[path]!.post!).map((sent) => ({ path, sent }))),
      async ({ path, sent }) => {
        const { status, headers, json } = await post(url + path, sent);
        answered.add(`${path} ${status}`);
        expect([200, 400, 401, 413, 415, 503]).toContain(status);
        const { content } = document.paths[path]!.post!.responses[status]!;
        const type = String(headers['content-type']);
        expect(Object.keys(content)).toContain(type);
        const told = schemas.get(path)?.[status]?.content[type];
        if (told?.schema instanceof z.ZodType) expect(told.schema.safeParse(json).error).toBeUndefined();
      },
    ),
    { numRuns: Math.max(400, Math.ceil(RUNS * 0.4)) },
  );
  await closeServers();
  // a fault is answered with 503 as well, for the sender to come again
  expect(refused.filter(({ code, err }) => code === 'fault' || err)).toEqual([]);
  for (const status of [200, 401]) expect(posts.filter((path) => !answered.has(`${path} ${status}`))).toEqual([]);
  const kept = readdirSync(outside, { recursive: true, encoding: 'utf8' });
  const below = /^sound(\/([\w-]{1,64}|sha256\.[\da-f]{32})(?=\/|$)(\/([\w-]{1,64}|sha256\.[\da-f]{32})\.ogg)?)?$/;
  expect(kept.filter((path) => !below.test(path))).toEqual([]);
  expect(kept.length).toBeGreaterThan(2);
  rmSync(outside, { recursive: true });
});
