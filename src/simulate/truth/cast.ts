import type { Call, Person, Role, Session, Source, Span, Track } from '../call.ts';
import { roleOf, trackEnd } from '../call.ts';

/** Somebody the contract counts as a person: a human or an agent who came and may be seen. */
export interface Member {
  identity: string;
  role: Role;
  /** Their own connections. */
  sessions: Session[];
  /** Those, and the connections of the avatars that act for them. */
  presence: Session[];
  published: Published[];
  /** Rings unanswered, and so is with nobody. */
  ringing: boolean;
}

/** A track as long as it was up. */
export interface Published extends Span {
  type: Track['type'];
  source: Source;
}

/** The contract's names of LiveKit's track sources. */
export const SOURCE_KEYS: Record<Source, string> = {
  UNKNOWN: 'unknown',
  CAMERA: 'camera',
  MICROPHONE: 'microphone',
  SCREEN_SHARE: 'screenShare',
  SCREEN_SHARE_AUDIO: 'screenShareAudio',
};

/** Reasons of a leave that say that nobody answered the phone. */
export const UNANSWERED: Record<string, string> = {
  USER_UNAVAILABLE: 'no_answer',
  USER_REJECTED: 'rejected',
  SIP_TRUNK_FAILURE: 'trunk_failure',
};

export const isAvatar = ({ attributes }: Person): boolean => attributes['lk.publish_on_behalf'] !== undefined;

export const hasCome = ({ sessions }: Person): boolean => sessions.length > 0;

export function publishedBy(person: Person): Published[] {
  return person.sessions.flatMap((session) =>
    session.tracks.map((track) => ({ ...track, to: trackEnd(track, session) })),
  );
}

export const isAudio = ({ type }: Published): boolean => type === 'AUDIO';
export const isMicrophone = ({ type, source }: Published): boolean =>
  source === 'MICROPHONE' || (source === 'UNKNOWN' && type === 'AUDIO');
export const isSight = ({ source }: Published): boolean => source === 'CAMERA' || source === 'SCREEN_SHARE';

/** `sip.answered`; undefined for one who is no phone. */
export function answered({ kind, attributes, sessions }: Person): boolean | null | undefined {
  if (kind !== 'SIP') return undefined;
  if (sessions.some(({ reason }) => reason !== null && reason in UNANSWERED)) return false;
  const spoke = sessions.some(({ tracks }) => tracks.some(({ type }) => type === 'AUDIO'));
  return attributes['sip.ruleID'] !== undefined || spoke ? true : null;
}

export function membersOf(call: Call): Member[] {
  const seen = call.people.filter((person) => !person.hidden && roleOf(person) !== 'service' && hasCome(person));
  return seen
    .filter((person) => !isAvatar(person))
    .map((person) => {
      const avatars = seen.filter(({ attributes }) => attributes['lk.publish_on_behalf'] === person.identity);
      const bodies = [person, ...avatars];
      return {
        identity: person.identity,
        role: roleOf(person),
        sessions: person.sessions,
        presence: bodies.flatMap(({ sessions }) => sessions),
        published: bodies.flatMap(publishedBy),
        ringing: answered(person) === false,
      };
    });
}
