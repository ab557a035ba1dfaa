/**
 * What of calls is kept beside their summary so that two of them can be compared: not only sums but how much calls differ.
 * What counts in a figure is the same as in the summary.
 */
import { Breakdown } from '../breakdown.ts';
import { ByKey } from '../byKey.ts';
import { CONTENT_FIGURES } from '../content.ts';
import { type CallFigures, isUncertain } from '../figures.ts';
import { YES } from '../outcomes.ts';
import { Pool } from '../pool.ts';
import type { AnyFigure } from '../summary.ts';
import type { Counted, Gathered, SummaryFigure } from '../summaryFigure.ts';
import { Clusters } from './clusters.ts';
import { Ratio } from './ratio.ts';

/** A part and the whole that it is of; null: the call is not in it. */
type Share = readonly [part: number, whole: number] | null;

interface Summed {
  /** Parts are summed as whole numbers of 1 / scale. */
  scale: number;
  of(call: Counted): Share;
}

const MILLI = 1e3;
const MICRO = 1e6;
const once = (value: number | null): Share => (value === null ? null : [value, 1]);
const ended = (of: (figures: CallFigures) => Share) => (call: Counted) =>
  call.figures.status === 'active' ? null : of(call.figures);
const answered = (of: (figures: CallFigures) => number | null) => (call: Counted) =>
  call.contact.answered.is === YES ? once(of(call.figures)) : null;

const SUMMED = {
  averageSpeedOfAnswer: { scale: MILLI, of: answered(({ joinLatency }) => joinLatency) },
  averageHandleTime: { scale: MILLI, of: answered(({ agentHumanDuration }) => agentHumanDuration) },
  callDuration: { scale: MICRO, of: ended(({ callDuration }) => once(callDuration)) },
  joinLatency: { scale: MICRO, of: ended(({ joinLatency }) => once(joinLatency)) },
  responseLatency: {
    scale: MICRO,
    of: ended(({ responseLatency }) =>
      responseLatency === null || responseLatency.length === 0
        ? null
        : [responseLatency.reduce((sum, latency) => sum + latency, 0), responseLatency.length],
    ),
  },
  engagement: { scale: 100, of: ended(({ engagement }) => once(engagement)) },
  recordingCoverage: {
    scale: 1e4,
    of: ended(({ recordingCoverage, connectedDuration }) => {
      const whole = Math.round((connectedDuration ?? 0) * MILLI);
      return recordingCoverage === null ? null : [recordingCoverage * whole, whole];
    }),
  },
  toolCalls: { scale: 1, of: ended(({ toolCalls }) => once(toolCalls)) },
  toolErrors: { scale: 1, of: ended(({ toolErrors }) => once(toolErrors)) },
  toolErrorRate: {
    scale: 1,
    of: ended(({ toolCalls, toolErrors }) =>
      toolCalls === null || toolErrors === null ? null : [Math.min(toolErrors, toolCalls), toolCalls],
    ),
  },
} as const satisfies Record<string, Summed>;

/** By word; a call without the word has 0 of it. */
const SUMMED_BY_WORD = {
  participantMinutes: {
    scale: 60 * MILLI,
    of: (figures: CallFigures) =>
      isUncertain(figures, 'people')
        ? []
        : Object.entries(figures.participantSeconds).map(([kind, seconds]) => [kind, seconds / 60] as const),
  },
  cost: { scale: MICRO, of: ({ usage }: CallFigures) => [...costs(usage)] },
} as const;

function costs(usage: CallFigures['usage']): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { cost, currency } of usage ?? [])
    if (cost !== null && currency !== null) sums.set(currency, (sums.get(currency) ?? 0) + cost);
  return sums;
}

const COUNTED = ['endReasons', 'audioGrades', 'audioIssues'] as const;
/** One of each. */
function each<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}
const SUMMED_NAMES = Object.keys(SUMMED) as (keyof typeof SUMMED)[];
const WORD_NAMES = Object.keys(SUMMED_BY_WORD) as (keyof typeof SUMMED_BY_WORD)[];
/** How the summary counts them. */
const COUNTING = each(
  COUNTED,
  (name) => CONTENT_FIGURES.find(({ path }) => path === name) as SummaryFigure<string, unknown, Breakdown>,
);
const POOLED = ['callDuration', 'joinLatency', 'responseLatency'] as const;

export class Sampled implements Gathered<Sampled> {
  readonly ratios = each(SUMMED_NAMES, (name) => new Ratio(SUMMED[name].scale));
  readonly byWord = each(WORD_NAMES, (name) => new ByKey(() => new Ratio(SUMMED_BY_WORD[name].scale)));
  readonly words = each(COUNTED, () => new Breakdown());
  readonly pools: Record<(typeof POOLED)[number], Pool>;
  /** Of the responses of one call each. */
  readonly clusters = new Clusters();

  constructor(exactUpTo: number) {
    this.pools = each(POOLED, () => new Pool(exactUpTo));
  }

  add(call: Counted): void {
    for (const name of SUMMED_NAMES) {
      const share = SUMMED[name].of(call);
      if (share !== null) this.ratios[name].add(share[0], share[1]);
    }
    for (const name of COUNTED) COUNTING[name].add(this.words[name], call);
    const { figures } = call;
    if (figures.status === 'active') return;
    for (const name of WORD_NAMES)
      for (const [word, value] of SUMMED_BY_WORD[name].of(figures)) this.byWord[name].at(word).add(value);
    const { callDuration, joinLatency, responseLatency } = figures;
    if (callDuration !== null) this.pools.callDuration.add(callDuration);
    if (joinLatency !== null) this.pools.joinLatency.add(joinLatency);
    if (responseLatency === null || responseLatency.length === 0) return;
    for (const latency of responseLatency) this.pools.responseLatency.add(latency);
    this.clusters.add(responseLatency);
  }

  merge(other: Sampled): void {
    for (const name of SUMMED_NAMES) this.ratios[name].merge(other.ratios[name]);
    for (const name of WORD_NAMES) this.byWord[name].merge(other.byWord[name]);
    for (const name of COUNTED) this.words[name].merge(other.words[name]);
    for (const name of POOLED) this.pools[name].merge(other.pools[name]);
    this.clusters.merge(other.clusters);
  }
}

/** As a figure of a Summarizer: it goes where the calls go. */
export const SAMPLED = {
  path: 'sampled',
  begin: ({ exactUpTo }) => new Sampled(exactUpTo),
  add: (sampled, call) => (sampled as Sampled).add(call),
  shown: (sampled) => sampled,
} as const satisfies AnyFigure;
