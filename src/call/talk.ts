/**
 * What agents told of their sessions, folded: by job, each chat item once, whichever uploads told of it and in whatever
 * order. Where two tell different values of the same thing, as by another rounding, the greater one stands.
 */
import type { AgentFacts, ChatItem, Span, Usage } from '../telemetry/facts.ts';

export interface Talk {
  /** '' where no job was told. */
  jobId: string;
  agentName: string | null;
  sdkVersion: string | null;
  closeReason: string | null;
  tags: Set<string>;
  /** Whence it is known: the uploads' ids, and the latest instant in each, epoch ms. */
  uploads: Map<string, number>;
  items: Map<string, ChatItem>;
  spans: Map<string, Span>;
  /** By kind, provider and model. */
  usage: Map<string, Usage>;
  /** Some of it was stored without its words. */
  redacted: boolean;
}

function newTalk(jobId: string): Talk {
  return {
    jobId,
    agentName: null,
    sdkVersion: null,
    closeReason: null,
    tags: new Set(),
    uploads: new Map(),
    items: new Map(),
    spans: new Map(),
    usage: new Map(),
    redacted: false,
  };
}

export function hear(talks: Map<string, Talk>, facts: AgentFacts, upload: { id: string; ms: number }): void {
  const jobId = facts.jobId ?? '';
  let talk = talks.get(jobId);
  if (talk === undefined) {
    talk = newTalk(jobId);
    talks.set(jobId, talk);
  }
  talk.agentName = greater(talk.agentName, facts.agentName);
  talk.sdkVersion = greater(talk.sdkVersion, facts.sdkVersion);
  talk.closeReason = greater(talk.closeReason, facts.closeReason);
  talk.uploads.set(upload.id, upload.ms);
  talk.redacted ||= facts.redacted;
  for (const tag of facts.tags ?? []) talk.tags.add(tag);
  for (const item of facts.items) talk.items.set(item.id, merged(talk.items.get(item.id), item));
  for (const span of facts.spans ?? []) talk.spans.set(span.id, merged(talk.spans.get(span.id), span));
  for (const usage of facts.usage) {
    const key = JSON.stringify([usage.kind, usage.provider, usage.model]);
    talk.usage.set(key, merged(talk.usage.get(key), usage)); // each tells what has been used so far
  }
}

function greater<T extends string | number | boolean>(a: T | null | undefined, b: T | undefined): T | null {
  if (a === null || a === undefined) return b ?? null;
  return b !== undefined && b > a ? b : a;
}

function merged<T extends object>(a: T | undefined, b: T): T {
  if (a === undefined) return { ...b };
  for (const [key, value] of Object.entries(b)) {
    const held = (a as Record<string, unknown>)[key] as string | undefined;
    (a as Record<string, unknown>)[key] = greater(held, value as string);
  }
  return a;
}
