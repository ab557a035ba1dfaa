/** Who spoke when, and over whom, by what agents told of their turns. */
import { z } from 'zod';
import { type Instants, intersect, interval, lengthOf, subtract, union } from './intervals.ts';
import { type Bound, numberSchema, value } from './metric.ts';
import { round, seconds } from './round.ts';
import type { Scene, View } from './scene.ts';
import { isPossible, longestPossible, type Turn, type Turns, turnsOf } from './turns.ts';

/** A longer silence is dead air, s. */
const DEAD_AIR = 3;

interface Talk {
  human: Instants;
  agent: Instants;
  /** From the first speech to the end of the last. */
  whole: Instants;
}
type Side = Turn['side'];

/** When each side spoke; null where that is not known of both. A side without any turn is known to have said nothing. */
export const talkOf = (scene: Scene): Talk | null => {
  const turns = turnsOf(scene);
  return turns && scene.once('conversation.talk', () => findTalk(turns));
};

function findTalk(turns: Turns): Talk | null {
  const human = speechOf(turns, 'human');
  const agent = speechOf(turns, 'agent');
  if (human === null || agent === null) return null;
  const both = union([human, agent]);
  return { human, agent, whole: interval(both[0]!, both.at(-1)!) };
}

function speechOf(turns: Turns, side: Side): Instants | null {
  const spoken = spokenOf(turns[side]);
  const silent = turns[side].length === 0 && spokenOf(turns.turns).length > 0;
  return spoken.length > 0 || silent ? union(spoken.map(({ from, to }) => interval(from, to))) : null;
}

interface Spoken {
  turn: Turn;
  from: number;
  to: number;
}

/** Turns whose speaking times were told, by their begin. */
function spokenOf(turns: readonly Turn[]): Spoken[] {
  return turns.flatMap((turn) =>
    turn.started === null || turn.stopped === null ? [] : [{ turn, from: turn.started, to: turn.stopped }],
  );
}

/** Each of the first that begins while one of the others speaks, with the one of these that speaks longest. */
function startsWithin(those: readonly Spoken[], others: readonly Spoken[]): { inner: Spoken; outer: Spoken }[] {
  const found: { inner: Spoken; outer: Spoken }[] = [];
  let outer: Spoken | null = null;
  let next = 0;
  for (const inner of those) {
    for (; next < others.length && others[next]!.from < inner.from; next++)
      if (outer === null || others[next]!.to > outer.to) outer = others[next]!;
    if (outer !== null && inner.from < outer.to) found.push({ inner, outer });
  }
  return found;
}

/** Human speech that begins while an agent speaks, save the last before the agent was cut off: that was the interruption. */
function backchannelsIn(human: readonly Spoken[], agent: readonly Spoken[]): number {
  const begun = startsWithin(human, agent);
  const interrupted = new Set(begun.map(({ outer }) => outer.turn).filter(({ message }) => message.interrupted));
  return begun.length - interrupted.size;
}

function monologueOf({ human, agent }: Talk): { role: Side; seconds: number } | null {
  const ofHuman = longestOf(human);
  const ofAgent = longestOf(agent);
  if (ofHuman === 0 && ofAgent === 0) return null;
  return ofAgent > ofHuman
    ? { role: 'agent', seconds: round(seconds(ofAgent), 's') }
    : { role: 'human', seconds: round(seconds(ofHuman), 's') };
}

function longestOf(set: Instants): number {
  let longest = 0;
  for (let i = 0; i < set.length; i += 2) longest = Math.max(longest, set[i + 1]! - set[i]!);
  return longest;
}

function deadAirOf(silence: Instants): z.infer<typeof deadAirSchema> {
  let count = 0;
  let total = 0;
  let longest = 0;
  for (let i = 0; i < silence.length; i += 2) {
    const ms = silence[i + 1]! - silence[i]!;
    if (seconds(ms) <= DEAD_AIR) continue;
    count++;
    total += ms;
    longest = Math.max(longest, ms);
  }
  return {
    threshold: DEAD_AIR,
    count,
    total: round(seconds(total), 's'),
    longest: round(seconds(longest), 's'),
  };
}

/** s from when the first human joined, by LiveKit's clock, to the first word of an agent, by its own; null where one of the clocks is wrong. */
function firstWord(scene: Scene, { agent }: Turns): number | null {
  const word = agent.find(({ started }) => started !== null);
  if (word === undefined || scene.humans.length === 0) return null;
  const after = seconds(word.started! - scene.point.firstHuman);
  return isPossible(after, longestPossible(scene)) ? after : null;
}

/** As far as it is uncertain when the first human joined. */
function* boundsOf(scene: Scene, core: View, hull: View): Generator<Bound> {
  const turns = turnsOf(scene);
  const value = turns && firstWord(scene, turns);
  if (value === null) return;
  const joined = scene.point.firstHuman;
  const later = seconds(core.firstHuman - joined);
  const low = Math.max(0, value - later);
  yield {
    path: 'conversation.timeToFirstAgentWord',
    unit: 's',
    value,
    low,
    high: value + seconds(joined - hull.firstHuman),
  };
}

const talk = z.object({ human: numberSchema('s').nullable(), agent: numberSchema('s').nullable() });
const deadAirSchema = z.object({
  threshold: numberSchema('s'),
  count: numberSchema('n'),
  total: numberSchema('s'),
  longest: numberSchema('s'),
});
const conversationSchema = z.object({
  turns: numberSchema('n'),
  humanTurns: numberSchema('n'),
  agentTurns: numberSchema('n'),
  talkSeconds: talk.describe(
    'union of the turns of each side whose speaking times were told; null: there are turns, and none of them tells',
  ),
  talkTimeShare: numberSchema('share')
    .nullable()
    .describe('agent’s talk / the conversation, first speech .. end of the last (field: agent talk time %)'),
  talkToListenRatio: numberSchema('mean')
    .nullable()
    .describe('agent’s talk / human’s talk; null: the human said nothing'),
  overlapSeconds: numberSchema('s').nullable().describe('both speak'),
  silenceSeconds: numberSchema('s').nullable().describe('nobody speaks, first speech .. end of the last'),
  deadAir: deadAirSchema.nullable().describe('silences longer than the threshold, s'),
  longestMonologue: z
    .object({ role: z.enum(['human', 'agent']), seconds: numberSchema('s') })
    .nullable()
    .describe('longest unbroken speech of one side; what the other says meanwhile does not break it'),
  interruptions: z
    .object({
      humanInterruptsAgent: numberSchema('n'),
      agentInterruptsHuman: numberSchema('n').nullable(),
      backchannels: numberSchema('n').nullable(),
    })
    .describe(
      'humanInterruptsAgent: agent turns that were cut off. agentInterruptsHuman: agent turns that begin while a human speaks. backchannels: human turns that begin while an agent speaks, and do not cut it off',
    ),
  timeToFirstAgentWord: numberSchema('s')
    .nullable()
    .describe(
      'first human joined .. an agent’s first word, by the agent’s clock; null: no human, no such word, or one of the clocks is wrong',
    ),
});

function conversationOf(scene: Scene): z.infer<typeof conversationSchema> | null {
  const turns = turnsOf(scene);
  if (turns === null) return null;
  const { human, agent } = turns;
  const talk = talkOf(scene);
  const spoken = { human: spokenOf(human), agent: spokenOf(agent) };
  const silence = talk && subtract(talk.whole, union([talk.human, talk.agent]));
  const shown = (set: Instants | null) => set && round(seconds(lengthOf(set)), 's');
  const talked = { human: lengthOf(talk?.human ?? []), agent: lengthOf(talk?.agent ?? []) };
  const first = firstWord(scene, turns);
  return {
    turns: turns.turns.length,
    humanTurns: human.length,
    agentTurns: agent.length,
    talkSeconds: { human: shown(speechOf(turns, 'human')), agent: shown(speechOf(turns, 'agent')) },
    talkTimeShare: talk && talk.whole.length > 0 ? round(talked.agent / lengthOf(talk.whole), 'share') : null,
    talkToListenRatio: talked.human > 0 ? round(talked.agent / talked.human, 'mean') : null,
    overlapSeconds: talk && shown(intersect(talk.human, talk.agent)),
    silenceSeconds: shown(silence),
    deadAir: silence && deadAirOf(silence),
    longestMonologue: talk && monologueOf(talk),
    interruptions: {
      humanInterruptsAgent: agent.filter(({ message }) => message.interrupted).length,
      agentInterruptsHuman: talk && startsWithin(spoken.agent, spoken.human).length,
      backchannels: talk && backchannelsIn(spoken.human, spoken.agent),
    },
    timeToFirstAgentWord: first === null ? null : round(first, 's'),
  };
}

export const CONVERSATION_METRICS = [
  value({
    path: 'conversation',
    toldByUploads: true,
    unit: 'object',
    formula:
      'By the agents’ telemetry and clocks, over all jobs of the room: human turns are user messages, agent turns assistant messages; talk, overlap, silence, dead air and interruptions by their speaking times. What needs the times of both sides is null where one side’s were not told.',
    nullWhen: 'no telemetry that tells of messages',
    needs: [],
    source:
      'LiveKit Agents (ChatMessage.metrics); Amazon Connect Contact Lens (agent talk time percent, non-talk time), Rafiki (talk-to-listen, https://docs.getrafiki.ai/en/articles/6786511-conversation-metrics), Revenue.io (streaks, backchannels)',
    schema: conversationSchema.nullable(),
    compute: conversationOf,
    bounds: boundsOf,
  }),
] as const;
