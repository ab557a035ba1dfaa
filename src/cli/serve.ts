import { type Command, InvalidArgumentError, Option } from 'commander';
import { CallEvaluator } from '../evaluator.ts';
import type { CallServer } from '../server/serve.ts';
import { addDatabaseOption, type DatabaseFlags } from './database.ts';
import { addExamples } from './examples.ts';
import { EXIT } from './exit.ts';
import { addMetricOptions } from './metricOptions.ts';

const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const;

interface ServeOptions extends DatabaseFlags {
  port: number;
  host: string;
  path: string;
  cors?: string[];
  keysFile?: string;
  reconcile?: string;
  conversationText?: boolean;
  recordings?: string;
  logLevel: (typeof LOG_LEVELS)[number];
}

const ENVIRONMENT = `
Environment:
  LIVEKIT_API_KEY, LIVEKIT_API_SECRET   the key that signs LiveKit's webhooks
  LIVEKIT_KEYS                          several, as "key: secret, key: secret": while one is being replaced
  CALL_EVALUATOR_TOKEN                  whoever shows it as bearer token may read all; "openssl rand -hex 24" makes one
  CALL_EVALUATOR_HMAC_SECRET            for senders that are not LiveKit and sign with X-LiveKit-Signature

Who may read: with the token, or with a LiveKit access token that grants roomList (all calls) or roomAdmin of a room
(its calls). With neither token nor keys it listens on this machine only, and whoever is on it may read.

Agents report turns, latencies, tools and usage when their worker runs with LIVEKIT_OBSERVABILITY_URL=http://HOST:PORT
and one of the API keys above.

Set LiveKit to POST to http://HOST:PORT/webhook: webhook.urls of its configuration, or the settings of the project in
LiveKit Cloud. 200 is answered when an event is on disk; SIGTERM and SIGINT stop it without losing any.
The log is JSON on stdout, a line for each request (for webhooks: at debug); bodies, tokens and names are not in it.

  curl -H "Authorization: Bearer $CALL_EVALUATOR_TOKEN" http://localhost:8787/v1/calls`;

export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .summary('take in webhooks, and answer questions about calls')
    .description(
      'Runs the server: takes in LiveKit webhooks, keeps them in a database, and answers questions about the calls: GET /v1/calls, /v1/live, /metrics; /openapi.json describes all routes.',
    )
    .option('--port <n>', 'where it listens; 0 takes a free one', port, 8787)
    .option('--host <address>', 'on which address; 0.0.0.0: all of the machine', '127.0.0.1')
    .option('--path <path>', 'where LiveKit POSTs', '/webhook')
    .option('--keys-file <file>', 'of lines "key: secret", as livekit-server --key-file takes it')
    .option('--reconcile <url>', 'ask LiveKit there about rooms of which too little came; its answers become evidence')
    .option('--recordings <folder>', 'keep the sound that agents upload there, all of the call; else it is not kept')
    .option('--conversation-text', 'keep the words of conversations that agents upload; else they are not stored')
    .option('--cors <origin>', 'a web page there may read, with a token; can be repeated', collect)
    .addOption(new Option('--log-level <level>', 'what is logged at least').choices(LOG_LEVELS).default('info'));
  addMetricOptions(addDatabaseOption(command)).action(serve);
  command.addHelpText('after', ENVIRONMENT);
  addExamples(
    command,
    'serve --db calls.db',
    'serve --db /data/calls.db --host 0.0.0.0 --keys-file keys.yaml --log-level warn     in a container, behind a proxy',
    'serve --db calls.db --cors https://dashboard.example.com',
  );
}

async function serve({
  db,
  port,
  host,
  path,
  cors,
  keysFile,
  reconcile,
  recordings,
  logLevel,
  ...metricOptions
}: ServeOptions): Promise<void> {
  // Only now: to the other commands it would be a tenth of a second for nothing.
  const { createServer } = await import('../server/serve.ts');
  const { default: pino } = await import('pino');
  // Not held up by whoever reads the log: what it cannot take in time is dropped.
  const lines = pino.destination({ dest: 1, sync: false, maxLength: LONGEST_LOG });
  const log = pino({ level: logLevel, base: null }, lines);
  const evaluator = new CallEvaluator({ database: db, ...metricOptions });
  try {
    const server = createServer(evaluator, { webhookPath: path, cors, keysFile, reconcile, recordings, log });
    const { url } = await server.listen(port, host);
    console.error(greeting(server, url, path, recordings));
    const signal = await stopSignal();
    console.error(`${signal}: answering what is under way, then it ends. Once more ends it at once.`);
    await server.close();
  } finally {
    await evaluator.close();
    lines.flushSync();
  }
}

/** Bytes of lines that wait. */
const LONGEST_LOG = 4 * 1024 * 1024;

function greeting(
  { keys, takesHmac, isProtected }: CallServer,
  url: string,
  path: string,
  recordings: string | undefined,
): string {
  const signatures = [...keys, ...(takesHmac ? ['X-LiveKit-Signature'] : [])];
  const webhooks =
    signatures.length > 0
      ? `webhooks at ${path}, signed with ${signatures.join(' or ')}`
      : 'no webhooks: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to take them in';
  const reading = isProtected
    ? `reading needs a token (${process.env.CALL_EVALUATOR_TOKEN ? 'CALL_EVALUATOR_TOKEN, or LiveKit’s' : 'LiveKit’s with roomList or roomAdmin; CALL_EVALUATOR_TOKEN is not set'})`
    : 'reading is open to whoever is on this machine, as neither CALL_EVALUATOR_TOKEN nor an API key of LiveKit is set';
  const sound = recordings === undefined ? '' : `; the sound that agents upload is kept in ${recordings}`;
  return `call-evaluator listens on ${url}: ${webhooks}; ${reading}${sound}.`;
}

/** The first signal; the next one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((settle) => {
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (stopping) process.exit(EXIT.interrupted);
        stopping = true;
        settle(signal);
      });
  });
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65_535)) throw new InvalidArgumentError('A port is a whole number up to 65535.');
  return number;
}

function collect(origin: string, before: string[] = []): string[] {
  return [...before, origin];
}
