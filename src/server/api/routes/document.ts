import { z } from 'zod';
import { route } from '../route.ts';

export const document = route({
  path: '/openapi.json',
  name: 'openapi',
  summary: 'This document',
  readers: 'anybody',
  params: z.object({}),
  query: z.object({}),
  answer: { name: 'OpenApi', says: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) },
  problems: [],
  handle: async (_, { document }) => new Response(document, { headers: { 'content-type': 'application/json' } }),
});
