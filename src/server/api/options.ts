/** The options of the API: one place, with visible defaults. */
import { z } from 'zod';
import { CallEvaluatorError } from '../../errors.ts';
import { badOption } from '../badOption.ts';
import { type Environment, type GivenKeys, type Keys, keysFrom } from '../webhook/keys.ts';

/** What is used of pino. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ApiOptions {
  /** Whoever shows it may read all. At least 16 characters. Default: CALL_EVALUATOR_TOKEN of the environment. */
  token?: string;
  /** LiveKit's API keys, whose access tokens may read. Default: those of the environment. */
  keys?: GivenKeys;
  /** A file of `key: secret` lines. Its keys add to `keys`, or to the environment's. */
  keysFile?: string;
  /** Default process.env. Of it CALL_EVALUATOR_TOKEN; and LIVEKIT_API_KEY, LIVEKIT_API_SECRET, LIVEKIT_KEYS where no `keys` are given. */
  env?: Environment;
  /** Origins of web pages that may read, such as https://dashboard.example.com; `*` is any. Default none. */
  cors?: readonly string[];
  /** A pino logger, or what looks like one. Default: nothing is logged. */
  log?: Log;
}

export interface ApiSettings {
  token: string | null;
  keys: Keys;
  cors: readonly string[];
  log: Log;
}

const SHORTEST_TOKEN = 16;

const schema = z.strictObject({
  token: z.string().optional(),
  keys: z.union([z.array(z.object({})), z.record(z.string(), z.unknown())]).optional(),
  keysFile: z.string().min(1).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  cors: z.array(z.string()).default([]),
  log: z.custom((value) => typeof (value as Log | undefined)?.info === 'function', 'expected a pino logger').optional(),
});

/** @throws CallEvaluatorError `bad_option` */
export function parseApiOptions(options: ApiOptions): ApiSettings {
  const found = schema.safeParse(options);
  if (!found.success) throw badOption(found.error.issues[0]!, schema);
  const { keys: given, keysFile, env = process.env, log = SILENT, cors = [] } = options;
  const keys = keysFrom({ keys: given, keysFile, env: given ? {} : env });
  const token = (options.token ?? env.CALL_EVALUATOR_TOKEN ?? '').trim() || null;
  if (token !== null && token.length < SHORTEST_TOKEN)
    throw new CallEvaluatorError(
      'bad_option',
      `The token (CALL_EVALUATOR_TOKEN, option token) has ${token.length} characters, and could be guessed: take at least ${SHORTEST_TOKEN}, as "openssl rand -hex 24" makes them.`,
    );
  for (const origin of cors) assertOrigin(origin);
  if (cors.includes('*') && token === null && keys.size === 0)
    throw new CallEvaluatorError(
      'bad_option',
      'With cors * and no token any web page that you look at could read your calls: name the origins, or set CALL_EVALUATOR_TOKEN.',
    );
  return { token, keys, cors, log };
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A browser sends scheme, host and port, and nothing else matches. */
function assertOrigin(text: string): void {
  if (text === '*' || (URL.canParse(text) && new URL(text).origin === text)) return;
  const meant = URL.canParse(text) ? new URL(text).origin : 'null';
  throw new CallEvaluatorError(
    'bad_option',
    `cors: ${JSON.stringify(text)} is no origin. ${meant === 'null' ? 'One looks like https://dashboard.example.com' : `Did you mean ${meant}?`}`,
  );
}
