/**
 * Stored calls by other options: summed up as they are kept, or folded from their histories and measured twice, one after the
 * other, in memory. Nothing is written, and whoever else has work comes in between.
 */
import { CallEvaluatorError } from './errors.ts';
import type { CallFigures } from './fleet/figures.ts';
import { isWithin, type MeasuredTwice, type WhatIf, WhatIfTally } from './fleet/whatIf.ts';
import { givingWay } from './givingWay.ts';
import { foldHistory, type LiveRoom } from './live.ts';
import type { Facets } from './metrics/facets.ts';
import { type Measured, type Measuring, measureWithSamples } from './metrics/measure.ts';
import { type Projections, projectionsOf } from './projections.ts';
import type { CallListing, RoomHistory } from './store/store.ts';
import type { WhatIfPlan } from './whatIfOptions.ts';

export interface WhatIfProgress {
  /** Calls that were looked at. */
  calls: number;
  /** Of these, those that were measured again. */
  measured: number;
}

export interface WhatIfMaterial {
  /** Every call of the period, and some around it. */
  calls: AsyncIterable<CallListing>;
  read(roomSid: string): Promise<RoomHistory | null>;
  /** What is kept of calls that have not changed since. */
  rooms: { facetsIn(listing: CallListing): Facets | null; figuresIn(listing: CallListing): CallFigures | null };
  measuring: Measuring;
  /** For calls that are on: the same instant for both. */
  now: number;
  signal?: AbortSignal | undefined;
}

export async function runWhatIf(
  { calls, read, rooms, measuring, now, signal }: WhatIfMaterial,
  { selection, measuring: other, summary, set, mostMeasured }: WhatIfPlan,
  onProgress?: (done: WhatIfProgress) => void,
): Promise<WhatIf> {
  const tally = new WhatIfTally(summary.before, summary.after);
  const done = { calls: 0, measured: 0 };
  const giveWay = givingWay(() => onProgress?.({ ...done }));
  for await (const listing of calls) {
    signal?.throwIfAborted();
    done.calls++;
    const call = await measuredTwice(listing);
    if (call) tally.add(call);
    await giveWay();
  }
  onProgress?.({ ...done });
  return tally.result(set);

  /** null: it is not asked for, or no call. */
  async function measuredTwice(listing: CallListing): Promise<MeasuredTwice | null> {
    const facets = selection.all ? null : rooms.facetsIn(listing);
    if (facets && !selection.matches({ ...listing, facets })) return null;
    const kept = rooms.figuresIn(listing);
    if (kept && !isWithin(kept.startedAt, summary.before)) return null;
    if (kept && other === null && (selection.all || facets)) return { before: kept, after: kept };
    const room = roomIn(await read(listing.roomSid));
    if (room === null) return null;
    const before = by(room, measuring);
    if (!isWithin(before.figures.startedAt, summary.before)) return null;
    if (!selection.all && !selection.matches({ ...listing, facets: before.facets })) return null;
    if (other === null) return { before: before.figures, after: before.figures };
    if (++done.measured > mostMeasured) throw tooMany(mostMeasured);
    const after = by(room, other);
    return {
      before: before.figures,
      after: after.figures,
      metrics: { before: before.metrics, after: after.metrics },
    };
  }

  function by(room: LiveRoom, options: Measuring): Projections & Pick<Measured, 'metrics'> {
    // metrics of the user's own are in no summary, and may do anything
    const measured = measureWithSamples(room.call, now, room, { ...options, custom: [] });
    return { ...projectionsOf(room.call, measured), metrics: measured.metrics };
  }
}

function roomIn(history: RoomHistory | null): LiveRoom | null {
  const room = history && foldHistory(history);
  return room?.call.room.firstSign ? room : null;
}

function tooMany(most: number): CallEvaluatorError {
  return new CallEvaluatorError(
    'bad_option',
    `More than ${most} calls would have to be measured again: ask for a shorter period or fewer rooms, or leave it to "call-evaluator what-if".`,
  );
}
