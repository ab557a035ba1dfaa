import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../../src/server/api/routes.ts';
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
