/** Who was in calls for how long, how calls ended, how they sounded, what was recorded, and what agents used. */
import { z } from 'zod';
import { Basis } from './basis.ts';
import { Breakdown } from './breakdown.ts';
import { ByKey } from './byKey.ts';
import { type Figure, figureSchema } from './figure.ts';
import { type CallFigures, isUncertain } from './figures.ts';
import { Portion } from './portion.ts';
import { limitsOf } from './range.ts';
import { Sum } from './sum.ts';
import { summaryFigure } from './summaryFigure.ts';
import { Used, usedSchema } from './used.ts';

const mapSchema = z.record(z.string(), figureSchema);
const MILLI = 1e3;
const MONEY = 1e6;
/** Shares have four decimals. */
const SHARE = 1e4;

/** Sums by word: of a call that is in the basis and has not the word, 0. */
class Sums {
  readonly basis = new Basis();
  readonly words: ByKey<Sum>;
  /** Calls that may add more to any. */
  open = 0;

  constructor(scale: number) {
    this.words = new ByKey(() => new Sum(scale));
  }

  merge(other: Sums): void {
    this.basis.merge(other.basis);
    this.words.merge(other.words);
    this.open += other.open;
  }

  shown(unit: 'mean' | 'money', per = 1): Record<string, Figure> {
    const limit = this.open > 0 ? { high: null } : {};
    return this.words.shown((sum) => ({ ...sum.shown(this.basis, unit, per), ...limit }));
  }
}

class Total {
  readonly basis = new Basis();
  readonly sum = new Sum(1);
  merge(other: Total): void {
    this.basis.merge(other.basis);
    this.sum.merge(other.sum);
  }
}

/** Connected ms, in ten-thousandths, under a recording and without one. */
function recorded({ recordingCoverage, connectedDuration, bounds }: CallFigures) {
  const [leastTime, mostTime] = limitsOf(connectedDuration ?? 0, bounds?.connectedDuration);
  const [leastShare, mostShare] = limitsOf(recordingCoverage ?? 0, bounds?.recordingCoverage);
  const product = (share: number, time: number) =>
    share === 0 || time === 0 ? 0 : Math.round(share * SHARE) * Math.round(time * MILLI);
  const share = recordingCoverage ?? 0;
  const time = connectedDuration ?? 0;
  return {
    within: product(share, time),
    without: product(1 - share, time),
    withinLow: product(leastShare, leastTime),
    withinHigh: product(Math.min(1, mostShare), mostTime),
    withoutLow: product(1 - Math.min(1, mostShare), leastTime),
    withoutHigh: product(1 - leastShare, mostTime),
  };
}

const whole = (within: number, without: number) => ({
  within,
  without,
  withinLow: within,
  withinHigh: within,
  withoutLow: without,
  withoutHigh: without,
});

function toolCount<const Path extends string>(
  path: Path,
  formula: string,
  of: (figures: CallFigures) => number | null,
) {
  return summaryFigure({
    path,
    unit: 'n',
    formula,
    nullWhen: 'no agent told of its tools',
    source: 'LiveKit Agents (function_call, function_call_output of the chat history)',
    schema: figureSchema,
    begin: () => new Total(),
    add({ basis, sum }, { figures, complete }) {
      if (figures.status === 'active') return basis.leaveOut('active');
      const value = of(figures);
      if (value === null) return basis.leaveOut('noTelemetry');
      basis.add(complete);
      sum.add(value);
    },
    shown: ({ basis, sum }) => sum.shown(basis, 'n'),
  });
}

export const CONTENT_FIGURES = [
  summaryFigure({
    path: 'participantMinutes',
    unit: 'map, min',
    formula: 'Minutes of presence by LiveKit’s kind name, those seen; services too. A call without a kind adds 0.',
    nullWhen: 'never',
    source: 'LiveKit (connectionMinutes), Twilio (total_participant_duration)',
    schema: mapSchema,
    begin: () => new Sums(MILLI),
    add(sums, { figures, complete }) {
      const { status, participantSeconds, bounds } = figures;
      if (status === 'active') return sums.basis.leaveOut('active');
      if (isUncertain(figures, 'people')) {
        sums.open++;
        return sums.basis.leaveOut('notKnowable');
      }
      sums.basis.add(complete);
      for (const kind of Object.keys(participantSeconds))
        sums.words
          .at(kind)
          .add(participantSeconds[kind]!, bounds === null ? undefined : bounds[`participantSeconds.${kind}`]);
    },
    shown: (sums) => sums.shown('mean', 60),
  }),
  summaryFigure({
    path: 'endReasons',
    unit: 'map',
    formula: 'Calls that have ended by the class of their endReason, those seen.',
    nullWhen: 'never',
    source: 'LiveKit (DisconnectReason, roomEndReason), in the classes of Twilio and Retell',
    schema: mapSchema,
    begin: () => new Breakdown(),
    add(breakdown, { figures, complete }) {
      const { endReason } = figures;
      if (figures.status === 'active' || endReason === null) return breakdown.basis.leaveOut('active');
      breakdown.add([endReason], !isUncertain(figures, 'endReason'), complete);
    },
    shown: (breakdown) => breakdown.shown(),
  }),
  summaryFigure({
    path: 'audioGrades',
    unit: 'map',
    formula: 'Calls that have ended by audio.grade, those seen.',
    nullWhen: 'never',
    source: 'our own rule, over what webhooks and agents tell',
    schema: mapSchema,
    begin: () => new Breakdown(),
    add(breakdown, { figures, complete }) {
      if (figures.status === 'active') return breakdown.basis.leaveOut('active');
      breakdown.add([figures.audioGrade], !isUncertain(figures, 'audio'), complete);
    },
    shown: (breakdown) => breakdown.shown(),
  }),
  summaryFigure({
    path: 'audioIssues',
    unit: 'map',
    formula:
      'Calls that have ended with an audio issue, by its code, those seen: a call counts once, however often it had it.',
    nullWhen: 'never',
    source: 'our own definition',
    schema: mapSchema,
    begin: () => new Breakdown(),
    add(breakdown, { figures, complete }) {
      if (figures.status === 'active') return breakdown.basis.leaveOut('active');
      breakdown.add(figures.audioIssues, !isUncertain(figures, 'audio'), complete);
    },
    shown: (breakdown) => breakdown.shown(),
  }),
  summaryFigure({
    path: 'recordingCoverage',
    unit: 'share',
    formula: 'Time under a recording with at least two people connected / all time with at least two people connected.',
    nullWhen: 'nobody was connected in any',
    source: 'our own definition',
    schema: figureSchema,
    begin: () => new Portion(),
    add(portion, { figures, complete }) {
      if (figures.status === 'active') return portion.basis.leaveOut('active');
      if (figures.recordingCoverage === null) portion.basis.leaveOut('nobodyConnected');
      else portion.basis.add(complete);
      portion.add(recorded(figures));
    },
    shown: (portion) => portion.shown(),
  }),
  toolCount('toolCalls', 'Calls of tools by agents.', ({ toolCalls }) => toolCalls),
  toolCount('toolErrors', 'Calls of tools whose output is an error.', ({ toolErrors }) => toolErrors),
  summaryFigure({
    path: 'toolErrorRate',
    unit: 'share',
    formula: 'toolErrors / toolCalls.',
    nullWhen: 'no tool was called',
    source: 'LiveKit Agents (function_call_output, is_error)',
    schema: figureSchema,
    begin: () => new Portion(),
    add(portion, { figures: { status, toolCalls, toolErrors }, complete }) {
      if (status === 'active') return portion.basis.leaveOut('active');
      if (toolCalls === null || toolErrors === null) return portion.basis.leaveOut('noTelemetry');
      portion.basis.add(complete);
      const errors = Math.min(toolErrors, toolCalls); // an output may be told whose call is not
      portion.add(whole(errors, toolCalls - errors));
    },
    shown: (portion) => portion.shown(),
  }),
  summaryFigure({
    path: 'usage',
    unit: 'object',
    formula:
      'What models used, summed by kind, provider and model over the calls whose agents told it; an amount is null where none told it.',
    nullWhen: 'never',
    source: 'LiveKit Agents (session usage)',
    schema: usedSchema,
    begin: () => new Used(),
    add(used, { figures: { status, usage }, complete }) {
      if (status === 'active') return used.basis.leaveOut('active');
      if (usage === null) return used.basis.leaveOut('noTelemetry');
      used.basis.add(complete);
      for (const one of usage) used.add(one);
    },
    shown: (used) => used.shown(),
  }),
  summaryFigure({
    path: 'cost',
    unit: 'map, money',
    formula:
      'Cost of what models used, by currency, at the prices that were valid when each call started (option `prices`). high is null where something was used that has no price.',
    nullWhen: 'never; no currency where nothing has a price',
    source: 'the user’s prices',
    schema: mapSchema,
    begin: () => new Sums(MONEY),
    add(sums, { figures: { status, usage }, complete }) {
      const { basis, words } = sums;
      if (status === 'active') return basis.leaveOut('active');
      if (usage === null) return basis.leaveOut('noTelemetry');
      const priced = usage.filter(({ cost, currency }) => cost !== null && currency !== null);
      if (priced.length < usage.length) sums.open++;
      if (priced.length === 0 && usage.length > 0) return basis.leaveOut('noPrice');
      basis.add(complete);
      for (const one of priced) words.at(one.currency!).add(one.cost!);
    },
    shown: (sums) => sums.shown('money'),
  }),
] as const;
