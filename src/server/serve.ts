/**
 * The server: POST /webhook to the receiver, raw, for that is the way on which speed counts; what agents upload to theirs,
 * for it may be large; all else to the API.
 * It is bounded in time, size and number, and stops without losing anything.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallEvaluatorError } from '../errors.ts';
import type { CallEvaluator } from '../evaluator.ts';
import { UploadCounts } from './agents/counts.ts';
import { UPLOAD_ROUTES } from './agents/described.ts';
import { FORM_WITHIN_MS } from './agents/form.ts';
import { uploadHandler } from './agents/receive.ts';
import { RecordingFolder } from './agents/recordingFolder.ts';
import { type UploadKind, uploadKind } from './agents/routes.ts';
import { isLoopback, isProtected } from './api/access.ts';
import { createApi } from './api/api.ts';
import { type NodeHandler, nodeHandler } from './api/nodeHttp.ts';
import { type ApiOptions, type Log, parseApiOptions } from './api/options.ts';
import { Problem } from './api/problem.ts';
import { requestLine } from './api/requestLine.ts';
import { repair } from './repair/repair.ts';
import { troubleLog } from './troubleLog.ts';
import { webhookRoute } from './webhook/described.ts';
import type { WebhookOptions } from './webhook/options.ts';

/** `keys`, `keysFile` and `env` are for both: webhooks that they sign, and access tokens that they sign. */
export interface ServerOptions extends ApiOptions, Omit<WebhookOptions, keyof ApiOptions> {
  /** Where LiveKit POSTs. Default /webhook. */
  webhookPath?: string;
  /** The address of LiveKit's server: it is asked about rooms of which too little came. Default: it is not. */
  reconcile?: string | undefined;
  /** A folder in which the sound that agents upload is kept, all of the call, as ROOM/JOB.ogg. Default: it is not kept. */
  recordings?: string | undefined;
}

export interface CallServer {
  /** To listen with TLS, or on a socket, or with limits of your own. */
  readonly http: Server;
  /** Reading needs a token. */
  readonly isProtected: boolean;
  /** The API keys of which webhooks are taken. */
  readonly keys: readonly string[];
  /** Webhooks of senders that are not LiveKit are taken too, signed with X-LiveKit-Signature. */
  readonly takesHmac: boolean;
  /** @throws CallEvaluatorError `bad_option` where the port is taken, or would let strangers read */
  listen(port?: number, host?: string): Promise<{ url: string }>;
  /** Takes no more connections, answers what is under way, ends streams. The evaluator stays open. */
  close(): Promise<void>;
}

const DEFAULT_PATH = '/webhook';
const LIMITS = {
  headersTimeout: 10_000,
  /** The longest that any body may take; whoever reads one, or throws it away, has a shorter time for it. */
  requestTimeout: FORM_WITHIN_MS,
  /** Longer than LiveKit's client keeps an idle connection (90 s): a webhook never meets one that is just being closed. */
  keepAliveTimeout: 95_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
};
const MOST_CONNECTIONS = 2_000;
/** A connection on which nothing moves: live streams have their heartbeat. ms */
const SILENT_FOR = 120_000;
/** What takes longer to be answered than this is cut when the server stops. ms */
const GRACE = 10_000;

/** @throws CallEvaluatorError `bad_option` */
export function createServer(evaluator: CallEvaluator, options: ServerOptions = {}): CallServer {
  const {
    webhookPath = DEFAULT_PATH,
    reconcile,
    recordings: folder,
    hmacSecrets,
    maxBody,
    bodyTimeout,
    maxWaiting,
    onTrouble,
    ...reading
  } = options;
  assertPath(webhookPath);
  const settings = parseApiOptions(reading);
  const recordings = folder === undefined ? null : new RecordingFolder(folder);
  const { keys, keysFile, env } = reading;
  const webhook =
    settings.keys.size > 0 || hasHmac(options)
      ? evaluator.webhook({
          keys,
          keysFile,
          env,
          hmacSecrets,
          maxBody,
          bodyTimeout,
          maxWaiting,
          onTrouble: onTrouble ?? troubleLog(settings.log),
        })
      : nodeHandler(async () => noKeys().response);
  const uploads = new UploadCounts();
  const api = createApi(
    evaluator,
    reading,
    {},
    {
      uploads,
      asking: () => reconciler?.failing ?? null,
      posts: [...UPLOAD_ROUTES, webhookRoute(webhookPath, { takesHmac: hasHmac(options) })],
    },
  );
  const handleApi = nodeHandler(api.fetch);
  const takeWebhook: NodeHandler = async (request, response) => {
    const began = performance.now();
    await webhook(request, response);
    settings.log.debug(requestLine(request.method, webhookPath, response.statusCode, began), 'answered');
  };
  const upload = uploadHandler(evaluator, {
    token: settings.token,
    keys: settings.keys,
    now: Date.now,
    recordings,
    counts: uploads,
    onTrouble: troubleLog(settings.log, performance.now.bind(performance), 'upload'),
  });
  const takeUpload = async (kind: UploadKind, request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now();
    await upload(kind, request, response);
    settings.log.debug(requestLine(request.method, `uploads of ${kind}`, response.statusCode, began), 'answered');
  };
  const reconciler =
    reconcile === undefined
      ? null
      : repair(evaluator, { url: reconcile, keys: settings.keys, log: settings.log, ahead: () => api.liveKitAhead });
  let closing = false;

  const http = createHttpServer(LIMITS, (request: IncomingMessage, response: ServerResponse) => {
    if (closing) response.setHeader('connection', 'close');
    if (isAt(webhookPath, request.url)) return void takeWebhook(request, response);
    const kind = uploadKind(request.url);
    void (kind === null ? handleApi(request, response) : takeUpload(kind, request, response));
  });
  http.maxConnections = MOST_CONNECTIONS;
  http.timeout = SILENT_FOR;
  if (recordings) http.once('listening', () => sweep(recordings, settings.log));

  return {
    http,
    isProtected: isProtected(settings),
    keys: [...settings.keys.keys()],
    takesHmac: hasHmac(options),
    async listen(port = 8787, host = '127.0.0.1') {
      if (!isProtected(settings) && !isLoopback(host)) throw unprotected(host);
      http.listen(port, host);
      await once(http, 'listening').catch((error: NodeJS.ErrnoException) => {
        throw cannotListen(error, port, host);
      });
      const { port: given } = http.address() as AddressInfo;
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${given}` };
    },
    async close() {
      closing = true;
      api.close();
      await Promise.all([reconciler?.stop(), closeHttp()]);
    },
  };

  async function closeHttp(): Promise<void> {
    if (!http.listening) return;
    const closed = once(http, 'close');
    http.close();
    const sweep = setInterval(() => http.closeIdleConnections(), 50);
    const cut = setTimeout(() => http.closeAllConnections(), GRACE);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** Not before it listens: if the server runs already, and this is a second one by mistake, the port is taken and nothing is touched. */
function sweep(recordings: RecordingFolder, log: Log): void {
  try {
    const files = recordings.sweep();
    if (files > 0) log.info({ files }, 'removed what was left of uploads of sound');
  } catch (error) {
    log.warn({ err: error }, 'what was left of uploads of sound could not be removed');
  }
}

/** `hmacSecrets` stand in for the environment's, as the receiver has it. */
function hasHmac({ hmacSecrets, env = process.env }: ServerOptions): boolean {
  return (hmacSecrets ?? [env.CALL_EVALUATOR_HMAC_SECRET ?? '']).some((secret) => secret.trim() !== '');
}

function isAt(path: string, url = ''): boolean {
  return url.startsWith(path) && (url.length === path.length || url[path.length] === '?');
}

/** LiveKit sends a 503 again: what comes until the keys are there is not lost at once. */
function noKeys(): Problem {
  return new Problem(
    'busy',
    'No API key of LiveKit is configured here, so no webhook can be verified: start the server with LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or LIVEKIT_KEYS.',
    {},
    { 'retry-after': '8' },
  );
}

function assertPath(path: string): void {
  if (/^\/[\w./~-]+$/.test(path) && !/^\/(v1\/|metrics$|healthz$|readyz$|openapi\.json$)/.test(path)) return;
  throw new CallEvaluatorError(
    'bad_option',
    `${JSON.stringify(path)} cannot be the path of webhooks: take one that begins with / and is none of the API's, such as /webhook.`,
  );
}

function unprotected(host: string): CallEvaluatorError {
  return new CallEvaluatorError(
    'bad_option',
    `On ${host} anybody could read your calls, as neither a token nor a key is set. Set CALL_EVALUATOR_TOKEN ("openssl rand -hex 24" makes one), or LIVEKIT_API_KEY and LIVEKIT_API_SECRET; or listen on 127.0.0.1.`,
  );
}

function cannotListen({ code, message }: NodeJS.ErrnoException, port: number, host: string): CallEvaluatorError {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} of ${host} is taken: end what listens there, or take another port.`,
    EACCES: `This user may not listen on port ${port}: take one from 1024 on.`,
    EADDRNOTAVAIL: `${host} is no address of this machine: take 127.0.0.1, or 0.0.0.0 for all that it has.`,
    ENOTFOUND: `${host} is no address and no name that this machine knows: take 127.0.0.1, or 0.0.0.0 for all that it has.`,
  };
  return new CallEvaluatorError('bad_option', why[code ?? ''] ?? `${host}:${port} cannot be listened on: ${message}.`);
}
