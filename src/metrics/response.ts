/**
 * How the agent answered: by the turns that its telemetry tells; else, as far as tracks tell, the human arrived, and an
 * agent's audio was up.
 */
import { z } from 'zod';
import { greatest } from '../call/extremes.ts';
import type { Session } from '../call/resolved.ts';
import { answersOf, METHODS } from './answers.ts';
import { distribution, distributionSchema, shownDistribution } from './distribution.ts';
import { intersect, NEVER } from './intervals.ts';
import { wait, waitRange } from './latency.ts';
import { number, numberSchema, value } from './metric.ts';
import { peopleSpans } from './room.ts';
import { seconds } from './round.ts';
import type { Scene, View } from './scene.ts';
import { turnsOf } from './turns.ts';

const NEEDS = ['participant_joined', 'participant_left', 'track_published', 'track_unpublished'] as const;
const bothCame = ({ humans, agents }: Scene) => humans.length > 0 && agents.length > 0;

const humanSessions = (scene: Scene): readonly Session[] =>
  scene.once('response.sessions', () => {
    const found: Session[] = [];
    for (const human of scene.humans) for (const session of scene.point.conversations(human)) found.push(session);
    return found;
  });

/** When, within a session, an agent could be heard. */
const heard = (view: View, session: Session) =>
  view.conversed(session) ? intersect(view.agentAudio, view.span(session.span!)) : NEVER;

/** Latencies, s, of the sessions that heard an agent. */
const samples = (scene: Scene): readonly number[] =>
  scene.once('response.samples', () => {
    const { point } = scene;
    const found: number[] = [];
    for (const session of humanSessions(scene)) {
      const ms = wait(heard(point, session), point.startOf(session.span!));
      if (ms !== null) found.push(seconds(ms));
    }
    return found;
  });

/** Sessions that heard an agent, in a look. */
const heardIn = (scene: Scene, view: View) =>
  humanSessions(scene).filter((session) => heard(view, session).length > 0).length;

const toldByTurns = (scene: Scene) => turnsOf(scene) !== null;
/** Null where tracks must tell. */
const byTurns = (scene: Scene) => turnsOf(scene) && answersOf(scene);
/** Unrounded, s: what is pooled over many calls. */
export const responseLatencies = (scene: Scene): readonly number[] => {
  const turns = byTurns(scene);
  return turns ? Object.values(turns.latencies).flat() : samples(scene);
};
/** No webhook decides what turns tell. */
const trackSpans = (scene: Scene) => (byTurns(scene) ? [] : peopleSpans(scene));

const LEAVES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

const countMetric = <const Path extends string>(path: Path, formula: string) =>
  number({
    path,
    unit: 'n',
    formula,
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    of: (scene) => byTurns(scene)?.count ?? samples(scene).length,
    range: (scene, core, hull) => (byTurns(scene) ? null : [heardIn(scene, core), heardIn(scene, hull)]),
    toldByTurns,
    spans: trackSpans,
  });

const component = (said: string) => distributionSchema.nullable().describe(`${said}; null: no message tells it`);
const componentsSchema = z.object({
  transcriptionDelay: component('human stops speaking .. final transcript'),
  endOfTurnDelay: component('human stops speaking .. the turn is taken for over'),
  llmTtft: component('the model is asked .. its first token'),
  ttsTtfb: component('text is given to the voice .. its first sound'),
  tool: component('a tool is called .. its output'),
});

export const RESPONSE_METRICS = [
  countMetric('agentResponseCount', 'The same as response.count.'),
  value({
    path: 'response.source',
    unit: 'enum',
    formula: '`turns`: agents told of messages. `tracks`: webhooks alone, a human and an agent came. Else `none`.',
    nullWhen: 'never',
    needs: [],
    source: 'our own definition',
    schema: z.enum(['turns', 'tracks', 'none']),
    compute: (scene) => (byTurns(scene) ? 'turns' : bothCame(scene) ? 'tracks' : 'none'),
  }),
  countMetric(
    'response.count',
    'By turns: agent turns that answer a human turn, the latest before them in their job; a greeting answers nobody. By tracks: human sessions in which an agent’s audio was up at some instant.',
  ),
  value({
    path: 'response.latency',
    unit: 'Distribution, s',
    formula:
      'By turns: human stops speaking .. agent starts speaking, LiveKit’s e2e_latency, else derived from the stop of the human turn it answers; without the way to the human’s ear. By tracks: that session’s joinedAt .. first instant in it with an agent’s audio up (0 if up already).',
    nullWhen: 'count is 0, or no turn tells when it was spoken',
    needs: NEEDS,
    source: 'Coval (time to first audio), by tracks; LiveKit Agents (e2e_latency), by turns',
    schema: distributionSchema.nullable(),
    compute: (scene) => shownDistribution(responseLatencies(scene)),
    toldByTurns,
    *bounds(scene, core, hull) {
      if (byTurns(scene)) return;
      const sessions = humanSessions(scene);
      const ranges = sessions.flatMap((session) => {
        const possible = heard(hull, session);
        if (possible.length === 0) return [];
        const certain = heard(core, session);
        const [low, high] = waitRange(hull.startOf(session.span!), core.startOf(session.span!), certain, possible);
        return [{ certain: certain.length > 0, low: seconds(low), high: seconds(high) }];
      });
      if (ranges.length === 0) return;
      const found = distribution(samples(scene));
      const sure = ranges.every(({ certain }) => certain);
      const low = distribution(ranges.map((range) => range.low))!;
      const high = distribution(ranges.map((range) => range.high));
      yield {
        path: 'response.latency.count',
        unit: 'n',
        value: found?.count ?? 0,
        low: heardIn(scene, core),
        high: ranges.length,
      };
      for (const leaf of LEAVES)
        yield {
          path: `response.latency.${leaf}`,
          unit: 's',
          value: found?.[leaf] ?? null,
          // which sessions were answered is not certain: then only the extremes of all that may have been
          low: sure ? low[leaf] : low.min,
          high: sure ? high![leaf] : greatest(ranges.map((range) => range.high)),
        };
    },
    spans: trackSpans,
  }),
  value({
    path: 'response.methods',
    unit: 'map',
    formula:
      'How many latencies came by each method: `e2e` told by LiveKit, `derived` from speaking times, `spans` from those of a trace, `events` from changes of state (estimates), `tracks`.',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    schema: z.partialRecord(z.enum([...METHODS, 'tracks']), numberSchema('n')),
    compute: (scene) => {
      const turns = byTurns(scene);
      const all: [method: string, latencies: readonly number[]][] = turns
        ? Object.entries(turns.latencies)
        : [['tracks', samples(scene)]];
      return Object.fromEntries(
        all.filter(([, { length }]) => length > 0).map(([method, { length }]) => [method, length]),
      );
    },
    *bounds(scene, core, hull) {
      const high = byTurns(scene) ? 0 : heardIn(scene, hull);
      if (high === 0) return;
      const value = samples(scene).length;
      yield { path: 'response.methods.tracks', unit: 'n', value, low: heardIn(scene, core), high };
    },
    toldByTurns,
  }),
  value({
    path: 'response.components',
    toldByUploads: true,
    unit: 'Distributions, s',
    formula:
      'As the agents’ messages tell them, and tool: created .. its output created. They do not sum up to the latency: they overlap, and parts of it are in none.',
    nullWhen: 'no telemetry',
    needs: [],
    source: 'LiveKit Agents (ChatMessage.metrics, chat history)',
    schema: componentsSchema.nullable(),
    compute: (scene) => {
      const answers = answersOf(scene);
      if (answers === null) return null;
      const { transcriptionDelay, endOfTurnDelay, llmTtft, ttsTtfb, tool } = answers.components;
      return {
        transcriptionDelay: shownDistribution(transcriptionDelay),
        endOfTurnDelay: shownDistribution(endOfTurnDelay),
        llmTtft: shownDistribution(llmTtft),
        ttsTtfb: shownDistribution(ttsTtfb),
        tool: shownDistribution(tool),
      };
    },
  }),
  value({
    path: 'response.rejected',
    toldByUploads: true,
    unit: 'n',
    formula:
      'Impossible values of telemetry, left out and counted: latencies and components that are negative or longer than the call (by webhooks or by the agents’ own times, whichever is longer), turns that stop before they start or lie outside the call.',
    nullWhen: 'never',
    needs: [],
    source: 'our own rule, over LiveKit Agents’ metrics',
    schema: numberSchema('n'),
    compute: (scene) => answersOf(scene)?.rejected ?? 0,
  }),
] as const;
