/** What of two summaries is compared, by which method, and which way is better: the one place that says so. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import type { Distribution } from '../../metrics/distribution.ts';
import type { END_REASON_CLASSES } from '../../metrics/endReason.ts';
import type { FigurePath } from '../callSummary.ts';

/** null: neither way. */
export type Better = 'lower' | 'higher' | null;

/**
 * `rate` of calls; `words`: how many of all calls have the word; `mean` over calls; `itemRate`: of things of which calls have
 * several; `percentile`; `perCall`: a sum, per call. A `volume` is as large as there are calls, or one call alone decides it:
 * it is shown and not judged.
 */
export type Kind = 'rate' | 'words' | 'mean' | 'itemRate' | 'percentile' | 'perCall' | 'volume';

export type ComparedUnit = 's' | 'share' | 'score' | 'n' | 'min' | 'money';

export interface Comparable {
  /** In a summary: responseLatency.p95, endReasons.agent_no_show; cost.* for whatever there is. */
  path: string;
  figure: FigurePath;
  /** Of a Distribution its leaf, of a map its word; else null. */
  part: string | null;
  kind: Kind;
  unit: ComparedUnit;
  better: Better;
  /** Compared where nothing else is asked for: the fewer are, the sharper is the judgement of each. */
  main: boolean;
}

type Class = (typeof END_REASON_CLASSES)[number];
type Issue = CallMetrics['audio']['issues'][number]['code'];
type Words<Word extends string> = Readonly<Record<Word, Better>>;

const END_REASONS: Words<Class> = {
  human_hangup: null,
  agent_hangup: null,
  kicked: null,
  duplicate_identity: null,
  connection_lost: 'lower',
  agent_error: 'lower',
  completed_by_app: null,
  server_shutdown: 'lower',
  no_answer: null,
  rejected: null,
  trunk_failure: 'lower',
  agent_no_show: 'lower',
  unknown: null,
};
const AUDIO_GRADES: Words<CallMetrics['audio']['grade']> = {
  good: 'higher',
  fair: null,
  poor: 'lower',
  unknown: null,
};
const AUDIO_ISSUES: Words<Issue> = {
  human_without_audio: 'lower',
  agent_without_audio: 'lower',
  audio_gap: 'lower',
  reconnect: 'lower',
  involuntary_disconnect: 'lower',
  connection_aborted: 'lower',
  plain_codec: null,
  no_redundancy: null,
  low_transcript_confidence: 'lower',
};

const LEAVES = ['mean', 'p50', 'p90', 'p95', 'p99'] as const satisfies (keyof Distribution)[];
/** Of these one sample decides, or the number of calls. */
const ENDS = ['count', 'min', 'max'] as const satisfies (keyof Distribution)[];
export const SHARE_OF: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

const one = (
  figure: FigurePath,
  kind: Kind,
  unit: ComparedUnit,
  better: Better,
  { part = null, main = false }: { part?: string | null; main?: boolean } = {},
): Comparable => ({ path: part === null ? figure : `${figure}.${part}`, figure, part, kind, unit, better, main });

const words = (figure: FigurePath, of: Words<string>, main: readonly string[] = []): Comparable[] =>
  Object.entries(of).map(([word, better]) =>
    one(figure, 'words', 'share', better, { part: word, main: main.includes(word) }),
  );

const distribution = (figure: FigurePath, better: Better, main: readonly string[] = []): Comparable[] => [
  ...LEAVES.map((leaf) =>
    one(figure, leaf === 'mean' ? 'mean' : 'percentile', 's', better, { part: leaf, main: main.includes(leaf) }),
  ),
  ...ENDS.map((leaf) => one(figure, 'volume', leaf === 'count' ? 'n' : 's', null, { part: leaf })),
];

const MAIN = { main: true };

export const COMPARABLES: readonly Comparable[] = [
  one('calls', 'volume', 'n', null, MAIN),
  one('statuses', 'volume', 'n', null, { part: '*' }),
  one('incomplete', 'rate', 'share', null),
  one('startUncertain', 'rate', 'share', null),
  one('groupUncertain', 'rate', 'share', null),
  one('peakCalls', 'volume', 'n', null),
  one('peakParticipants', 'volume', 'n', null),
  one('offered', 'volume', 'n', null, MAIN),
  one('answered', 'volume', 'n', null),
  one('abandoned', 'volume', 'n', null),
  one('abandonmentRate', 'rate', 'share', 'lower', MAIN),
  one('averageSpeedOfAnswer', 'mean', 's', 'lower', MAIN),
  one('serviceLevel', 'rate', 'share', 'higher', { part: 'rate', ...MAIN }),
  // a short call may have been a good one, or one that was given up
  one('averageHandleTime', 'mean', 's', null, MAIN),
  one('containmentRate', 'rate', 'share', 'higher', MAIN),
  ...distribution('callDuration', null, ['p50']),
  ...distribution('joinLatency', 'lower'),
  ...distribution('responseLatency', 'lower', ['p50', 'p95']),
  one('engagement', 'mean', 'score', 'higher', MAIN),
  one('participantMinutes', 'perCall', 'min', null, { part: '*' }),
  ...words('endReasons', END_REASONS, ['agent_error', 'agent_no_show']),
  ...words('audioGrades', AUDIO_GRADES, ['poor']),
  ...words('audioIssues', AUDIO_ISSUES),
  one('recordingCoverage', 'mean', 'share', null),
  one('toolCalls', 'perCall', 'n', null),
  one('toolErrors', 'perCall', 'n', 'lower'),
  one('toolErrorRate', 'itemRate', 'share', 'lower', MAIN),
  one('cost', 'perCall', 'money', 'lower', { part: '*', ...MAIN }),
];

const BY_PATH = new Map(COMPARABLES.map((comparable) => [comparable.path, comparable]));

/** @returns undefined where there is no such figure */
export function comparableAt(path: string): Comparable | undefined {
  const known = BY_PATH.get(path);
  if (known) return known.part === '*' ? undefined : known;
  const dot = path.indexOf('.');
  const open = BY_PATH.get(`${path.slice(0, dot)}.*`);
  return dot > 0 && open && path.length > dot + 1 ? { ...open, path, part: path.slice(dot + 1) } : undefined;
}
