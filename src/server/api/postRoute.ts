/** What others send to this server, as the OpenAPI document tells it. Whoever answers such a route describes it, beside its code. */
import type { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** By media type: a schema of its own name, or JSON Schema in place. */
export type Content = Readonly<Record<string, { name: string; schema: z.ZodType } | Json>>;

/** How a sender shows who it is; OpenAPI's security scheme. */
export interface Credential {
  name: string;
  scheme: Json;
}

export interface PostRoute {
  path: string;
  /** Its name in generated clients. */
  name: string;
  summary: string;
  description?: string;
  /** Each lets in by itself. */
  credentials: readonly Credential[];
  /** Header fields that it looks at. */
  headers?: z.ZodObject;
  body: { says: string; content: Content };
  /** By status. */
  answers: Readonly<Record<number, { says: string; content: Content; headers?: Json }>>;
}

/** In seconds, beside a 503. */
export const RETRY_AFTER_HEADER: Json = {
  'Retry-After': { description: 'Seconds, after which it is to be sent again.', schema: { type: 'integer' } },
};
