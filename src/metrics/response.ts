/** How the agent answered, as far as tracks tell: the human arrived, and an agent's audio was up. */

import { z } from 'zod';
import { greatest } from '../call/extremes.ts';
import type { Session } from '../call/resolved.ts';
import { type Distribution, distribution } from './distribution.ts';
import { intersect, NEVER } from './intervals.ts';
import { wait, waitRange } from './latency.ts';
import { number, numberSchema, value } from './metric.ts';
import { peopleSpans } from './room.ts';
import { round, seconds } from './round.ts';
import type { Scene, View } from './scene.ts';

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

const rounded = ({ count, min, mean, p50, p90, p95, p99, max }: Distribution): Distribution => ({
  count,
  min: round(min, 's'),
  mean: round(mean, 'mean'),
  p50: round(p50, 's'),
  p90: round(p90, 's'),
  p95: round(p95, 's'),
  p99: round(p99, 's'),
  max: round(max, 's'),
});

const distributionSchema = z.object({
  count: numberSchema('n'),
  min: numberSchema('s'),
  mean: numberSchema('mean'),
  p50: numberSchema('s'),
  p90: numberSchema('s'),
  p95: numberSchema('s'),
  p99: numberSchema('s'),
  max: numberSchema('s'),
});
const LEAVES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

const countMetric = <const Path extends string>(path: Path, formula: string) =>
  number({
    path,
    unit: 'n',
    formula,
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    of: (scene) => samples(scene).length,
    range: (scene, core, hull) => [heardIn(scene, core), heardIn(scene, hull)],
    spans: peopleSpans,
  });

export const RESPONSE_METRICS = [
  countMetric('agentResponseCount', 'The same as response.count.'),
  value({
    path: 'response.source',
    unit: 'enum',
    formula: '`turns`: agent telemetry. `tracks`: webhooks alone, a human and an agent came. Else `none`.',
    nullWhen: 'never',
    needs: [],
    source: 'our own definition',
    schema: z.enum(['turns', 'tracks', 'none']),
    compute: (scene) => (bothCame(scene) ? 'tracks' : 'none'),
  }),
  countMetric('response.count', 'By tracks: human sessions in which an agent’s audio was up at some instant.'),
  value({
    path: 'response.latency',
    unit: 'Distribution, s',
    formula: 'By tracks: that session’s joinedAt .. first instant in it with an agent’s audio up (0 if up already).',
    nullWhen: 'count is 0',
    needs: NEEDS,
    source: 'Coval (time to first audio), by tracks; LiveKit Agents (e2e_latency), by turns',
    schema: distributionSchema.nullable(),
    compute: (scene) => {
      const found = distribution(samples(scene));
      return found && rounded(found);
    },
    *bounds(scene, core, hull) {
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
    spans: peopleSpans,
  }),
  value({
    path: 'response.methods',
    unit: 'map',
    formula: 'How many latencies came by each method (`e2e`, `derived`, `spans`, `events`, `tracks`).',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    schema: z.partialRecord(z.enum(['e2e', 'derived', 'spans', 'events', 'tracks']), numberSchema('n')),
    compute: (scene) => (samples(scene).length > 0 ? { tracks: samples(scene).length } : {}),
  }),
] as const;
