/**
 * The state machines of a call, one table each: state -> signal -> next state. A signal that LiveKit never sends in that
 * state means that an event was lost: the step then names which one.
 *
 * `over` is the end of what contains the thing: a track's publisher left, a session's, egress' or ingress' room ended.
 */
import type { EventType } from '../webhook/event.ts';

interface Step<State extends string> {
  to: State;
  /** The event that must have been lost, since this signal came in this state. */
  lost?: EventType;
}
type Machine<State extends string, Signal extends string> = {
  initial: State;
  steps: Record<State, Partial<Record<Signal, Step<State>>>>;
};

const to = <State extends string>(state: State, lost?: EventType): Step<State> => (lost ? { to: state, lost } : { to: state });

export const ROOM = machine('unheard', {
  unheard: { started: to('active'), sign: to('active', 'room_started'), finished: to('finished', 'room_started') },
  active: { started: to('active'), sign: to('active'), finished: to('finished'), silence: to('expired', 'room_finished') },
  finished: { started: to('active', 'room_finished'), sign: to('active', 'room_started'), finished: to('finished') },
  expired: {},
});

export const SESSION = machine('unseen', {
  unseen: {
    joined: to('present'),
    sign: to('present', 'participant_joined'),
    left: to('left', 'participant_joined'),
    aborted: to('aborted'),
  },
  present: { joined: to('present'), sign: to('present'), left: to('left'), aborted: to('left'), over: to('left', 'participant_left') },
  left: {},
  aborted: {},
});

export const TRACK = machine('unseen', {
  unseen: { published: to('published'), unpublished: to('unpublished', 'track_published') },
  published: { unpublished: to('unpublished'), over: to('unpublished', 'track_unpublished') },
  unpublished: {},
});

export const EGRESS = machine('unseen', {
  unseen: {
    requested: to('starting'),
    active: to('active', 'egress_started'),
    ended: to('ended', 'egress_started'),
    failed: to('failed'), // an automatic egress may fail before it was ever announced
  },
  starting: { active: to('active'), ended: to('ended'), failed: to('failed'), over: to('ended', 'egress_ended') },
  active: { active: to('active'), ended: to('ended'), failed: to('failed'), over: to('ended', 'egress_ended') },
  ended: {},
  failed: {},
});

export const INGRESS = machine('unseen', {
  unseen: { started: to('publishing'), ended: to('ended', 'ingress_started') },
  publishing: { ended: to('ended'), over: to('ended', 'ingress_ended') },
  ended: {},
});

export const JOB = machine('unseen', {
  unseen: { started: to('running'), ended: to('ended', 'agent_job_started') },
  running: { ended: to('ended'), over: to('ended', 'agent_job_ended') },
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
): { state: State; lost: EventType[] } {
  let state = initial;
  let lost: EventType[] = [];
  for (const signal of signals) {
    const step: Step<State> | undefined = signal ? steps[state][signal] : undefined;
    if (step === undefined) continue;
    state = step.to;
    if (step.lost) lost = [...lost, step.lost];
  }
  return { state, lost };
}
