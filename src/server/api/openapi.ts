/** The OpenAPI 3.1 document, made from the table of routes, and from what is told of those that others send to. */
import { z } from 'zod';
import { styleOf } from './parameters.ts';
import type { Content, PostRoute } from './postRoute.ts';
import { type ProblemKind, problemSchema, statusOf } from './problem.ts';
import type { Route } from './route.ts';

const DESCRIPTION = `Calls of LiveKit, measured from its webhooks. Durations are in seconds, shares from 0 to 1, instants ISO 8601 UTC; null is "cannot be known", never zero. Fields may be added; none is renamed.

Who reads shows a bearer token: the server's own, or a LiveKit access token, signed with an API key that the server knows, that grants roomList (all calls) or roomAdmin with room (the calls of that room). Errors are problem documents (RFC 9457), whose detail says what to do. What LiveKit and its agents send comes by POST; how each shows that it may stands with its route.`;

const WHO: Record<Route['readers'], string> = {
  anybody: 'For anybody.',
  somebody: 'For any reader.',
  'readers of all': 'For readers of all calls: the server’s own token, or roomList.',
};

const HEAVY =
  'It reads many calls: few such requests are at work at once, and few wait; the rest are answered with 503 and Retry-After.';

type Json = Record<string, unknown>;

/** @param posts routes of this server that are none of the API's */
export function openApiDocument(routes: readonly Route[], version: string, posts: readonly PostRoute[] = []): Json {
  const schemas: Json = { Problem: jsonSchema(problemSchema) };
  for (const { answer } of routes) if (answer.schema) schemas[answer.name] = jsonSchema(answer.schema);
  const securitySchemes: Json = {
    bearer: { type: 'http', scheme: 'bearer', description: 'The server’s token, or LiveKit’s.' },
  };
  for (const { credentials } of posts) for (const { name, scheme } of credentials) securitySchemes[name] = scheme;
  return {
    openapi: '3.1.0',
    info: { title: 'call-evaluator', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths: {
      ...Object.fromEntries(routes.map((route) => [route.path, { get: operation(route) }])),
      ...Object.fromEntries(posts.map((route) => [route.path, { post: postOperation(route, schemas) }])),
    },
    components: { schemas, securitySchemes },
  };
}

/** @param schemas to which those that it names are added */
function postOperation(
  { name, summary, description, credentials, headers, body, answers }: PostRoute,
  schemas: Json,
): Json {
  const written = (content: Content): Json =>
    Object.fromEntries(
      Object.entries(content).map(([type, one]) => {
        if (!isNamed(one)) return [type, { schema: one }];
        schemas[one.name] = jsonSchema(one.schema);
        return [type, { schema: { $ref: `#/components/schemas/${one.name}` } }];
      }),
    );
  return {
    operationId: name,
    summary,
    ...(description && { description }),
    security: credentials.map((credential) => ({ [credential.name]: [] })),
    parameters: Object.entries(headers?.shape ?? {}).map(([key, schema]) => parameter('header', key, schema)),
    requestBody: { required: true, description: body.says, content: written(body.content) },
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, { says, content, headers }]) => [
        status,
        { description: says, ...(headers && { headers }), content: written(content) },
      ]),
    ),
  };
}

const isNamed = (one: Content[string]): one is { name: string; schema: z.ZodType } => one.schema instanceof z.ZodType;

function operation(route: Route): Json {
  const { name, summary, description, readers, heavy, params, query, headers, answer, problems } = route;
  return {
    operationId: name,
    summary,
    description: [description, heavy && HEAVY, WHO[readers]].filter(Boolean).join('\n\n'),
    security: readers === 'anybody' ? [] : [{ bearer: [] }],
    parameters: [
      ...Object.entries(params.shape).map(([key, schema]) => parameter('path', key, schema)),
      ...Object.entries(query.shape).map(([key, schema]) => ({
        ...parameter('query', key, schema),
        ...styleOf(schema),
      })),
      ...Object.entries(headers?.shape ?? {}).map(([key, schema]) => parameter('header', key, schema)),
    ],
    responses: {
      200: { description: answer.says, content: content(answer) },
      ...Object.fromEntries(statuses(readers, problems).map((status) => [status, PROBLEM_ANSWER])),
    },
  };
}

const PROBLEM_ANSWER = {
  description: 'Its detail says what is wrong, and what to do.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function statuses(readers: Route['readers'], problems: readonly ProblemKind[]): number[] {
  const kinds: ProblemKind[] = ['bad-parameter', 'busy', ...problems];
  if (readers !== 'anybody') kinds.push('unauthorized', 'forbidden');
  return [...new Set(kinds.map(statusOf))].sort();
}

function content(answer: Route['answer']): Json {
  return answer.schema
    ? { 'application/json': { schema: { $ref: `#/components/schemas/${answer.name}` } } }
    : { [answer.contentType]: { schema: { type: 'string' } } };
}

function parameter(place: 'path' | 'query' | 'header', name: string, schema: z.core.$ZodType): Json {
  const { description, ...rest } = jsonSchema(schema as z.ZodType);
  const optional = (schema as z.ZodType).safeParse(undefined).success;
  return { in: place, name, required: !optional, ...(description !== undefined && { description }), schema: rest };
}

/** As it is written in a request, and open to fields that are added. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json;
  return rest;
}
