/** How many calls there were, how many at once, and how well they are known. */
import { z } from 'zod';
import { Basis } from './basis.ts';
import { Breakdown } from './breakdown.ts';
import { Concurrency } from './concurrency.ts';
import { figure, figureSchema, rateSchema } from './figure.ts';
import { type CallFigures, isUncertain } from './figures.ts';
import { NO, Outcomes, YES } from './outcomes.ts';
import { Placed } from './placed.ts';
import { limitsOf } from './range.ts';
import { summaryFigure } from './summaryFigure.ts';

/** When a call certainly and possibly was on. */
function lifeOf({ startedAt, endedAt, duration, bounds }: CallFigures) {
  const end = endedAt ?? startedAt + Math.round(duration * 1000);
  const [startLow, startHigh] = limitsOf(startedAt, bounds?.startedAt);
  const [endLow, endHigh] = limitsOf(end, bounds?.endedAt);
  const exact = bounds === null || (bounds.startedAt === undefined && bounds.endedAt === undefined);
  return { from: startedAt, to: end, exact, startLow, startHigh, endLow, endHigh };
}

/** Not asked for, where people's own times are known. */
const NOWHEN: ReturnType<typeof lifeOf> = {
  from: 0,
  to: 0,
  exact: true,
  startLow: 0,
  startHigh: 0,
  endLow: 0,
  endHigh: 0,
};

function addPresence(people: Concurrency, figures: CallFigures): void {
  const { arrivals, departures, startedAt, peak, bounds } = figures;
  const sure = !isUncertain(figures, 'presence');
  const life = sure && arrivals !== null ? NOWHEN : lifeOf(figures);
  if (arrivals !== null && departures !== null)
    for (let i = 0; i < arrivals.length; i++) {
      const from = startedAt + arrivals[i]!;
      const to = startedAt + departures[i]!;
      if (sure) people.add(from, to);
      else people.addTold(from, to);
    }
  else for (let i = 0; i < peak; i++) people.addTold(life.from, life.to);
  if (sure && arrivals !== null) return;
  const [fewest, most] = limitsOf(peak, bounds?.peak);
  people.atLeast(fewest);
  // who may have been there, and nobody tells how many: as many as one cares to think of
  if (most === Number.POSITIVE_INFINITY) people.withoutLimit();
  else for (let i = 0; i < most; i++) people.addHull(life.startLow, life.endHigh);
}

export const VOLUME_FIGURES = [
  summaryFigure({
    path: 'calls',
    unit: 'n',
    formula: 'Calls that started within the period; those that are still on too, though they are in few other figures.',
    nullWhen: 'never',
    source: 'our own definition',
    schema: figureSchema,
    begin: () => new Basis(),
    add: (basis, { complete }) => basis.add(complete),
    shown: (basis) => figure(basis, 'n', basis.n, [basis.n, basis.n]),
  }),
  summaryFigure({
    path: 'statuses',
    unit: 'map',
    formula: 'Calls by status: active, finished, expired.',
    nullWhen: 'never',
    source: 'our own definition',
    schema: z.record(z.string(), figureSchema),
    begin: () => new Breakdown(),
    add: (breakdown, { figures, complete }) => breakdown.add([figures.status], true, complete),
    shown: (breakdown) => breakdown.shown(),
  }),
  summaryFigure({
    path: 'incomplete',
    unit: 'share',
    formula: 'Share of calls with a completeness below 1: of them events were lost.',
    nullWhen: 'there is no call',
    source: 'our own definition',
    schema: rateSchema,
    begin: () => new Outcomes(),
    add: (outcomes, { complete }) => outcomes.add(complete ? COMPLETE : INCOMPLETE, complete),
    shown: (outcomes) => outcomes.rate(),
  }),
  summaryFigure({
    path: 'startUncertain',
    unit: 'share',
    formula:
      'Share of calls of whose start not even the instant is certain: a call counts in the period in which it most likely started, which may be a neighbour of the true one. No other figure’s bounds tell of that.',
    nullWhen: 'there is no call',
    source: 'our own definition',
    schema: rateSchema,
    begin: () => new Outcomes(),
    add: (outcomes, { figures: { bounds }, complete }) =>
      outcomes.add(bounds?.startedAt === undefined ? COMPLETE : INCOMPLETE, complete),
    shown: (outcomes) => outcomes.rate(),
  }),
  summaryFigure({
    path: 'groupUncertain',
    unit: 'share',
    formula:
      'Share of calls that a lost event may have put into this group: of another end reason, kind or agent than it seems, they belong to another one. No other figure’s bounds tell of that.',
    nullWhen: 'there is no call',
    source: 'our own definition',
    schema: rateSchema,
    begin: ({ by }) => new Placed(by),
    add: (placed, { figures, complete }) => placed.add(figures, complete),
    shown: (placed) => placed.outcomes.rate(),
  }),
  summaryFigure({
    path: 'peakCalls',
    unit: 'n',
    formula: 'Most of these calls that were on (startedAt .. endedAt) at one instant.',
    nullWhen: 'never',
    source: 'Agora (PCU), of rooms',
    schema: figureSchema,
    begin: () => new Concurrency(),
    add(calls, { figures, complete }) {
      calls.basis.add(complete);
      if (figures.bounds === null && figures.endedAt !== null) return calls.add(figures.startedAt, figures.endedAt);
      const { from, to, exact, startLow, startHigh, endLow, endHigh } = lifeOf(figures);
      if (exact) return calls.add(from, to);
      calls.addTold(from, to);
      calls.addCore(startHigh, endLow);
      calls.addHull(startLow, endHigh);
    },
    shown: (calls) => calls.shown(),
  }),
  summaryFigure({
    path: 'peakParticipants',
    unit: 'n',
    formula:
      'Most people who were in these calls at one instant. A call whose people’s presence is uncertain, or of more than 1000 stretches, is known by its own peak: it counts with it throughout in high, and by itself in low.',
    nullWhen: 'never',
    source: 'Agora (PCU), Daily (max_participants), Twilio (concurrent_participants)',
    schema: figureSchema,
    begin: () => new Concurrency(),
    add(people, { figures, complete }) {
      people.basis.add(complete);
      addPresence(people, figures);
    },
    shown: (people) => people.shown(),
  }),
] as const;

const INCOMPLETE = { is: YES, may: YES, why: 'notKnowable' } as const;
const COMPLETE = { is: NO, may: NO, why: 'notKnowable' } as const;
