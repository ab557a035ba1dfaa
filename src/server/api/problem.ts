/** Errors as RFC 9457 problem documents. `detail` is a sentence that holds the fix. */
import { z } from 'zod';
import { CallEvaluatorError, type ErrorCode } from '../../errors.ts';

const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'bad-parameter': { status: 400, title: 'A parameter is wrong' },
  unauthorized: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'The token may not read this' },
  'unknown-route': { status: 404, title: 'There is no such route' },
  'unknown-room': { status: 404, title: 'There is no such call' },
  'unknown-path': { status: 404, title: 'There is no such metric' },
  'method-not-allowed': { status: 405, title: 'This route is only read' },
  fault: { status: 500, title: 'A fault of the server' },
  busy: { status: 503, title: 'Busy' },
  'store-unavailable': { status: 503, title: 'The database cannot be used now' },
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

export const statusOf = (kind: ProblemKind): number => PROBLEMS[kind].status;

const TYPE = 'urn:problem:call-evaluator:';

export const problemSchema = z.object({
  type: z
    .enum(Object.keys(PROBLEMS).map((kind) => TYPE + kind))
    .describe('names the kind of problem; it stays the same'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('what is wrong here, and what to do about it'),
  instance: z.string().optional().describe('names this occurrence in the log'),
  parameter: z.string().optional().describe('the parameter that is wrong'),
  nearest: z.string().optional().describe('what was probably meant'),
  calls: z
    .array(z.object({ roomSid: z.string(), startedAt: z.string() }))
    .optional()
    .describe('calls of the room whose name was given instead of a sid, newest first'),
});
export type ProblemDocument = z.infer<typeof problemSchema>;
type Extensions = Pick<ProblemDocument, 'instance' | 'parameter' | 'nearest' | 'calls'>;

/** Thrown by whoever finds that a request cannot be answered. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly extensions: Extensions;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, detail: string, extensions: Extensions = {}, headers: Record<string, string> = {}) {
    super(detail);
    this.name = 'Problem';
    this.kind = kind;
    this.extensions = extensions;
    this.headers = headers;
  }

  get status(): number {
    return statusOf(this.kind);
  }

  get response(): Response {
    const document: ProblemDocument = {
      type: TYPE + this.kind,
      ...PROBLEMS[this.kind],
      detail: this.message,
      ...this.extensions,
    };
    return new Response(JSON.stringify(document), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', ...this.headers },
    });
  }
}

/** Also of what no retry will mend: who asks cannot know, and the detail says what to do. */
const RETRY_AFTER = { 'retry-after': '5' };

const KIND_OF: Partial<Record<ErrorCode, ProblemKind>> = {
  bad_option: 'bad-parameter',
  unknown_room: 'unknown-room',
  unknown_path: 'unknown-path',
};

/** What went wrong, as a problem; null for a fault of our own. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (!(error instanceof CallEvaluatorError)) return null;
  if (error.code === 'closed') return new Problem('busy', 'The server is shutting down: ask again.', {}, RETRY_AFTER);
  const kind = KIND_OF[error.code];
  if (kind === undefined) return new Problem('store-unavailable', error.message, {}, RETRY_AFTER);
  const parameter = kind === 'unknown-path' ? 'path' : /^\w+(?=:)/.exec(error.message)?.[0];
  return new Problem(kind, error.message, parameter === undefined ? {} : { parameter });
}
