/** When the agent came, whether it spoke, and whether it stayed. */
import { z } from 'zod';
import { atLeast, type Instants, intersect, interval, lengthOf, NEVER, subtract, union } from './intervals.ts';
import { wait, waitRange } from './latency.ts';
import { growing, number, value } from './metric.ts';
import { iso, seconds } from './round.ts';
import { type Actor, extent, type Scene, type View } from './scene.ts';

const PRESENCE_EVENTS = ['participant_joined', 'participant_left'] as const;
const AUDIO_EVENTS = [...PRESENCE_EVENTS, 'track_published', 'track_unpublished'] as const;
const isSip = ({ kind }: Actor) => kind === 'SIP';
const certainly = ({ sessions }: Actor) => sessions.some(({ span }) => span!.certain);
const spansOf = (actors: readonly Actor[]) => actors.flatMap(({ sessions }) => sessions.map(({ span }) => span!));
const agentSpans = ({ agents }: Scene) => spansOf(agents);
const bothSpans = ({ humans, agents }: Scene) => spansOf([...humans, ...agents]);
const audioSpans = (scene: Scene) => [
  ...bothSpans(scene),
  ...scene.agents.flatMap(({ tracks }) => tracks.filter(({ audio }) => audio).map(({ span }) => span)),
];

const hasHumans = ({ humans, point }: Scene) => humans.some((human) => point.conversations(human).length > 0);
const hasAgents = ({ agents }: Scene) => agents.length > 0;

/** When an agent could be heard by a human. */
export const audible = (view: View): Instants => intersect(view.agentAudio, view.humans);

function waitMetric(answer: (view: View) => Instants) {
  return {
    of: ({ point }: Scene) => {
      const ms = wait(answer(point), point.firstHuman);
      return ms === null ? null : seconds(ms);
    },
    range: (_: Scene, core: View, hull: View) => {
      const [low, high] = waitRange(hull.firstHuman, core.firstHuman, answer(core), answer(hull));
      return low === Number.POSITIVE_INFINITY ? null : ([seconds(low), seconds(high)] as const);
    },
  };
}

/** What the option says of this room; undefined where it does not. */
function toldExpected({ resolved: { call }, options }: Scene): boolean | undefined {
  return options.agentExpected?.({ sid: call.roomSid, name: call.room.name?.value ?? null });
}

export function expected(scene: Scene): boolean {
  const { resolved, agents, humans } = scene;
  return (
    toldExpected(scene) ?? (agents.length > 0 || resolved.jobs.length > 0 || humans.some(isSip) || humans.length < 2)
  );
}

export function noShow(scene: Scene): boolean | null {
  if (!hasHumans(scene) || !expected(scene)) return null;
  return !hasAgents(scene) && seconds(lengthOf(scene.point.humans)) > scene.options.noShowAfter;
}

/** When the last agent left for good, and the humans around that instant. */
function leftFirst(scene: Scene): boolean | null {
  if (!hasHumans(scene) || !hasAgents(scene)) return null;
  const left = scene.point.agents.at(-1) ?? extent(scene.point, scene.agents)!.to;
  return leftAlone(scene, scene.point, scene.point, left, left);
}

/**
 * Exactly one human was there at some instant of [from, to], and stayed, alone and without a break, for longer than the
 * grace. `there` is the look in which that human stays, `others` the one in which nobody else may be.
 */
function leftAlone(scene: Scene, there: View, others: View, from: number, to: number): boolean {
  const grace = scene.options.leftFirstGrace * 1000;
  const around = interval(from, to + grace + 1);
  const alone = aloneWithin(scene, around, there, others);
  return alone.some((stretches) => {
    for (let i = 0; i < stretches.length; i += 2) {
      const start = Math.max(stretches[i]!, from);
      if (start <= to && stretches[i + 1]! - start > grace) return true;
    }
    return false;
  });
}

/** For each human the stretches, within `around`, in which that human was there and nobody else. */
function aloneWithin(scene: Scene, around: Instants, there: View, others: View): Instants[] {
  const near: { stays: Instants; may: Instants }[] = [];
  for (const human of scene.humans) {
    const stays = intersect(there.reachable(human), around);
    const may = others === there ? stays : intersect(others.reachable(human), around);
    if (stays.length + may.length > 0) near.push({ stays, may });
  }
  const those = near.map(({ may }) => may);
  const somebody = union(those);
  const several = atLeast(2, those);
  return near.map(({ stays, may }) => {
    const alone = subtract(stays, several);
    if (alone.length === 0) return NEVER;
    const meanwhile = intersect(somebody, [alone[0]!, alone.at(-1)!]);
    return subtract(alone, subtract(meanwhile, may));
  });
}

function leftFirstMayTurn(scene: Scene): boolean {
  if (!hasHumans(scene) || !hasAgents(scene)) return false;
  const core = scene.look('core');
  const hull = scene.look('hull');
  const earliest = extent(core, scene.agents)!.to;
  const latest = extent(hull, scene.agents)!.to;
  const said = leftFirst(scene);
  if (!leftAlone(scene, hull, core, earliest, latest)) return said === true;
  // certain only where one human's core, with nobody else possible, covers every instant it may have been
  const throughout = interval(earliest, latest + scene.options.leftFirstGrace * 1000 + 1);
  const certain = aloneWithin(scene, throughout, core, hull).some(
    (stretches) => lengthOf(stretches) === lengthOf(throughout),
  );
  return !(certain && said === true);
}

/** Longest unbroken stretch with a human present between two different agents, ms. */
function handoffGap(view: View): number {
  const withoutAgent = subtract(view.humans, view.agents);
  const left = new Map<number, Set<Actor>>();
  const came = new Map<number, Set<Actor>>();
  for (const agent of view.scene.agents) {
    const here = view.presence(agent);
    for (const [i, at] of here.entries()) {
      const those = i % 2 === 0 ? came : left;
      const same = those.get(at);
      if (same) same.add(agent);
      else those.set(at, new Set([agent]));
    }
  }
  let longest = 0;
  for (let i = 1; i + 1 < view.agents.length; i += 2) {
    const from = view.agents[i]!;
    const to = view.agents[i + 1]!;
    if ([...came.get(to)!].some((agent) => left.get(from)!.has(agent))) continue;
    longest = Math.max(longest, longestOf(intersect(withoutAgent, [from, to])));
  }
  return longest;
}

function longestOf(set: Instants): number {
  let longest = 0;
  for (let i = 0; i < set.length; i += 2) longest = Math.max(longest, set[i + 1]! - set[i]!);
  return longest;
}

/** The longest stretch with a human possible and no agent certain between the first possible agent and the last. */
function longestPossibleGap(core: View, hull: View): number {
  const agents = extent(hull, hull.scene.agents)!;
  return longestOf(intersect(subtract(hull.humans, core.agents), [agents.from, agents.to]));
}

const text = z.string().nullable();

export const AGENT_METRICS = [
  number({
    path: 'agent.unique',
    unit: 'n',
    formula: 'Agents; an avatar is the agent it acts for.',
    nullWhen: 'never',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    of: ({ agents }) => agents.length,
    range: ({ agents }) => [agents.filter(certainly).length, agents.length],
    spans: agentSpans,
  }),
  growing({
    path: 'agent.presentSeconds',
    unit: 's',
    formula: 'Time with at least one agent present.',
    nullWhen: 'never',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    of: (view) => seconds(lengthOf(view.agents)),
    spans: agentSpans,
  }),
  value({
    path: 'agent.expected',
    unit: 'flag',
    formula: 'By option; else true if an agent, an agent job or a SIP participant came, or no second human ever came.',
    nullWhen: 'never',
    needs: ['participant_joined'],
    source: 'our own definition',
    schema: z.boolean(),
    compute: expected,
    uncertain(scene) {
      const { agents, humans } = scene;
      const byRule = toldExpected(scene) === undefined;
      return byRule && agents.length === 0 && humans.length >= 2 && humans.filter(certainly).length < 2
        ? ['agent.expected']
        : [];
    },
    spans: bothSpans,
  }),
  number({
    path: 'agent.joinLatency',
    unit: 's',
    formula:
      'First human joined .. first instant from then on with an agent present (0 if it was there): speed of answer.',
    nullWhen: 'no human, or no agent from then on',
    needs: PRESENCE_EVENTS,
    source: 'Genesys (average speed of answer, https://help.mypurecloud.com/glossary/average-speed-of-answer-asa)',
    applies: hasHumans,
    ...waitMetric((view) => view.agents),
    spans: bothSpans,
  }),
  number({
    path: 'agent.firstAudioLatency',
    unit: 's',
    formula: 'First human joined .. first instant from then on with a human present and an agent’s audio track up.',
    nullWhen: 'no human, or never',
    needs: AUDIO_EVENTS,
    source:
      'Coval (time to first audio), Hamming (time to first word, https://hamming.ai/blog/guide-to-ai-voice-agents-quality-assurance)',
    applies: hasHumans,
    ...waitMetric(audible),
    spans: audioSpans,
  }),
  value({
    path: 'agent.noShow',
    unit: 'flag',
    formula:
      'An agent was expected, humans (all together) were there longer than `noShowAfter` (20 s), and no agent ever came.',
    nullWhen: 'no human, or none expected',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    schema: z.boolean().nullable(),
    compute: noShow,
    *uncertain(scene) {
      if (!hasHumans(scene) || !expected(scene)) return;
      const core = scene.look('core');
      // a phone of which the leave was lost may have rung unanswered: then there was no human
      if (!scene.humans.some((human) => core.conversations(human).length > 0)) yield 'agent.noShow';
      if (hasAgents(scene)) return;
      const limit = scene.options.noShowAfter * 1000;
      if (lengthOf(scene.look('core').humans) > limit !== lengthOf(scene.look('hull').humans) > limit)
        yield 'agent.noShow';
    },
    spans: bothSpans,
  }),
  value({
    path: 'agent.silent',
    unit: 'flag',
    formula: 'No agent ever published audio.',
    nullWhen: 'no agent',
    needs: ['track_published'],
    source: 'our own definition',
    schema: z.boolean().nullable(),
    compute: (scene) =>
      hasAgents(scene) ? !scene.agents.some(({ tracks }) => tracks.some(({ audio }) => audio)) : null,
    spans: audioSpans,
  }),
  value({
    path: 'agent.leftFirst',
    unit: 'flag',
    formula:
      'When the last agent left for good exactly one human was there, who stayed, alone and without a break, for more than `leftFirstGrace` (2 s); two humans there: a transfer.',
    nullWhen: 'no agent or no human',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    schema: z.boolean().nullable(),
    compute: leftFirst,
    uncertain: (scene) => (leftFirstMayTurn(scene) ? ['agent.leftFirst'] : []),
    spans: bothSpans,
  }),
  number({
    path: 'agent.aloneSeconds',
    unit: 's',
    formula: 'Agent present with no human: money for nobody.',
    nullWhen: 'no agent',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    applies: hasAgents,
    of: ({ point }) => seconds(lengthOf(subtract(point.agents, point.humans))),
    range: (_, core, hull) => [
      seconds(lengthOf(subtract(core.agents, hull.humans))),
      seconds(lengthOf(subtract(hull.agents, core.humans))),
    ],
    spans: bothSpans,
  }),
  number({
    path: 'agent.handoffGap',
    unit: 's',
    formula: 'Longest unbroken stretch with a human present between two different agents; 0 if there was none.',
    nullWhen: 'under two agents',
    needs: PRESENCE_EVENTS,
    source: 'our own definition',
    applies: ({ agents }) => agents.length > 1,
    of: ({ point }) => seconds(handoffGap(point)),
    range: (scene, core, hull) => {
      const known = agentSpans(scene).every(
        ({ start, end, certain }) => certain && start.low === start.high && end.low === end.high,
      );
      return known && scene.humans.every((human) => lengthOf(core.presence(human)) === lengthOf(hull.presence(human)))
        ? [seconds(handoffGap(core)), seconds(handoffGap(hull))]
        : [0, seconds(longestPossibleGap(core, hull))];
    },
    spans: bothSpans,
  }),
  value({
    path: 'agent.jobs',
    unit: 'list',
    formula: 'Agent jobs as LiveKit tells them: id, agentName, dispatchId, status, startedAt, endedAt, error.',
    nullWhen: 'never',
    needs: ['agent_job_started', 'agent_job_ended'],
    source: 'LiveKit (Job)',
    schema: z.array(
      z.object({
        id: z.string(),
        agentName: text,
        dispatchId: text,
        status: text,
        startedAt: text,
        endedAt: text,
        error: text,
      }),
    ),
    compute: ({ resolved }) =>
      resolved.jobs.map(({ life }) => ({
        id: life.id,
        agentName: life.agentName?.value ?? null,
        dispatchId: life.dispatchId?.value ?? null,
        status: life.status?.value ?? null,
        startedAt: instant(life.startedAt ?? life.started?.ms),
        endedAt: instant(life.endedAt ?? life.ended?.ms),
        error: life.error?.value ?? null,
      })),
  }),
] as const;

function instant(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : iso(ms);
}
