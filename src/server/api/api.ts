/**
 * The API: Request -> Response. Finds the route, asks who is asking, checks what is written, has the route answer, and
 * counts and logs that it did.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { closest } from 'fastest-levenshtein';
import type { CallEvaluator } from '../../evaluator.ts';
import { UploadCounts } from '../agents/counts.ts';
import type { WatchdogOptions } from '../watch/watchdog.ts';
import { type Access, access, type Reader } from './access.ts';
import { cors, isPreflight, PREFLIGHT } from './cors.ts';
import { Gate } from './gate.ts';
import { IngestTally } from './ingestTally.ts';
import { ingestView } from './ingestView.ts';
import { LiveFeed } from './liveFeed.ts';
import { LIVE_LIMITS, type LiveLimits, LiveStreams } from './liveStreams.ts';
import { openApiDocument } from './openapi.ts';
import { type ApiOptions, type Log, parseApiOptions } from './options.ts';
import { parseParameters } from './parameters.ts';
import type { PostRoute } from './postRoute.ts';
import { Problem, problemOf } from './problem.ts';
import { Prometheus } from './prometheus.ts';
import { requestLine } from './requestLine.ts';
import { RoomNames } from './roomNames.ts';
import type { Api, Route } from './route.ts';
import { matchPath } from './routePath.ts';
import { ROUTES } from './routes.ts';
import { watch } from './watch.ts';
import { writability } from './writability.ts';

export interface CallApi {
  /** Never rejects. */
  fetch(request: Request): Promise<Response>;
  /** How far LiveKit's clock is ahead of ours, by what came in; ms. */
  readonly liveKitAhead: number;
  /** Streams end, and it is not ready any more; what is asked is still answered. */
  close(): void;
}

export interface Elsewhere {
  /** What became of agents' uploads. */
  uploads?: UploadCounts;
  /** How it stands with asking LiveKit about rooms. */
  asking?: WatchdogOptions['asking'];
  /** What is sent to this server, for the document. */
  posts?: readonly PostRoute[];
}

const SECURITY = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** The reader of a route that is for anybody. */
const ANYBODY: Reader = { room: '', until: Number.POSITIVE_INFINITY };
/** In logs and metrics the paths of strangers have one name. */
const UNKNOWN = 'unknown';
/** For log and metrics alone: nobody is there to read it. */
const CLIENT_GONE = 499;

/**
 * @param limits of the live stream
 * @param elsewhere what others on this server know
 * @throws CallEvaluatorError `bad_option`
 */
export function createApi(
  evaluator: CallEvaluator,
  options: ApiOptions = {},
  limits: Partial<LiveLimits> = {},
  { uploads = new UploadCounts(), asking, posts }: Elsewhere = {},
): CallApi {
  const settings = parseApiOptions(options);
  const names = new RoomNames(evaluator);
  const feed = new LiveFeed(evaluator, names);
  const live = new LiveStreams(feed, { ...LIVE_LIMITS, ...limits });
  const tally = new IngestTally(evaluator);
  const watchdog = watch(evaluator, settings.log, asking);
  const prometheus = new Prometheus(evaluator, tally, live, watchdog, uploads);
  const readerOf = access(settings);
  const corsOf = cors(settings.cors);
  const { log } = settings;
  let closing = false;
  const api: Api = {
    evaluator,
    names,
    gate: new Gate(),
    live,
    prometheus,
    ingest: ingestView(evaluator, tally, live, watchdog, uploads),
    routes: ROUTES,
    assertWritable: writability(evaluator),
    document: JSON.stringify(openApiDocument(ROUTES, version(), posts)),
    get closing() {
      return closing;
    },
  };

  return {
    async fetch(request) {
      const began = performance.now();
      const { route, response: whole } = await responseTo(request, api, readerOf, log);
      const response = request.method === 'HEAD' ? await withoutBody(whole) : whole;
      const line = requestLine(request.method, route, response.status, began);
      prometheus.answered(line);
      log.info(line, 'answered');
      for (const [name, value] of Object.entries({ ...SECURITY, ...corsOf(request) }))
        response.headers.set(name, value);
      return response;
    },
    get liveKitAhead() {
      return watchdog.ahead;
    },
    close() {
      closing = true;
      live.close();
      feed.close();
      tally.close();
      prometheus.close();
      watchdog.close();
    },
  };
}

async function responseTo(
  request: Request,
  api: Api,
  readerOf: Access,
  log: Log,
): Promise<{ route: string; response: Response }> {
  let route = UNKNOWN;
  try {
    const { pathname } = new URL(request.url);
    const found = find(pathname);
    route = found.route.path;
    if (isPreflight(request)) return { route, response: new Response(null, { status: 204, headers: PREFLIGHT }) };
    return { route, response: await answer(request, found, api, readerOf) };
  } catch (error) {
    const { signal } = request;
    if (signal.aborted && error === signal.reason)
      return { route, response: new Response(null, { status: CLIENT_GONE }) };
    return { route, response: problemResponse(error, route, log) };
  }
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

interface Found {
  route: Route;
  params: Record<string, string>;
}

function find(path: string): Found {
  for (const route of ROUTES) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  const nearest = closest(
    path.slice(0, 100),
    ROUTES.map((route) => route.path),
  );
  throw new Problem('unknown-route', `There is no such route. Did you mean ${nearest}? /openapi.json describes all.`, {
    nearest,
  });
}

async function answer(request: Request, { route, params }: Found, api: Api, readerOf: Access): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new Problem('method-not-allowed', `${route.path} is read with GET.`, {}, { allow: 'GET, HEAD' });
  const reader = route.readers === 'anybody' ? ANYBODY : readerOf(request);
  if (route.readers === 'readers of all' && reader.room !== null)
    throw new Problem(
      'forbidden',
      `The token reads the calls of room ${JSON.stringify(reader.room)} alone, and this tells of all: use the server's own token, or LiveKit's with roomList.`,
    );
  const query = parseParameters(new URL(request.url).search, route.query);
  const handled = async () => {
    const result = await route.handle({ params, query, request, reader }, api);
    return result instanceof Response ? result : Response.json(result);
  };
  return route.heavy ? api.gate.pass(request.signal, handled) : handled();
}

function problemResponse(error: unknown, route: string, log: Log): Response {
  const problem = problemOf(error);
  if (problem) return problem.response;
  const instance = `urn:uuid:${randomUUID()}`;
  log.error({ err: error, route, instance }, 'a fault of its own');
  return new Problem('fault', `Not your fault. The server's log says more, under ${instance}.`, { instance }).response;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}
