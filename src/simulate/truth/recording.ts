import { countAt, ratioGrain, type Scene, sum } from './scene.ts';
import { covers } from './slices.ts';
import type { Put } from './values.ts';

export function putRecording({ call, connected, grain, life, slices }: Scene, put: Put): void {
  const { egresses } = call;
  put('recording.failed', egresses.filter(({ outcome }) => outcome === 'FAILED' || outcome === 'ABORTED').length);
  put('recording.limited', egresses.filter(({ outcome }) => outcome === 'LIMIT_REACHED').length);
  // Asked for, but not active yet: its info names a startedAt already.
  if (egresses.some(({ activeAt, reportedAt }) => activeAt === null && reportedAt === null)) return;

  const good = egresses
    .filter(({ activeAt, outcome }) => activeAt !== null && outcome !== 'FAILED' && outcome !== 'ABORTED')
    .map(({ activeAt, stoppedAt }) => ({ from: activeAt!, to: stoppedAt }));
  const recorded = (instant: number) => covers(good, instant);
  const together = (instant: number) => countAt(connected, instant) >= 2;
  put('recording.recordedSeconds', slices.seconds(recorded), grain.end);

  const met = slices.first(life.from, together);
  if (met === null) {
    put('recording.coverage', null);
    put('recording.startLag', null);
    return;
  }
  const seconds = slices.seconds(together);
  const edges = sum(connected, ({ presence }) => grain.presence(presence));
  const covered = slices.seconds((instant) => together(instant) && recorded(instant));
  put('recording.coverage', covered / seconds, ratioGrain(edges + grain.end, seconds, edges));
  const lag = (Math.min(...good.map(({ from }) => from)) - met) / 1000;
  put('recording.startLag', good.length > 0 ? Math.max(0, lag) : null, grain.join);
}
