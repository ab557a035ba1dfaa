/** How long calls lasted, people waited and agents took to respond: samples of all calls together. */
import type { Reason } from './basis.ts';
import { distributionFigureSchema, figureSchema } from './figure.ts';
import { type CallFigures, isUncertain } from './figures.ts';
import { Mean } from './mean.ts';
import type { Range } from './range.ts';
import { Spread } from './spread.ts';
import { summaryFigure } from './summaryFigure.ts';

interface OnePerCall<Path extends string> {
  path: Path;
  formula: string;
  nullWhen: string;
  source: string;
  of(figures: CallFigures): number | null;
  range(figures: CallFigures): Range | undefined;
  /** A lost event could show that a call that has such a value has none. */
  mayBeNone(range: Range): boolean;
  /** Why a call has none. */
  why(figures: CallFigures): Reason;
}

/** A distribution of one value per call. */
function onePerCall<const Path extends string>({ of, range, mayBeNone, why, ...text }: OnePerCall<Path>) {
  return summaryFigure({
    ...text,
    unit: 'Distribution, s',
    schema: distributionFigureSchema,
    begin: ({ exactUpTo }) => new Spread(exactUpTo),
    add(spread, { figures, complete }) {
      if (figures.status === 'active') return spread.basis.leaveOut('active');
      const value = of(figures);
      const limits = figures.bounds === null ? undefined : range(figures);
      if (value === null) {
        spread.basis.leaveOut(why(figures));
        if (limits) spread.addMaybe(limits);
        return;
      }
      spread.basis.add(complete);
      const sure = !(limits && mayBeNone(limits)) && !isUncertain(figures, 'human');
      spread.add(value, limits, sure);
    },
    shown: (spread) => spread.shown(),
  });
}

export const DURATION_FIGURES = [
  onePerCall({
    path: 'callDuration',
    formula: 'callDuration of all calls that have ended: first person joined .. last person left.',
    nullWhen: 'its value: nobody came to any',
    source: 'LiveKit (session, https://docs.livekit.io/reference/api/projects/sessions/)',
    of: ({ callDuration }) => callDuration,
    range: ({ bounds }) => bounds?.callDuration,
    mayBeNone: ([least, most]) => least === 0 || most === null, // nobody may have come
    why: () => 'nobodyCame',
  }),
  onePerCall({
    path: 'joinLatency',
    formula: 'agent.joinLatency of all calls that have ended: first human joined .. an agent there.',
    nullWhen: 'its value: no agent came after a human',
    source: 'Genesys (speed of answer, https://help.mypurecloud.com/glossary/average-speed-of-answer-asa)',
    of: ({ joinLatency }) => joinLatency,
    range: ({ bounds }) => bounds?.joinLatency,
    mayBeNone: ([, most]) => most === null, // no agent may have come
    why: ({ humans }) => (humans === 0 ? 'noHuman' : 'noAgent'),
  }),
  summaryFigure({
    path: 'responseLatency',
    unit: 'Distribution, s',
    formula:
      'The samples of response.latency of all calls that have ended, pooled. n counts calls, value.count samples.',
    nullWhen: 'its value: no response was timed',
    source: 'LiveKit Agents (e2e_latency), by turns; Coval (time to first audio), by tracks',
    schema: distributionFigureSchema,
    begin: ({ exactUpTo }) => new Spread(exactUpTo),
    add(spread, { figures, complete }) {
      const { status, responseLatency, bounds } = figures;
      if (status === 'active') return spread.basis.leaveOut('active');
      if (isUncertain(figures, 'response')) spread.addWithoutLimit();
      if (responseLatency === null) {
        spread.addWithoutLimit();
        return spread.basis.leaveOut('noSamples');
      }
      if (responseLatency.length === 0) spread.basis.leaveOut('noResponse');
      else spread.basis.add(complete);
      const range = bounds?.responseLatency;
      const [fewest, most] = bounds?.responseCount ?? [null, null];
      const sure = fewest ?? responseLatency.length;
      for (const [i, latency] of responseLatency.entries()) spread.add(latency, range, i < sure);
      for (let i = responseLatency.length; i < (most ?? 0); i++) spread.addMaybe(range ?? [0, null]);
    },
    shown: (spread) => spread.shown(),
  }),
  summaryFigure({
    path: 'engagement',
    unit: 'score',
    formula: 'Mean over calls of the engagement score of each, 0 .. 100.',
    nullWhen: 'no human was present in any',
    source: 'our own formula, version 1: the industry has none',
    schema: figureSchema,
    begin: () => new Mean('score'),
    add(mean, { figures, complete }) {
      const { status, engagement, bounds } = figures;
      if (status === 'active') return mean.leaveOut('active');
      if (engagement === null) return mean.leaveOut('noHuman', bounds?.engagement);
      mean.add(engagement, bounds?.engagement, complete, !isUncertain(figures, 'human'));
    },
    shown: (mean) => mean.shown(),
  }),
] as const;
