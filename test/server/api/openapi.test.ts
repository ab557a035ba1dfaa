import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UPLOAD_ROUTES } from '../../../src/server/agents/described.ts';
import { UPLOAD_KINDS, uploadKind } from '../../../src/server/agents/routes.ts';
import { ROUTES } from '../../../src/server/api/routes.ts';
import { post } from '../agents/uploading.ts';
import { closeServers, served } from './posting.ts';
import { closeAll, recorded } from './recorded.ts';

// biome-ignore lint/suspicious/noExplicitAny: what it is, the validator says
let document: any;
beforeAll(async () => {
  document = (await (await recorded([])).get('/openapi.json')).body;
});
afterAll(closeAll);

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(() => validator.resolveRefs()).not.toThrow();
});

test('it has every route, under names of their own', () => {
  expect(Object.keys(document.paths)).toEqual(ROUTES.map(({ path }) => path));
  const names = ROUTES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const parts = ROUTES.flatMap(({ answer }) => (answer.schema ? [answer.name] : []));
  expect(new Set(parts).size).toBe(parts.length);
});

test('a metric is described in it by its unit and formula', () => {
  const { properties } = document.components.schemas.CallMetrics;
  expect(properties.callDuration.description).toMatch(/^\[s\] First person joined/);
});

test('parameters are told with their types and limits', () => {
  const parameters = Object.fromEntries(
    document.paths['/v1/calls'].get.parameters.map((one: { name: string }) => [one.name, one]),
  );
  expect(parameters.limit).toMatchObject({
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  });
  expect(parameters.since.schema).toEqual({ type: 'string', format: 'date-time' });
  expect(parameters.metadata).toMatchObject({ style: 'deepObject', explode: true });
  expect(parameters.status.schema.items.enum).toEqual(['active', 'finished', 'expired']);
  expect(document.paths['/v1/calls/{roomSid}/explain'].get.parameters[1]).toMatchObject({
    name: 'path',
    required: true,
  });
});

describe('of a server, it has what is sent to it as well', () => {
  afterEach(closeServers);

  test('it is OpenAPI 3.1 all the same, with names of their own', async () => {
    const { document } = await served();
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(() => validator.resolveRefs()).not.toThrow();
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test('all ways in, for uploads of every kind, and for webhooks where they are', async () => {
    const { document } = await served({ webhookPath: '/hooks/livekit' });
    const posts = Object.keys(document.paths).filter((path) => document.paths[path]!.post);
    expect(new Set(posts)).toEqual(new Set([...UPLOAD_ROUTES.map(({ path }) => path), '/hooks/livekit']));
    expect(UPLOAD_ROUTES.map(({ path }) => uploadKind(path))).not.toContain(null);
    expect(new Set(UPLOAD_ROUTES.map(({ path }) => uploadKind(path)))).toEqual(new Set(UPLOAD_KINDS));
  });

  test('the second signature only where it is taken', async () => {
    const securityOf = async (hmacSecrets: string[]) =>
      (await served({ hmacSecrets })).document.paths['/webhook']!.post!.security;
    expect(await securityOf([])).toEqual([{ liveKitWebhook: [] }]);
    expect(await securityOf(['invented'])).toEqual([{ liveKitWebhook: [] }, { hmac: [] }]);
  });

  test('who is not known is told 401, and of another method 405, as it says', async () => {
    const { url, document, posts } = await served();
    for (const path of posts) {
      const { responses } = document.paths[path]!.post!;
      const refused = await post(url + path, { headers: { authorization: undefined }, body: '{}' });
      expect(refused.status, path).toBe(401);
      expect(responses[401]!.content, path).toHaveProperty([refused.headers['content-type'] as string]);
      const { status, headers } = await fetch(url + path);
      expect([status, headers.get('allow')], path).toEqual([405, 'POST']);
      expect(responses[405]!.content, path).toHaveProperty([headers.get('content-type')!]);
    }
  });
});
