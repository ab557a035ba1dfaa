/**
 * The body of a stored upload -> what it tells. Its payload is what the agent sent, without its words unless they are kept:
 * `{event: 'agent_telemetry', id, createdAt, room, path, payload, redacted}` (upload.ts makes it).
 */
import { field, type Json, NotUnderstood } from '../webhook/read.ts';
import { decodeEvals } from './decodeEvals.ts';
import { decodeItems, decodeNamedItem } from './decodeItems.ts';
import { decodeSpans } from './decodeSpans.ts';
import { evaluationTags, tagsIn } from './decodeTags.ts';
import { decodeUsage } from './decodeUsage.ts';
import type { AgentFacts } from './facts.ts';
import { isJson, objects, told, word } from './read.ts';

export const TELEMETRY = 'agent_telemetry';

type Told = Omit<AgentFacts, 'redacted'>;

const DECODERS: Record<string, (payload: Json) => Told> = {
  report: reportOf,
  recordings: recordingOf,
  logs: logsOf,
  traces: tracesOf,
  evals: decodeEvals,
};

/** @throws NotUnderstood */
export function decodeTelemetry(body: Json): AgentFacts {
  const path = field(body, 'path');
  const decode = typeof path === 'string' ? DECODERS[path] : undefined;
  if (decode === undefined) throw new NotUnderstood('path', path, `one of ${Object.keys(DECODERS).join(', ')}`);
  const payload = field(body, 'payload');
  if (!isJson(payload)) throw new NotUnderstood('payload', payload, 'an object');
  return { ...decode(payload), redacted: field(body, 'redacted') === true };
}

/** The session report of Python's `to_dict()` and Node's `sessionReportToJSON`. */
function reportOf(report: Json): Told {
  const history = field(report, 'chatHistory');
  if (!isJson(history)) throw new NotUnderstood('payload.chat_history', history, 'an object with items');
  return told({
    jobId: word(report, 'jobId') ?? null,
    items: decodeItems(field(history, 'items')),
    ...sessionOf(report),
  });
}

/** What a report, or a summary of it, tells beside the history. */
function sessionOf(report: Json): Pick<Told, 'agentName' | 'sdkVersion' | 'usage' | 'closeReason' | 'tags'> {
  const closed = objects(field(report, 'events')).find((event) => field(event, 'type') === 'close');
  return {
    agentName: word(report, 'agentName'),
    sdkVersion: word(report, 'sdkVersion'),
    usage: decodeUsage(field(report, 'usage')),
    tags: tagsIn(report),
    closeReason: (closed && word(closed, 'reason')) ?? reasonOf(word(report, 'closeReason')),
  };
}

/** `CR_USER_INITIATED`, the protocol's name for what an event calls `user_initiated`. */
function reasonOf(name: string | undefined): string | undefined {
  if (name === 'CR_COMPLETED') return 'task_completed';
  return name === 'CR_UNKNOWN' ? undefined : name?.replace(/^CR_/, '').toLowerCase();
}

/** What is uploaded at the end of a session: a header, in which newer ones of Python sum it up, and the chat history. */
function recordingOf(upload: Json): Told {
  const header = field(upload, 'header');
  const history = field(upload, 'chatHistory');
  if (!isJson(header)) throw new NotUnderstood('payload.header', header, 'an object');
  const summary = field(header, 'sessionSummary');
  return told({
    jobId: word(header, 'jobId') ?? null,
    items: isJson(history) ? decodeItems(field(history, 'items')) : [],
    ...(isJson(summary) ? sessionOf(summary) : { usage: [] }),
  });
}

/** Log records of the scopes `chat_history` (the session's report, and each item by itself) and `evaluations`. */
function logsOf(logs: Json): Told {
  const facts: Told = { jobId: null, items: [], usage: [] };
  for (const record of objects(field(logs, 'records'))) {
    facts.jobId ??= word(record, 'jobId') ?? null;
    const item = field(record, 'chat.item');
    const found = isJson(item) ? decodeNamedItem(item) : null;
    if (found) facts.items.push(found);
    const tags = [...(tagsIn(record) ?? []), ...evaluationTags(record)];
    if (tags.length > 0) facts.tags = [...(facts.tags ?? []), ...tags];
    if (field(record, 'body') !== 'session report') continue;
    facts.usage.push(...decodeUsage(field(record, 'usage')));
    facts.agentName ??= word(record, 'agentName');
    facts.sdkVersion ??= word(record, 'sdkVersion');
  }
  return told(facts);
}

function tracesOf(traces: Json): Told {
  return { jobId: word(traces, 'jobId') ?? null, items: [], usage: [], spans: decodeSpans(field(traces, 'spans')) };
}
