/**
 * The state machines of a call, one table each: state -> signal -> next state. A signal that LiveKit never sends in that
 * state means that an event was lost: the step then names which one, and whether it began or ended the thing.
 *
 * `over` is the end of what contains the thing: a track's publisher left, a session's, egress' or ingress' room ended.
 */
import type { EventType } from '../webhook/event.ts';

/** The events that must have been lost: the one that begins the thing, the one that ends it. */
export interface Lost {
  start?: EventType;
  end?: EventType;
}
interface Step<State extends string> extends Lost {
  to: State;
}
interface Machine<State extends string, Signal extends string> {
  initial: State;
  steps: Record<State, Partial<Record<Signal, Step<State>>>>;
}

const to = <State extends string>(state: State, lost: Lost = {}): Step<State> => ({ to: state, ...lost });

export const ROOM = machine('unheard', {
  unheard: {
    started: to('active'),
    sign: to('active', { start: 'room_started' }),
    finished: to('finished', { start: 'room_started' }),
    silence: to('expired', { start: 'room_started', end: 'room_finished' }), // only its services were heard of
  },
  active: {
    started: to('active'),
    sign: to('active'),
    finished: to('finished'),
    silence: to('expired', { end: 'room_finished' }),
  },
  finished: { started: to('active') }, // its node died, and LiveKit hosts the same sid anew
  expired: {},
});

export const SESSION = machine('unseen', {
  unseen: {
    joined: to('present'),
    sign: to('present', { start: 'participant_joined' }),
    left: to('left', { start: 'participant_joined' }),
    aborted: to('aborted'),
  },
  present: { left: to('left'), aborted: to('left'), over: to('left', { end: 'participant_left' }) },
  left: {},
  aborted: {},
});

export const TRACK = machine('unseen', {
  unseen: { published: to('published'), unpublished: to('unpublished', { start: 'track_published' }) },
  published: { unpublished: to('unpublished'), over: to('unpublished', { end: 'track_unpublished' }) },
  unpublished: {},
});

export const EGRESS = machine('unseen', {
  unseen: {
    requested: to('starting'),
    active: to('active'),
    ended: to('ended', { start: 'egress_started' }),
    failed: to('failed'), // an automatic egress may fail before it was ever announced
  },
  starting: {
    active: to('active'),
    ended: to('ended'),
    failed: to('failed'),
    over: to('ended', { start: 'egress_updated', end: 'egress_ended' }),
  },
  active: { ended: to('ended'), failed: to('failed'), over: to('ended', { end: 'egress_ended' }) },
  ended: {},
  failed: {},
});

export const INGRESS = machine('unseen', {
  unseen: { started: to('publishing'), ended: to('ended', { start: 'ingress_started' }) },
  publishing: { ended: to('ended'), over: to('ended', { end: 'ingress_ended' }) },
  ended: {},
});

export const JOB = machine('unseen', {
  unseen: { started: to('running'), ended: to('ended', { start: 'agent_job_started' }) },
  running: { ended: to('ended'), over: to('ended', { end: 'agent_job_ended' }) },
  ended: {},
});

function machine<State extends string, Signal extends string>(
  initial: State,
  steps: Machine<State, Signal>['steps'],
): Machine<State, Signal> {
  return { initial, steps };
}

/** Runs a thing's signals, in causal order, through its machine; a signal that means nothing in a state changes nothing. */
export function run<State extends string, Signal extends string>(
  { initial, steps }: Machine<State, Signal>,
  signals: readonly (Signal | false | null)[],
): { state: State; lost: Lost } {
  let state = initial;
  const lost: Lost = { start: undefined, end: undefined };
  for (const signal of signals) {
    const step: Step<State> | undefined = signal ? steps[state][signal] : undefined;
    if (step === undefined) continue;
    state = step.to;
    lost.start ??= step.start;
    lost.end ??= step.end;
  }
  return { state, lost };
}
