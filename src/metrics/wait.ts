/** What the caller waited for until the agent's first word: the parts add up, or say how much of it nobody told. */
import { z } from 'zod';
import { least } from '../call/extremes.ts';
import { audible } from './agent.ts';
import type { Instants } from './intervals.ts';
import { wait, waitRange } from './latency.ts';
import { type Bound, numberSchema, value } from './metric.ts';
import { round, seconds } from './round.ts';
import type { Scene, View } from './scene.ts';
import { isPossible, longestPossible, type Turn, turnsOf } from './turns.ts';

const number = numberSchema('s').nullable();
const waitSchema = z.object({
  total: numberSchema('s').describe(
    'first human joined .. the agent’s first word; where no telemetry tells it, .. the agent’s audio up',
  ),
  dispatch: number.describe('first human joined .. agent_job_started (0 if before); null: no such event'),
  agentStart: number.describe(
    'the job’s start, or the first human’s join if later .. an agent present; null as dispatch',
  ),
  audioPublication: number.describe('an agent present .. its audio up'),
  firstWord: number.describe(
    'the agent’s audio up .. its first word, by its own clock; null: no telemetry, or a clock that cannot be right',
  ),
  llmTtft: number.describe('within firstWord: to the model’s first token'),
  ttsTtfb: number.describe('within firstWord: from text to the first sound'),
  unknown: numberSchema('s').describe('what of the total is in no part'),
});
type Wait = z.infer<typeof waitSchema>;

/** In ms from the first human's join; null where it is not told. */
interface Parts {
  joined: number;
  audible: number;
  dispatched: number | null;
  spoken: number | null;
  word: Turn | null;
}

/** Null where the agent was never to be heard. */
const partsOf = (scene: Scene): Parts | null => scene.once('wait.parts', () => findParts(scene));

function findParts(scene: Scene): Parts | null {
  const { point, resolved } = scene;
  const from = point.firstHuman;
  const joined = wait(point.agents, from);
  const heard = wait(audible(point), from);
  if (joined === null || heard === null) return null;
  const jobs = resolved.jobs.flatMap(({ life }) => life.startedAt ?? []);
  const dispatched = jobs.length > 0 ? Math.min(Math.max(least(jobs) - from, 0), joined) : null;
  const word = firstWord(scene, from + heard);
  return { joined, audible: heard, dispatched, spoken: word && word.started! - from, word };
}

/** The agent's first turn that has a time; null where that lies so far from what LiveKit told that a clock is wrong. */
function firstWord(scene: Scene, audibleAt: number): Turn | null {
  const first = turnsOf(scene)?.agent.find(({ started }) => started !== null);
  if (first === undefined) return null;
  return isPossible(seconds(first.started! - audibleAt), longestPossible(scene)) ? first : null;
}

function waitOf(scene: Scene): Wait | null {
  const parts = partsOf(scene);
  if (parts === null) return null;
  const { joined, audible, dispatched, spoken, word } = parts;
  const shown = (ms: number | null) => (ms === null ? null : round(seconds(ms), 's'));
  const told = (part: number | undefined) =>
    part === undefined || !isPossible(part, longestPossible(scene)) ? null : round(part, 's');
  return {
    total: shown(spoken ?? audible)!,
    dispatch: shown(dispatched),
    agentStart: shown(dispatched === null ? null : joined - dispatched),
    audioPublication: shown(audible - joined),
    firstWord: shown(spoken === null ? null : spoken - audible),
    llmTtft: told(word?.message.llmTtft),
    ttsTtfb: told(word?.message.ttsTtfb),
    unknown: shown(dispatched === null ? joined : 0)!,
  };
}

function* boundsOf(scene: Scene, core: View, hull: View): Generator<Bound> {
  const parts = partsOf(scene);
  if (parts === null) return;
  const { joined, dispatched, spoken, word } = parts;
  const of = (set: (view: View) => Instants) => waitRange(hull.firstHuman, core.firstHuman, set(core), set(hull));
  const join = of((view) => view.agents);
  const heard = of(audible);
  const bound = (leaf: keyof Wait, value: number, low: number, high: number): Bound => ({
    path: `wait.${leaf}`,
    unit: 's',
    value: seconds(value),
    low: seconds(Math.max(0, low)),
    high: seconds(high),
  });
  yield bound('audioPublication', parts.audible - joined, heard[0] - join[1], heard[1] - join[0]);
  if (word === null || spoken === null) yield bound('total', parts.audible, heard[0], heard[1]);
  else {
    const [low, high] = [word.started! - core.firstHuman, word.started! - hull.firstHuman];
    yield bound('total', spoken, low, high);
    yield bound('firstWord', spoken - parts.audible, low - heard[1], high - heard[0]);
  }
  if (dispatched === null) yield bound('unknown', joined, join[0], join[1]);
  else {
    yield bound('dispatch', dispatched, 0, join[1]);
    yield bound('agentStart', joined - dispatched, 0, join[1]);
  }
}

export const WAIT_METRICS = [
  value({
    path: 'wait',
    toldByUploads: true,
    unit: 'object',
    formula:
      'What the caller waited for: first human joined .. the agent’s first word, by parts: dispatch, agentStart, audioPublication, firstWord, and within that the model’s. They add up to the total, with `unknown`.',
    nullWhen: 'no human, or no agent was to be heard from then on',
    needs: ['participant_joined', 'participant_left', 'track_published', 'track_unpublished'],
    source: 'our own definition, over Hamming’s time to first word',
    schema: waitSchema.nullable(),
    compute: waitOf,
    bounds: boundsOf,
  }),
] as const;
