/** What a contact centre asks of a call: was it offered, was it answered, and how long did the human wait in vain. */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { type Instants, interval, lengthOf, union } from '../metrics/intervals.ts';
import { round } from '../metrics/round.ts';
import type { BoundedFigure, CallFigures, UncertainFigure } from './figures.ts';
import type { Range } from './range.ts';

type Person = CallMetrics['participants']['list'][number];
type ContactFigures = Pick<CallFigures, 'offered' | 'answered' | 'abandoned' | 'waited' | 'humans'>;

/** A phone that was left so had only rung. */
const NOT_ANSWERED: readonly (string | null)[] = ['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE'];

interface Known {
  bounds: Partial<Record<BoundedFigure, Range>>;
  uncertain: Set<UncertainFigure>;
  /** A lost event could turn what stands there. */
  turns(path: string): boolean;
}

/** Adds to what is bounded and uncertain. */
export function contactOf(metrics: CallMetrics, known: Known): ContactFigures {
  const { bounds, uncertain, turns } = known;
  const { noShow } = metrics.agent;
  const on = metrics.status === 'active';
  const humans = countHumans(metrics, known);
  const perhaps = bounds.humans;
  if (perhaps && perhaps[0] === 0 && perhaps[1] !== 0) uncertain.add('human');

  // of noShow it is only said where no event could tell of any human, or where there was one
  const offered = noShow !== null ? true : turns('agent.noShow') ? null : on ? null : false;
  if (turns('agent.expected') || uncertain.has('human')) uncertain.add('offered');

  const together = metrics.agentHumanDuration ?? 0;
  const [least, most] = bounds.agentHumanDuration ?? [together, together];
  const answered = together > 0 ? true : on || offered === null ? null : false;
  if (least === 0 && most !== 0) uncertain.add('answered');

  const inVain = offered !== false && answered !== true;
  const mayBeInVain = (offered !== false || uncertain.has('offered')) && (!answered || uncertain.has('answered'));
  const waited = mayBeInVain && !on ? waitOf(metrics, known, inVain) : null;
  const abandoned = offered === null || (answered === null && offered) ? null : offered && !answered;
  return { offered, answered, abandoned, waited, humans };
}

/** Humans who came and of whom no phone says that it only rang. */
function countHumans({ participants, agent, evidence }: CallMetrics, { bounds, turns }: Known): number {
  const rang = participants.list.filter((person) => isHuman(person) && conversations(person).length === 0).length;
  const count = (unique: number, agents: number) => Math.max(0, unique - agents - rang);
  const value = count(participants.unique, agent.unique);
  const people = evidence.bounds['participants.unique'] as Range | undefined;
  const agents = evidence.bounds['agent.unique'] as Range | undefined;
  const mayHaveRung = turns('sip.answered') ? 1 : 0;
  if (people || agents || mayHaveRung > 0) {
    const [fewest, most] = people ?? [participants.unique, participants.unique];
    const [fewestAgents, mostAgents] = agents ?? [agent.unique, agent.unique];
    const low = mostAgents === null ? 0 : count((fewest ?? 0) - mayHaveRung, mostAgents);
    bounds.humans = [low, most === null ? null : count(most, fewestAgents ?? 0)];
  }
  return value;
}

export const isHuman = ({ role, hidden, sessions }: Person) =>
  role === 'human' && !hidden && sessions.some(({ aborted }) => !aborted);
/** Of a human: connections that were more than the ringing of a phone. */
export const conversations = ({ sessions }: Person) =>
  sessions.filter(({ aborted, disconnectReason }) => !aborted && !NOT_ANSWERED.includes(disconnectReason));

/** How long humans were there, all together. @returns null where it was not in vain, as far as is known */
function waitOf({ participants, evidence }: CallMetrics, { bounds, turns }: Known, inVain: boolean): number | null {
  const humans = participants.list.filter((person) => isHuman(person) && conversations(person).length > 0);
  const stay = union(humans.flatMap(staysOf));
  const value = round(lengthOf(stay) / 1000, 's');
  const limits = humans.map(({ identity, presentSeconds }): Range => {
    const [low, high] = evidence.bounds[`participants.list[identity=${identity}].presentSeconds`] ?? [];
    return low === undefined ? [presentSeconds, presentSeconds] : ([low, high] as Range);
  });
  const told = limits.some(([low, high], i) => low !== humans[i]!.presentSeconds || high !== low);
  if (turns('participants.list')) bounds.waited = [0, null];
  else if (told || !inVain || turns('sip.answered')) {
    const least = turns('sip.answered') ? 0 : Math.max(0, ...limits.map(([low]) => low ?? 0));
    const most = limits.reduce<number | null>(
      (sum, [, high]) => (sum === null || high === null ? null : sum + high),
      0,
    );
    bounds.waited = [least, most === null ? null : round(most, 's')];
  }
  return inVain ? value : null;
}

function staysOf(person: Person): Instants[] {
  return conversations(person).map(({ joinedAt, leftAt }) =>
    interval(Date.parse(joinedAt), Date.parse(leftAt ?? joinedAt)),
  );
}
