/** What a route is: the same schemas check its input, type its output, and describe it in the OpenAPI document. */
import type { z } from 'zod';
import type { CallEvaluator } from '../../evaluator.ts';
import type { Reader } from './access.ts';
import type { Gate } from './gate.ts';
import type { IngestView } from './ingestView.ts';
import type { LiveStreams } from './liveStreams.ts';
import type { ProblemKind } from './problem.ts';
import type { Prometheus } from './prometheus.ts';
import type { RoomNames } from './roomNames.ts';

/** What handlers work with. */
export interface Api {
  evaluator: CallEvaluator;
  names: RoomNames;
  /** By which heavy routes get in. */
  gate: Gate;
  live: LiveStreams;
  ingest: IngestView;
  prometheus: Prometheus;
  /** The OpenAPI document, as JSON. */
  document: string;
  routes: readonly Route[];
  /** Rejects while the database cannot be written. */
  assertWritable(): Promise<void>;
  /** True from the beginning of the shutdown. */
  readonly closing: boolean;
}

/** Who may call a route. `somebody`: also whose token reads the calls of one room alone; the route sees to that. */
export type Readers = 'anybody' | 'somebody' | 'readers of all';

/** A form of answer: JSON by a schema, or something else that is told in words. */
export type Answer<Schema extends z.ZodType = z.ZodType> =
  | { name: string; says: string; schema: Schema }
  | { contentType: string; says: string; schema?: undefined };

export interface Asked<Params extends z.ZodObject = z.ZodObject, Query extends z.ZodObject = z.ZodObject> {
  params: z.infer<Params>;
  query: z.infer<Query>;
  request: Request;
  reader: Reader;
}

interface RouteOf<Params extends z.ZodObject, Query extends z.ZodObject, Schema extends z.ZodType> {
  /** `/v1/calls/{roomSid}` */
  path: string;
  /** Its name in generated clients. */
  name: string;
  summary: string;
  description?: string;
  readers: Readers;
  /** It reads many calls at once: few such requests are at work, some wait, the rest are told `busy`. */
  heavy?: true;
  params: Params;
  query: Query;
  /** Header fields that it looks at. */
  headers?: z.ZodObject;
  answer: Answer<Schema>;
  /** Beside those that every route may give. */
  problems: readonly ProblemKind[];
  /** What is no Response is answered as JSON with 200. */
  handle(asked: Asked<Params, Query>, api: Api): Promise<z.input<Schema> | Response>;
}
export type Route = RouteOf<z.ZodObject, z.ZodObject, z.ZodType>;

/** Has the types of a route follow its schemas. All routes are GET: this server is read, and told things by webhooks alone. */
export function route<Params extends z.ZodObject, Query extends z.ZodObject, Schema extends z.ZodType>(
  one: RouteOf<Params, Query, Schema>,
): Route {
  return one as unknown as Route;
}
