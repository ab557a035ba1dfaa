/** The services of a room on the wire: egress (recordings, streams), ingress, agent jobs. */
import { EGRESS_STATUS, enumName, INGRESS_INPUT, INGRESS_STATUS, JOB_STATUS } from './enums.ts';
import type { EgressFacts, IngressFacts, JobFacts } from './event.ts';
import { clock, field, id, int64, type Json, message, messages, NotUnderstood, text } from './read.ts';

const EGRESS_KINDS = ['roomComposite', 'web', 'participant', 'trackComposite', 'track', 'egress', 'replay'];
const RESULTS = ['fileResults', 'segmentResults', 'streamResults', 'imageResults'];
/** Before 2023 the one result stood in a field of its own. */
const OLD_RESULTS = ['file', 'segments', 'stream'];

function instant(object: Json, key: string): number | undefined {
  const read = clock(object, key);
  return typeof read === 'object' ? read.ms : undefined;
}

/** `type` decides what an absent status means: nothing but egress_started is sure to be STARTING. */
export function decodeEgress(info: Json, type: string): EgressFacts {
  // a failed automatic egress has no id (webhooks.md section 3); the seed dialect calls it recordingId
  const facts: EgressFacts = {
    id: id(info, 'egressId', 'egressInfo.egressId') ?? id(info, 'recordingId', 'recording.recordingId') ?? '',
  };
  const request = field(info, 'request');
  const named = typeof request === 'object' && request !== null ? text(request as Json, 'case') : undefined;
  const kind = named ?? EGRESS_KINDS.find((key) => typeof field(info, key) === 'object' && field(info, key) !== null);
  if (kind !== undefined) facts.kind = kind;
  let status = enumName(EGRESS_STATUS, field(info, 'status'));
  // the enum's zero is left out by LiveKit's encoder, and written out by others where they knew nothing
  if (type !== 'egress_started' && status === 'EGRESS_STARTING') status = undefined;
  if (type === 'egress_started') status ??= 'EGRESS_STARTING';
  if (status !== undefined) facts.status = status;
  for (const key of ['startedAt', 'endedAt', 'updatedAt'] as const) {
    const ms = instant(info, key);
    if (ms !== undefined) facts[key] = ms;
  }
  const error = text(info, 'error');
  if (error !== undefined) facts.error = error;
  for (const result of results(info)) addResult(facts, result);
  return facts;
}

function results(info: Json): Json[] {
  const found = RESULTS.flatMap((key) => messages(info, key));
  if (found.length > 0) return found;
  const result = field(info, 'result'); // a oneof as {case, value}
  const value = typeof result === 'object' && result !== null ? (result as Json).value : undefined;
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? messages({ value }, 'value') : [value as Json];
  return OLD_RESULTS.flatMap((key) => {
    const old = field(info, key);
    return typeof old === 'object' && old !== null && !Array.isArray(old) ? [old as Json] : [];
  });
}

function addResult(facts: EgressFacts, result: Json): void {
  const startedAt = instant(result, 'startedAt');
  if (startedAt !== undefined) facts.resultStartedAt = Math.min(startedAt, facts.resultStartedAt ?? startedAt);
  const endedAt = instant(result, 'endedAt');
  if (endedAt !== undefined) facts.resultEndedAt = Math.max(endedAt, facts.resultEndedAt ?? endedAt);
  const duration = int64(result, 'duration');
  if (duration !== undefined && Number.isFinite(duration)) facts.resultDuration = duration / 1e6;
  const size = int64(result, 'size');
  if (size !== undefined && size > 0 && size < 2 ** 53) facts.bytes = (facts.bytes ?? 0) + size;
  facts.location ??= text(result, 'location') ?? text(result, 'playlistLocation') ?? text(result, 'filename');
  if (facts.location === undefined) delete facts.location;
}

export function decodeIngress(info: Json): IngressFacts {
  const ingressId = id(info, 'ingressId', 'ingressInfo.ingressId');
  if (ingressId === undefined)
    throw new NotUnderstood('ingressInfo.ingressId', field(info, 'ingressId'), 'an id (IN_…)');
  const facts: IngressFacts = { id: ingressId };
  facts.inputType = enumName(INGRESS_INPUT, field(info, 'inputType')) ?? 'RTMP_INPUT';
  const identity = id(info, 'participantIdentity', 'ingressInfo.participantIdentity');
  if (identity !== undefined) facts.participantIdentity = identity;
  const state = message(info, 'state', 'ingressInfo.state');
  if (!state) return facts;
  facts.status = enumName(INGRESS_STATUS, field(state, 'status')) ?? 'ENDPOINT_INACTIVE';
  const resourceId = id(state, 'resourceId', 'ingressInfo.state.resourceId');
  if (resourceId !== undefined) facts.resourceId = resourceId;
  for (const key of ['startedAt', 'endedAt'] as const) {
    const ms = instant(state, key);
    if (ms !== undefined) facts[key] = ms;
  }
  const error = text(state, 'error');
  if (error !== undefined) facts.error = error;
  return facts;
}

export function decodeJob(info: Json): JobFacts {
  const jobId = id(info, 'id', 'job.id');
  if (jobId === undefined) throw new NotUnderstood('job.id', field(info, 'id'), 'an id (AJ_…)');
  const facts: JobFacts = { id: jobId };
  const agentName = text(info, 'agentName');
  if (agentName !== undefined) facts.agentName = agentName;
  const dispatchId = id(info, 'dispatchId', 'job.dispatchId');
  if (dispatchId !== undefined) facts.dispatchId = dispatchId;
  const state = message(info, 'state', 'job.state');
  if (!state) return facts;
  facts.status = enumName(JOB_STATUS, field(state, 'status')) ?? 'JS_PENDING';
  for (const key of ['startedAt', 'endedAt'] as const) {
    const ms = instant(state, key);
    if (ms !== undefined) facts[key] = ms;
  }
  const error = text(state, 'error');
  if (error !== undefined) facts.error = error;
  const identity = text(state, 'participantIdentity');
  if (identity !== undefined) facts.participantIdentity = identity;
  return facts;
}
