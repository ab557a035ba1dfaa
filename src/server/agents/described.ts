/** The routes of uploads in the OpenAPI document. */
import { z } from 'zod';
import { type Content, type Credential, type PostRoute, RETRY_AFTER_HEADER } from '../api/postRoute.ts';
import { reasonSchema } from '../webhook/described.ts';
import { TROUBLE } from '../webhook/trouble.ts';
import type { UploadKind } from './routes.ts';

const BY_AGENT: Credential = {
  name: 'agent',
  scheme: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A token that is signed with one of LiveKit’s API keys and grants observability.write, as every agent makes its own.',
  },
};
const BY_TOKEN: Credential = {
  name: 'token',
  scheme: { type: 'http', scheme: 'bearer', description: 'CALL_EVALUATOR_TOKEN, the server’s own.' },
};
const BY_API_KEY: Credential = {
  name: 'apiKey',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'CALL_EVALUATOR_TOKEN, as livekit-evals sends it.',
  },
};

const packed = z.object({ 'Content-Encoding': z.enum(['identity', 'gzip']).default('identity') });

const receipts = z.object({
  receipts: z.array(
    z.object({
      status: z.enum(['stored', 'duplicate', 'quarantined']),
      roomSid: z.string().nullable(),
      reason: reasonSchema.optional().describe('of what could not be understood: it is kept'),
    }),
  ),
  audio: z
    .string()
    .optional()
    .describe('of a recording: where its sound is, below the folder in which this server keeps them'),
});
const RECEIPTS: Content = { 'application/json': { name: 'UploadReceipts', schema: receipts } };

const json = (description: string) => ({ type: 'object', description });

function otlp(message: string): PostRoute['body'] {
  return {
    says: `OpenTelemetry’s ${message}.`,
    content: {
      'application/x-protobuf': { description: `${message}, as Protobuf.` },
      'application/json': json(`${message}, as OTLP has it in JSON.`),
    },
  };
}

const FORM: PostRoute['body'] = {
  says: 'The form of an agent, at the end of its session.',
  content: {
    'multipart/form-data': {
      type: 'object',
      required: ['header'],
      properties: {
        header: {
          contentMediaType: 'application/protobuf',
          description: 'livekit.MetricsRecordingHeader: of which room and job it is.',
        },
        chat_history: json('The chat history, as JSON.'),
        audio: {
          contentMediaType: 'audio/ogg',
          description: 'The sound of the call. Dropped, unless the server was told to keep it.',
        },
      },
    },
  },
};

/** What each kind is answered, as receive.ts does. */
const SAYS: Record<number, string> = {
  400: 'It cannot be read.',
  401: 'Who uploads must show that he may: `check` tells what failed.',
  405: 'To any method but POST.',
  413: 'It is too large.',
  415: 'It is compressed in an unknown way; or it is OTLP, and neither Protobuf nor JSON.',
  503: 'It is not on disk: send it again.',
};

interface Described {
  body: PostRoute['body'];
  /** Of a 200. */
  says?: string;
  taken: Content;
  credentials?: readonly Credential[];
  headers?: z.ZodObject;
  refusals?: readonly number[];
  /** Of a 503. */
  again?: Content;
}

const OF_OTLP: Content = {
  'application/x-protobuf': { description: 'Empty: all of it was taken.' },
  'application/json': json('Empty: all of it was taken.'),
};

const KINDS: Record<UploadKind, Described> = {
  logs: { body: otlp('ExportLogsServiceRequest'), taken: OF_OTLP, headers: packed },
  traces: { body: otlp('ExportTraceServiceRequest'), taken: OF_OTLP, headers: packed },
  metrics: {
    body: otlp('ExportMetricsServiceRequest'),
    taken: OF_OTLP,
    headers: packed,
    says: 'Taken, and dropped.',
    refusals: [401, 405],
  },
  recordings: {
    body: FORM,
    taken: RECEIPTS,
    again: {
      'application/x-protobuf': { description: 'google.rpc.Status with RetryInfo, at which agents come again.' },
    },
  },
  report: {
    body: {
      says: 'A session report.',
      content: {
        'application/json': json('As to_dict() of Python’s agents makes it, or sessionReportToJSON of Node.js’.'),
      },
    },
    taken: RECEIPTS,
    headers: packed,
  },
  evals: {
    body: { says: 'What livekit-evals posts.', content: { 'application/json': json('Its call.ended.') } },
    taken: RECEIPTS,
    credentials: [BY_API_KEY],
    headers: packed,
  },
};

const BELOW_ANY = 'Also below any other path, for an agent appends it to the address that it was given.';
const DROPPED = 'Taken and dropped unread: nothing of a call is in them that the others do not tell better.';

type Told = [kind: UploadKind, path: string, name: string, summary: string, ...description: string[]];
const ROUTES: readonly Told[] = [
  ['report', '/v1/reports', 'sendReport', 'A session report of an agent'],
  ['logs', '/v1/logs', 'sendLogs', 'Logs of agents, from a collector of OpenTelemetry'],
  ['traces', '/v1/traces', 'sendTraces', 'Traces of agents, from a collector of OpenTelemetry'],
  ['metrics', '/v1/metrics', 'sendMetrics', 'Metrics of OpenTelemetry', DROPPED],
  ['logs', '/observability/logs/otlp/v0', 'uploadLogs', 'What an agent of LiveKit’s logs', BELOW_ANY],
  ['traces', '/observability/traces/otlp/v0', 'uploadTraces', 'The traces of an agent of LiveKit’s', BELOW_ANY],
  [
    'metrics',
    '/observability/metrics/otlp/v0',
    'uploadMetrics',
    'The metrics of an agent of LiveKit’s',
    DROPPED,
    BELOW_ANY,
  ],
  [
    'recordings',
    '/observability/recordings/v0',
    'uploadRecording',
    'A session of an agent of LiveKit’s, at its end',
    BELOW_ANY,
  ],
  ['evals', '/webhooks/obs/livekit', 'uploadEvals', 'A session, as livekit-evals tells it', BELOW_ANY],
];

export const UPLOAD_ROUTES: readonly PostRoute[] = ROUTES.map(([kind, path, name, summary, ...description]) => {
  const {
    body,
    says = 'What it tells is on disk.',
    taken,
    credentials = [BY_AGENT, BY_TOKEN],
    headers,
    refusals,
    again = TROUBLE,
  } = KINDS[kind];
  const refused = refusals ?? Object.keys(SAYS).map(Number);
  return {
    path,
    name,
    summary,
    ...(description.length > 0 && { description: description.join(' ') }),
    credentials,
    ...(headers && { headers }),
    body,
    answers: {
      200: { says, content: taken },
      ...Object.fromEntries(
        refused.map((status) => [
          status,
          status === 503
            ? { says: SAYS[status]!, content: again, headers: RETRY_AFTER_HEADER }
            : { says: SAYS[status]!, content: TROUBLE },
        ]),
      ),
    },
  };
});
