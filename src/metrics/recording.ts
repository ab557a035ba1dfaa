/** What was recorded, and how much of the conversation it covers. */
import { z } from 'zod';
import type { Span } from '../call/boundary.ts';
import type { Egress } from '../call/resolved.ts';
import { type Instants, intersect, lengthOf, NEVER, subtract, union } from './intervals.ts';
import { growing, number, numberSchema, value } from './metric.ts';
import { peopleSpans } from './room.ts';
import { iso, round, seconds } from './round.ts';
import type { Scene, View } from './scene.ts';

const NEEDS = ['egress_started', 'egress_updated', 'egress_ended'] as const;
const egressSpans = ({ resolved }: Scene): Span[] => resolved.egresses.flatMap(({ span }) => (span ? [span] : []));
const recorders = ({ resolved }: Scene): Egress[] =>
  resolved.egresses.filter(({ failed, span }) => !failed && span !== null);
/** An egress whose end was lost may have failed: it certainly recorded nothing. */
const certainly = (view: View, egress: Egress) => !(view.certain && egress.mayHaveFailed);
const text = z.string().nullable();

/** When something was being recorded, within the room's life. */
function recorded(view: View): Instants {
  const spans = recorders(view.scene).map((egress) => (certainly(view, egress) ? view.span(egress.span!) : NEVER));
  return intersect(union(spans), view.room);
}

const egressSchema = z.object({
  id: text,
  kind: text,
  status: text,
  startedAt: text,
  endedAt: text,
  duration: numberSchema('s').nullable(),
  bytes: numberSchema('n').nullable(),
  location: text,
  error: text,
});

function shown({ life, kind, status, span, end, failed, absurd }: Egress): z.infer<typeof egressSchema> {
  const duration = span ? round(seconds(span.end.at - span.start.at), 's') : failed && !absurd ? 0 : null;
  return {
    id: life.id === '' ? null : life.id,
    kind,
    status,
    startedAt: span ? iso(span.start.at) : null,
    endedAt:
      span?.open || end === null || !Number.isFinite(end.at) || (span === null && life.ended === null)
        ? null
        : iso(end.at),
    duration,
    bytes: life.bytes,
    location: life.location?.value ?? null,
    error: life.error?.value ?? null,
  };
}

/** The instant of the first recording's start in a look: the earliest that may have been, or that certainly was. */
function firstStart(view: View): number {
  return Math.min(
    ...recorders(view.scene)
      .filter((egress) => certainly(view, egress))
      .map(({ span }) => view.startOf(span!)),
  );
}

function statusCount<const Path extends string>(path: Path, formula: string, statuses: readonly string[]) {
  const counted = ({ status }: Egress) => status !== null && statuses.includes(status);
  return number({
    path,
    unit: 'n',
    formula,
    nullWhen: 'never',
    needs: ['egress_ended'],
    source: 'LiveKit (EgressStatus)',
    of: ({ resolved }) => resolved.egresses.filter(counted).length,
    range: ({ resolved }) => {
      const known = resolved.egresses.filter(counted).length;
      return [known, known + resolved.egresses.filter((egress) => egress.mayHaveFailed && !counted(egress)).length];
    },
    spans: egressSpans,
  });
}

export const RECORDING_METRICS = [
  value({
    path: 'recording.egresses',
    unit: 'list',
    formula:
      'Each egress: its active span by its result, else its info, else egress_ended; duration 0 where it failed before it began.',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'LiveKit (EgressInfo)',
    schema: z.array(egressSchema),
    compute: ({ resolved }) => resolved.egresses.map(shown),
    *bounds(scene, core, hull) {
      for (const { life, span } of scene.resolved.egresses) {
        if (span === null) continue;
        yield {
          path: `recording.egresses[id=${life.id}].duration`,
          unit: 's',
          value: seconds(span.end.at - span.start.at),
          low: seconds(Math.max(0, core.endOf(span) - core.startOf(span))),
          high: seconds(hull.endOf(span) - hull.startOf(span)),
        };
      }
    },
    spans: egressSpans,
  }),
  growing({
    path: 'recording.recordedSeconds',
    unit: 's',
    formula: 'Union of the active spans of egresses that did not fail, inside the room’s life.',
    nullWhen: 'never',
    needs: NEEDS,
    source: 'our own definition',
    of: (view) => seconds(lengthOf(recorded(view))),
    spans: egressSpans,
  }),
  number({
    path: 'recording.coverage',
    unit: 'share',
    formula: 'Share of connectedDuration under a recording.',
    nullWhen: 'nobody connected',
    needs: NEEDS,
    source: 'our own definition',
    of: ({ point }) => {
      const together = point.connected;
      return together.length > 0 ? lengthOf(intersect(together, recorded(point))) / lengthOf(together) : null;
    },
    range: (_, core, hull) => {
      const must = core.connected;
      const may = hull.connected;
      if (may.length === 0) return null;
      const least = lengthOf(intersect(must, recorded(core)));
      const most = lengthOf(intersect(may, recorded(hull)));
      const leastOut = lengthOf(subtract(must, recorded(hull)));
      const mostOut = lengthOf(subtract(may, recorded(core)));
      const low = mostOut === Number.POSITIVE_INFINITY || least + mostOut === 0 ? 0 : least / (least + mostOut);
      const high = most === 0 ? 0 : most === Number.POSITIVE_INFINITY ? 1 : most / (most + leastOut);
      return [low, high];
    },
    spans: (scene) => [...egressSpans(scene), ...peopleSpans(scene)],
  }),
  number({
    path: 'recording.startLag',
    unit: 's',
    formula: 'First instant with two people .. first recording that did not fail (0 if before).',
    nullWhen: 'nobody connected, or no recording',
    needs: NEEDS,
    source: 'our own definition',
    applies: (scene) => recorders(scene).length > 0,
    of: ({ point }) => {
      const met = point.connected[0];
      // where every recording's end was lost there may have been none at all
      if (met === undefined || recorders(point.scene).every(({ mayHaveFailed }) => mayHaveFailed)) return null;
      return seconds(Math.max(0, firstStart(point) - met));
    },
    range: (_, core, hull) => {
      const earliest = hull.connected[0];
      if (earliest === undefined) return null;
      const latest = core.connected[0] ?? Number.POSITIVE_INFINITY;
      return [seconds(Math.max(0, firstStart(hull) - latest)), seconds(Math.max(0, firstStart(core) - earliest))];
    },
    spans: (scene) => [...egressSpans(scene), ...peopleSpans(scene)],
  }),
  statusCount('recording.failed', 'Egresses that ended as EGRESS_FAILED or EGRESS_ABORTED.', [
    'EGRESS_FAILED',
    'EGRESS_ABORTED',
  ]),
  statusCount('recording.limited', 'Egresses that ended as EGRESS_LIMIT_REACHED.', ['EGRESS_LIMIT_REACHED']),
] as const;
