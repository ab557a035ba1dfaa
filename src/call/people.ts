/** Who is who: persons by identity, with the kind their latest session names and the role that follows (metrics.md rule 6). */
import type { Call, SessionLife } from './call.ts';
import { HUMAN_KINDS, type Identified, type Person, type ResolveOptions, type Role } from './resolved.ts';

const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** The instant by which the sessions of one identity are put in order. */
export function beginOf(session: SessionLife): number {
  return session.joinedAt?.ms ?? session.joined?.ms ?? session.firstSign.ms;
}

/** Persons without their sessions placed yet; `lives` in order of their begin. */
export interface Cast extends Person {
  lives: SessionLife[];
  /** The first sign of the person, ms; infinite until its sessions are placed. */
  firstSign: number;
}

export function castOf(call: Call, options: ResolveOptions): Map<string, Cast> {
  const byIdentity = new Map<string, SessionLife[]>();
  for (const session of call.sessions.values()) {
    const same = byIdentity.get(session.identity);
    if (same) same.push(session);
    else byIdentity.set(session.identity, [session]);
  }
  const cast = new Map<string, Cast>();
  for (const [identity, lives] of byIdentity) {
    if (lives.length > 1) lives.sort((a, b) => beginOf(a) - beginOf(b) || (a.sid < b.sid ? -1 : 1));
    const told = lives.findLast((life) => life.kind !== null)?.kind?.value ?? null;
    const name = lives.findLast((life) => life.name !== null)?.name?.value ?? null;
    const attributes = lives.findLast((life) => life.attributes !== null)?.attributes ?? NO_ATTRIBUTES;
    const role = roleOf({ identity, name, kind: told, attributes }, lives, options);
    cast.set(identity, {
      identity,
      name,
      kind: told ?? defaultKind(role),
      role,
      hidden: lives.some((life) => life.hidden),
      onBehalfOf: role === 'agent' ? (attributes['lk.publish_on_behalf'] ?? null) : null,
      agentName: role === 'agent' ? attributes['lk.agent.name'] || null : null,
      sessions: [],
      lives,
      firstSign: Number.POSITIVE_INFINITY,
    });
  }
  return cast;
}

function roleOf(who: Identified, lives: readonly SessionLife[], options: ResolveOptions): Role {
  const own = options.classify?.(who);
  if (own !== undefined) return own;
  if (who.kind !== null)
    return who.kind === 'AGENT' ? 'agent' : who.kind === 'EGRESS' || who.kind === 'INGRESS' ? 'service' : 'human';
  if (lives.some((life) => life.recorder) || who.identity.startsWith('EG_')) return 'service';
  if (lives.some((life) => life.agent) || /^agent[-_]/.test(who.identity)) return 'agent';
  return 'human';
}

function defaultKind(role: Role): string {
  return role === 'agent' ? 'AGENT' : role === 'service' ? 'EGRESS' : 'STANDARD';
}

/** LiveKit keeps a room open for these: all but agents and recorders. */
export function holdsRoom(person: Person): boolean {
  return person.role === 'human' || person.kind === 'INGRESS' || HUMAN_KINDS.has(person.kind);
}
