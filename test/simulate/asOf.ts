import type { Call, Span } from '../../src/simulate/call.ts';

/** The call as it was at an earlier instant: what came later has not happened, what ended later still goes on. */
export function asOf(call: Call, now: number): Call {
  const known = (instant: number | null) => (instant !== null && instant <= now ? instant : null);
  const open = <S extends Span>(span: S): S => ({ ...span, to: known(span.to) });
  return {
    ...call,
    now,
    room: {
      ...call.room,
      starts: call.room.starts.filter((at) => at <= now),
      ends: call.room.ends.filter((at) => at <= now),
    },
    people: call.people
      .map((person) => ({
        ...person,
        // Until media connects no webhook tells of a session.
        sessions: person.sessions
          .filter(({ active }) => active <= now)
          .map((session) => ({
            ...open(session),
            reason: known(session.to) === null ? null : session.reason,
            tracks: session.tracks.filter(({ from }) => from <= now).map(open),
          })),
        aborted: person.aborted.filter(({ at }) => at <= now),
      }))
      .filter(({ sessions, aborted }) => sessions.length + aborted.length > 0),
    egresses: call.egresses
      .filter(({ requestedAt }) => requestedAt <= now)
      .map((egress) =>
        known(egress.reportedAt) === null
          ? { ...egress, activeAt: known(egress.activeAt), stoppedAt: null, reportedAt: null, outcome: null }
          : egress,
      ),
    ingresses: call.ingresses.filter(({ from }) => from <= now).map(open),
    jobs: call.jobs.filter(({ from }) => from <= now).map(open),
  };
}
