/** What may have gone wrong with the sound, as far as webhooks tell, and agents of what they understood. */
import { z } from 'zod';
import type { Session } from '../call/resolved.ts';
import { byText } from './byText.ts';
import { intersect, lengthOf, subtract } from './intervals.ts';
import { value } from './metric.ts';
import { iso } from './round.ts';
import type { Actor, Scene } from './scene.ts';
import { turnsOf } from './turns.ts';

/** `info` tells, and spoils nothing; the worst of the others is the grade. */
const SEVERITY = {
  human_without_audio: 'minor',
  agent_without_audio: 'major',
  audio_gap: 'minor',
  reconnect: 'minor',
  involuntary_disconnect: 'major',
  connection_aborted: 'minor',
  plain_codec: 'info',
  no_redundancy: 'info',
  low_transcript_confidence: 'minor',
} as const;
type Code = keyof typeof SEVERITY;
interface Issue {
  code: Code;
  severity: 'info' | 'minor' | 'major';
  identity: string | null;
  trackSid: string | null;
  from: string;
  to: string | null;
}

const INVOLUNTARY = new Set([
  'SIGNAL_CLOSE',
  'CONNECTION_TIMEOUT',
  'MEDIA_FAILURE',
  'STATE_MISMATCH',
  'JOIN_FAILURE',
  'AGENT_ERROR',
]);
/** Telephone codecs without a wide band (RFC 3551). */
const PLAIN = /^audio\/(pcmu|pcma|g722)$/i;

/** Our own: below it the transcript is more likely wrong than right. */
const LOW_CONFIDENCE = 0.5;

const issues = (scene: Scene): Issue[] => scene.once('audio.issues', () => findIssues(scene));

function findIssues(scene: Scene): Issue[] {
  const found: Issue[] = [];
  const add = (code: Code, identity: string | null, trackSid: string | null, from: number, to: number | null) =>
    found.push({
      code,
      severity: SEVERITY[code],
      identity,
      trackSid,
      from: iso(from),
      to: to === null ? null : iso(to),
    });
  const { together } = scene.point;
  for (const actor of scene.people) {
    const present = scene.point.presence(actor);
    const heard = actor.tracks.filter(({ audio }) => audio);
    const spoken = scene.point.conversations(actor).length > 0;
    const met = intersect(together, present);
    if (heard.length === 0 && spoken && lengthOf(met) > 0)
      add(
        actor.role === 'agent' ? 'agent_without_audio' : 'human_without_audio',
        actor.identity,
        null,
        met[0]!,
        met.at(-1)!,
      );
    for (const [from, to] of audioGaps(scene, actor)) add('audio_gap', actor.identity, null, from, to);
    for (const { life, span } of heard) {
      const until = span.open ? null : span.end.at;
      if (PLAIN.test(life.mimeType ?? '')) add('plain_codec', actor.identity, life.sid, span.start.at, until);
      else if (life.disableRed || life.mimeType?.toLowerCase() === 'audio/opus')
        add('no_redundancy', actor.identity, life.sid, span.start.at, until);
    }
    for (const [i, session] of actor.sessions.entries()) addConnection(actor, session, i);
  }
  for (const { life, person, aborted } of scene.resolved.sessions)
    if (aborted && person.role !== 'service' && !person.hidden)
      add('connection_aborted', person.identity, null, life.joinedAt?.ms ?? life.firstSign.ms, life.aborted!.ms);
  addMisheard();
  return found.sort(
    (a, b) =>
      byText(a.from, b.from) ||
      byText(a.code, b.code) ||
      byText(a.identity ?? '', b.identity ?? '') ||
      byText(a.trackSid ?? '', b.trackSid ?? ''),
  );

  function addMisheard(): void {
    const [human, ...others] = scene.humans;
    const identity = human && others.length === 0 ? human.identity : null;
    for (const { message, at, stopped } of turnsOf(scene)?.human ?? []) {
      const { confidence = 0 } = message; // LiveKit's 0 says that the recogniser tells none
      if (confidence > 0 && confidence < LOW_CONFIDENCE && Number.isFinite(at))
        add('low_transcript_confidence', identity, null, at, Math.max(at, stopped ?? at));
    }
  }

  function addConnection(actor: Actor, { span, disconnectReason, person }: Session, index: number): void {
    if (person.identity !== actor.identity) return; // an avatar's connection is not the agent's
    if (index > 0) {
      // the new connection may be there before the old one is gone
      const back = span!.start.at;
      add('reconnect', actor.identity, null, Math.min(actor.sessions[index - 1]!.span!.end.at, back), back);
    }
    if (INVOLUNTARY.has(disconnectReason ?? ''))
      add('involuntary_disconnect', actor.identity, null, span!.end.at, span!.end.at);
  }
}

/** Stretches within a presence in which audio had been up, was not, and came again. */
function audioGaps({ point }: Scene, actor: Actor): [number, number][] {
  const up = point.tracks(actor, ({ audio }) => audio);
  if (up.length < 4) return [];
  const down = subtract(intersect(point.presence(actor), [up[0]!, up.at(-1)!]), up);
  const gaps: [number, number][] = [];
  for (let i = 0; i < down.length; i += 2) gaps.push([down[i]!, down[i + 1]!]);
  return gaps;
}

function grade(scene: Scene): 'good' | 'fair' | 'poor' | 'unknown' {
  const found = issues(scene);
  if (found.some(({ severity }) => severity === 'major')) return 'poor';
  if (found.some(({ severity }) => severity === 'minor')) return 'fair';
  return scene.people.some(({ tracks }) => tracks.some(({ audio }) => audio)) ? 'good' : 'unknown';
}

const NEEDS = [
  'participant_joined',
  'participant_left',
  'track_published',
  'track_unpublished',
  'participant_connection_aborted',
] as const;

export const AUDIO_METRICS = [
  value({
    path: 'audio.grade',
    unit: 'enum',
    formula:
      'The worst issue decides: `poor` by a major one, `fair` by a minor one, else `good` where audio was published.',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own rule, over what webhooks and agents tell',
    schema: z.enum(['good', 'fair', 'poor', 'unknown']),
    compute: grade,
    // a lost leave has a lost reason, a lost track boundary may be a gap
    uncertain: ({ people }) =>
      people.some(({ sessions, tracks }) =>
        [...sessions, ...tracks].some(({ span }) => !span!.open && !(span!.start.observed && span!.end.observed)),
      )
        ? ['audio.grade']
        : [],
  }),
  value({
    path: 'audio.issues',
    unit: 'list',
    formula:
      'From webhooks: human_without_audio, agent_without_audio (beside the other for some time), audio_gap (unpublished, then published again), reconnect, involuntary_disconnect, connection_aborted, plain_codec, no_redundancy. From telemetry, by the agent’s clock: low_transcript_confidence (a human turn’s below 0.5; whose it was is known of one human alone).',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    schema: z.array(
      z.object({
        code: z.enum(Object.keys(SEVERITY) as [Code, ...Code[]]),
        severity: z.enum(['info', 'minor', 'major']),
        identity: z.string().nullable(),
        trackSid: z.string().nullable(),
        from: z.string(),
        to: z.string().nullable(),
      }),
    ),
    compute: issues,
    spans: (scene) => scene.resolved.tracks.map(({ span }) => span),
  }),
] as const;
