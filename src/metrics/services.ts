/** Telephone legs and ingresses. */
import { z } from 'zod';
import { maskNumber } from '../call/phoneNumbers.ts';
import type { Session } from '../call/resolved.ts';
import { numberSchema, value } from './metric.ts';
import { iso } from './round.ts';
import type { Scene } from './scene.ts';

const text = z.string().nullable();
const sipSchema = z.object({
  callId: text,
  direction: z.enum(['inbound', 'outbound']),
  from: text,
  to: text,
  trunk: text,
  status: text,
  answered: z.boolean().nullable(),
  hangupCause: text,
});

const phoneSessions = (scene: Scene): Session[] =>
  scene.resolved.sessions
    .filter(({ phone, person }) => phone !== null && !person.hidden)
    .sort((a, b) => a.span!.start.at - b.span!.start.at || (a.life.sid < b.life.sid ? -1 : 1));

function leg({ life, phone, disconnectReason }: Session, plain: boolean): z.infer<typeof sipSchema> {
  const attribute = (key: string) => life.attributes?.[key] ?? null;
  const number = (key: string) => {
    const found = attribute(key);
    return found === null || plain ? found : maskNumber(found);
  };
  const caller = number('sip.phoneNumber');
  const trunk = number('sip.trunkPhoneNumber');
  const inbound = phone!.inbound;
  return {
    callId: attribute('sip.callID'),
    direction: inbound ? 'inbound' : 'outbound',
    from: inbound ? caller : trunk,
    to: inbound ? trunk : caller,
    trunk: attribute('sip.trunkID'),
    status: attribute('sip.callStatus'),
    answered: phone!.answered,
    hangupCause: disconnectReason,
  };
}

export const SERVICE_METRICS = [
  value({
    path: 'sip',
    unit: 'object',
    formula:
      'The first telephone leg: callId, direction (inbound if it has a dispatch rule), from and to (masked unless asked for), trunk, status, answered, hangup cause; `legs`: how many there were.',
    nullWhen: 'no SIP participant',
    needs: ['participant_joined', 'participant_left'],
    source: 'LiveKit (sip.* attributes, https://docs.livekit.io/sip/sip-participant)',
    schema: sipSchema.extend({ legs: numberSchema('n') }).nullable(),
    compute: (scene) => {
      const sessions = phoneSessions(scene);
      const first = sessions[0];
      return first ? { ...leg(first, scene.options.phoneNumbers === 'plain'), legs: sessions.length } : null;
    },
    *uncertain(scene) {
      const first = phoneSessions(scene)[0];
      if (first && first.life.left === null && first.span!.open === false && !first.phone!.inbound)
        yield 'sip.answered';
    },
    spans: (scene) => phoneSessions(scene).map(({ span }) => span!),
  }),
  value({
    path: 'ingress',
    unit: 'list',
    formula: 'Streams that came in: id, type, status, participant, startedAt, endedAt, error.',
    nullWhen: 'never',
    needs: ['ingress_started', 'ingress_ended'],
    source: 'LiveKit (IngressInfo)',
    schema: z.array(
      z.object({
        id: z.string(),
        type: text,
        status: text,
        participant: text,
        startedAt: text,
        endedAt: text,
        error: text,
      }),
    ),
    compute: ({ resolved }) =>
      resolved.ingresses.map(({ life, span }) => ({
        id: life.id,
        type: life.inputType?.value ?? null,
        status: life.status?.value ?? null,
        participant: life.participantIdentity?.value ?? null,
        startedAt: iso(span.start.at),
        endedAt: span.open || !Number.isFinite(span.end.at) ? null : iso(span.end.at),
        error: life.error?.value ?? null,
      })),
    spans: ({ resolved }) => resolved.ingresses.map(({ span }) => span),
  }),
] as const;
