/** Engagement, version 1: our own formula, since the industry has none (field.md E8); always given with its components. */
import { z } from 'zod';
import type { Track } from '../call/resolved.ts';
import { talkOf } from './conversation.ts';
import { intersect, lengthOf, subtract } from './intervals.ts';
import { type Bound, numberSchema, value } from './metric.ts';
import type { EngagementWeights } from './options.ts';
import { peopleSpans } from './room.ts';
import { round } from './round.ts';
import type { Actor, Scene, View } from './scene.ts';

const PARTS = ['presence', 'voice', 'visual', 'continuity'] as const;
type Parts = Record<(typeof PARTS)[number], number>;
const partsSchema = z.object({
  presence: numberSchema('share'),
  voice: numberSchema('share'),
  visual: numberSchema('share'),
  continuity: numberSchema('share'),
});
export const engagementSchema = z.object({
  version: z.literal(1),
  score: numberSchema('score'),
  components: partsSchema,
  weights: partsSchema,
});
type Engagement = z.infer<typeof engagementSchema>;

const VOICE = ({ life, source, audio }: Track) => source === 'microphone' || (life.source === 'UNKNOWN' && audio);
const VISUAL = ({ source }: Track) => source === 'camera' || source === 'screenShare';

/** Where no human published video, its weight goes to the others in proportion. */
function weightsFor(weights: EngagementWeights, video: boolean): EngagementWeights {
  if (video) return weights;
  const rest = weights.presence + weights.voice + weights.continuity;
  if (rest === 0) return weights;
  return {
    presence: weights.presence / rest,
    voice: weights.voice / rest,
    visual: 0,
    continuity: weights.continuity / rest,
  };
}

const weightsOf = (scene: Scene) => weightsFor(scene.options.engagementWeights, scene.point.humanVideo);
function scoreOf(parts: Parts, weights: EngagementWeights): number {
  let sum = 0;
  for (const part of PARTS) sum += weights[part] * parts[part];
  return 100 * sum;
}
const rounded = (parts: Parts): Parts => ({
  presence: round(parts.presence, 'share'),
  voice: round(parts.voice, 'share'),
  visual: round(parts.visual, 'share'),
  continuity: round(parts.continuity, 'share'),
});

function shown(parts: Parts, weights: EngagementWeights): Engagement {
  return {
    version: 1,
    score: round(scoreOf(parts, weights), 'score'),
    components: rounded(parts),
    weights: rounded(weights),
  };
}

/**
 * Twice the human's share of all talk, so that who speaks half of the time is a full voice. Null where it is not known: of
 * several humans no agent tells who spoke.
 */
function spokenVoice(scene: Scene): number | null {
  const talk = scene.humans.length === 1 ? talkOf(scene) : null;
  if (talk === null) return null;
  const own = lengthOf(talk.human);
  const all = own + lengthOf(talk.agent);
  return all > 0 ? Math.min(1, (2 * own) / all) : null;
}

/** Of each human who was there to converse for any time. */
const everyonesParts = (scene: Scene): ReadonlyMap<Actor, Parts> =>
  scene.once('engagement.parts', () => {
    const found = new Map<Actor, Parts>();
    for (const human of scene.humans) {
      const here = lengthOf(scene.point.conversing(human));
      if (here > 0) found.set(human, partsOf(scene.point, human, here));
    }
    return found;
  });

function partsOf(view: View, human: Actor, here: number): Parts {
  return {
    presence: Math.min(1, here / view.callLength),
    voice: spokenVoice(view.scene) ?? Math.min(1, lengthOf(view.tracks(human, VOICE)) / here),
    visual: Math.min(1, lengthOf(view.tracks(human, VISUAL)) / here),
    continuity: 1 / view.conversations(human).length,
  };
}

/** Of one person; null for all but humans that were present for any time. */
export function engagementOf(scene: Scene, actor: Actor): Engagement | null {
  const parts = everyonesParts(scene).get(actor);
  return parts === undefined ? null : shown(parts, weightsOf(scene));
}

/** Presence-weighted means of the humans' components: since the score is linear in them, its mean as well. */
function meanParts(scene: Scene): Parts | null {
  const everyones = everyonesParts(scene);
  if (everyones.size === 0) return null;
  const weightOf = (human: Actor) => lengthOf(scene.point.conversing(human));
  let total = 0;
  for (const human of everyones.keys()) total += weightOf(human);
  const mean: Parts = { presence: 0, voice: 0, visual: 0, continuity: 0 };
  for (const [human, parts] of everyones) {
    const share = weightOf(human) / total;
    for (const part of PARTS) mean[part] += share * parts[part];
  }
  return mean;
}

/** a / (a + b), with both in a range: it grows with a and shrinks with b. */
function shareRange(inside: readonly [number, number], outside: readonly [number, number]): [number, number] {
  const of = (a: number, b: number, none: number) =>
    a === Number.POSITIVE_INFINITY ? (b === a ? none : 1) : a + b > 0 ? a / (a + b) : none;
  return [of(inside[0], outside[1], 0), of(inside[1], outside[0], 1)];
}

/** Least and most of a person's components: shares by what lies certainly in and certainly out of them. */
function partsRange(human: Actor, core: View, hull: View): { low: Parts; high: Parts } {
  const hereCore = core.conversing(human);
  const hereHull = hull.conversing(human);
  const share = (which: (track: Track) => boolean): [number, number] => {
    const upCore = intersect(core.tracks(human, which), hereCore);
    const upHull = hull.tracks(human, which);
    return shareRange(
      [lengthOf(upCore), lengthOf(upHull)],
      [lengthOf(subtract(hereCore, upHull)), lengthOf(subtract(hereHull, upCore))],
    );
  };
  const least = core.callLength;
  const most = hull.callLength;
  const here = [lengthOf(hereCore), lengthOf(hereHull)] as const;
  const spoken = spokenVoice(core.scene);
  const voice = spoken === null ? share(VOICE) : [spoken, spoken];
  const visual = share(VISUAL);
  const sessions = hull.conversations(human);
  const certain = sessions.filter((session) => session.span!.certain && core.conversed(session)).length;
  return {
    low: {
      presence: most === Number.POSITIVE_INFINITY || most === 0 ? 0 : Math.min(1, here[0] / most),
      voice: voice[0]!,
      visual: visual[0],
      continuity: 1 / sessions.length,
    },
    high: {
      presence: least > 0 ? Math.min(1, here[1] / least) : 1,
      voice: voice[1]!,
      visual: visual[1],
      continuity: 1 / Math.max(1, certain),
    },
  };
}

interface Possible {
  low: Parts;
  high: Parts;
  /** ms of presence */
  least: number;
  most: number;
}

/** What every human's components may have been; without those who were certainly never there to converse. */
const everyonesRanges = (scene: Scene, core: View, hull: View): Possible[] =>
  scene.humans
    .filter((human) => lengthOf(hull.conversing(human)) > 0)
    .map((human) => ({
      ...partsRange(human, core, hull),
      least: lengthOf(core.conversing(human)),
      most: lengthOf(hull.conversing(human)),
    }));

/** Both weightings where it is uncertain whether anybody published video. */
function weightings({ options }: Scene, core: View, hull: View): EngagementWeights[] {
  const possible = hull.humanVideo ? [weightsFor(options.engagementWeights, true)] : [];
  return core.humanVideo ? possible : [...possible, weightsFor(options.engagementWeights, false)];
}

/** Bounds of one person's engagement; none for one who was certainly never present. */
export function* personalBounds(scene: Scene, human: Actor, core: View, hull: View, path: string): Generator<Bound> {
  if (human.role !== 'human' || human.hidden || lengthOf(hull.conversing(human)) === 0) return;
  const possible = partsRange(human, core, hull);
  yield* boundsAt(path, scene, core, hull, everyonesParts(scene).get(human) ?? null, (rangeOf) => {
    const [low, high] = rangeOf(possible);
    return { low, high };
  });
}

type RangeOf = (possible: { low: Parts; high: Parts }) => readonly [number, number];

/** @param over applies what is asked of one person's range to those it is about */
function* boundsAt(
  path: string,
  scene: Scene,
  core: View,
  hull: View,
  parts: Parts | null,
  over: (rangeOf: RangeOf) => { low: number; high: number },
): Generator<Bound> {
  const possible = weightings(scene, core, hull);
  const used = weightsOf(scene);
  const scores = (of: Parts) => possible.map((weights) => scoreOf(of, weights));
  const score = over(({ low, high }) => [Math.min(...scores(low)), Math.max(...scores(high))]);
  yield { path: `${path}.score`, unit: 'score', value: parts && scoreOf(parts, used), ...score };
  for (const part of PARTS) {
    const component = over(({ low, high }) => [low[part], high[part]]);
    yield { path: `${path}.components.${part}`, unit: 'share', value: parts?.[part] ?? null, ...component };
  }
  for (const part of PARTS) {
    const weights = possible.map((one) => one[part]);
    yield {
      path: `${path}.weights.${part}`,
      unit: 'share',
      value: used[part],
      low: Math.min(...weights),
      high: Math.max(...weights),
    };
  }
}

/** It is given, and there may have been nothing to give: the human may have been there to converse for no time at all. */
export const mayBeNone = (scene: Scene, human: Actor): boolean =>
  everyonesParts(scene).has(human) && lengthOf(scene.look('core').conversing(human)) === 0;

interface Weighed {
  score: number;
  least: number;
  most: number;
}

/**
 * The extreme of a weighted mean whose weights lie in ranges: those on the side it pulls to weigh most, the others least.
 * The best cut between the two sides is found by trying each.
 */
function extremeMean(items: readonly Weighed[], side: 'low' | 'high'): number {
  const sorted = [...items].sort((a, b) => (side === 'high' ? b.score - a.score : a.score - b.score));
  let best = sorted[0]!.score; // all others may weigh nothing, or as little as nothing against an unlimited weight
  if (sorted.some(({ most }) => most === Number.POSITIVE_INFINITY)) return best;
  let weight = sorted.reduce((sum, { least }) => sum + least, 0);
  let total = sorted.reduce((sum, { score, least }) => sum + score * least, 0);
  let reached = weight > 0 ? total / weight : null;
  for (const { score, least, most } of sorted) {
    weight += most - least;
    total += score * (most - least);
    if (weight === 0) continue;
    const mean = total / weight;
    reached = reached === null ? mean : side === 'high' ? Math.max(reached, mean) : Math.min(reached, mean);
  }
  if (reached !== null) best = reached;
  return best;
}

export const ENGAGEMENT_METRICS = [
  value({
    path: 'engagement',
    unit: 'object',
    formula:
      'Presence-weighted mean over humans of 100 × (0.50 presence + 0.30 voice + 0.10 visual + 0.10 continuity), with components and weights. Voice: microphone up, share of presence; with telemetry and one human twice the human’s share of all talk, at most 1.',
    nullWhen: 'no human was present for any time',
    needs: ['participant_joined', 'participant_left', 'track_published', 'track_unpublished'],
    source: 'our own formula, version 1: the industry has none',
    schema: engagementSchema.nullable(),
    compute: (scene) => {
      const mean = meanParts(scene);
      return mean && shown(mean, weightsOf(scene));
    },
    *bounds(scene, core, hull) {
      const ranges = everyonesRanges(scene, core, hull);
      if (ranges.length === 0) return;
      yield* boundsAt('engagement', scene, core, hull, meanParts(scene), (rangeOf) => {
        const scores = ranges.map((possible) => ({ range: rangeOf(possible), ...possible }));
        const side = (at: 0 | 1) => scores.map(({ range, least, most }) => ({ score: range[at], least, most }));
        return { low: extremeMean(side(0), 'low'), high: extremeMean(side(1), 'high') };
      });
    },
    uncertain: (scene) => {
      const humans = [...everyonesParts(scene).keys()];
      return humans.length > 0 && humans.every((human) => mayBeNone(scene, human)) ? ['engagement'] : [];
    },
    spans: peopleSpans,
  }),
] as const;
