/** The options of a webhook route: one place, with visible defaults. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { CallEvaluatorError } from '../../errors.ts';
import { LARGEST_BODY } from '../../intake.ts';
import { badOption } from '../badOption.ts';
import { type Environment, type GivenKeys, type Keys, keysFrom, secretOf } from './keys.ts';
import type { Trouble } from './trouble.ts';

export interface WebhookOptions {
  /** LiveKit's API keys and their secrets; several while one is being replaced. Default: those of the environment. */
  keys?: GivenKeys;
  /** A file of `key: secret` lines, as livekit-server's --key-file. Its keys add to `keys`, or to the environment's. */
  keysFile?: string;
  /** Default process.env. Read where no `keys` are given: LIVEKIT_API_KEY, LIVEKIT_API_SECRET, LIVEKIT_KEYS. */
  env?: Environment;
  /**
   * Secrets of a second scheme, which is not LiveKit's: `X-LiveKit-Signature`, the hex HMAC-SHA256 of the body. Looked at
   * where no Authorization header is. Default: CALL_EVALUATOR_HMAC_SECRET of the environment; without it, off.
   */
  hmacSecrets?: readonly string[];
  /** Bytes. Default 32 MiB. */
  maxBody?: number;
  /** Seconds that a body may take to arrive. Default 10. */
  bodyTimeout?: number;
  /** With more events than this waiting for the disk, LiveKit is asked to send its own later. Default 10000. */
  maxWaiting?: number;
  /** Told of whatever is not answered with 200, for the log. Default: a process warning, one of each kind. */
  onTrouble?: (trouble: Trouble) => void;
}

export interface WebhookSettings {
  keys: Keys;
  hmacSecrets: readonly KeyObject[];
  maxBody: number;
  bodyTimeout: number;
  maxWaiting: number;
  onTrouble: ((trouble: Trouble) => void) | undefined;
}

const schema = z.strictObject({
  keys: z.union([z.array(z.object({})), z.record(z.string(), z.unknown())]).optional(),
  keysFile: z.string().min(1).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  hmacSecrets: z.array(z.string().min(1)).optional(),
  maxBody: z.int().positive().max(LARGEST_BODY).default(LARGEST_BODY),
  bodyTimeout: z.number().positive().max(3_600).default(10),
  maxWaiting: z.int().positive().default(10_000),
  onTrouble: z.custom((value) => value === undefined || typeof value === 'function', 'expected a function').optional(),
});

/** @throws CallEvaluatorError `bad_option`; also where there is no key at all, so that it shows before the first webhook. */
export function parseWebhookOptions(options: WebhookOptions): WebhookSettings {
  const found = schema.safeParse(options);
  if (!found.success) throw badOption(found.error.issues[0]!, schema);
  const { keys: given, keysFile, env = process.env, onTrouble } = options;
  const keys = keysFrom({ keys: given, keysFile, env: given ? {} : env });
  const hmacSecrets = (options.hmacSecrets ?? linesOf(env.CALL_EVALUATOR_HMAC_SECRET)).map(secretOf);
  if (keys.size === 0 && hmacSecrets.length === 0)
    throw new CallEvaluatorError(
      'bad_option',
      'No API key of LiveKit is configured, so no webhook could be verified. Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or LIVEKIT_KEYS to `APIkey: secret`, or give option keys or keysFile.',
    );
  const { maxBody, bodyTimeout, maxWaiting } = found.data;
  return { keys, hmacSecrets, maxBody, bodyTimeout, maxWaiting, onTrouble };
}

const linesOf = (text = '') =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim());
