/** A trust report as sentences and rows, for whatever they are written in. */

import type { Loss } from '../fleet/trust/loss.ts';
import type { PathTrust } from '../fleet/trust/pathTally.ts';
import type { LossTrust, TrustDefect, TrustReport } from '../fleet/trust.ts';

export const TRUST_COLUMNS = [
  'metric',
  'compared',
  'exact',
  'mean error',
  '95 % within',
  'null',
  'bounds',
  'width',
  'held',
  'flagged',
  'unseen',
  'wrong',
] as const;

/** What the columns say, by their names. */
export const TRUST_LEGEND: readonly (readonly [string, string])[] = [
  ['exact', 'the same as with all events, to the digits that are shown'],
  [
    'mean error, 95 % within',
    'distance from it, over all that are numbers or instants (in seconds), the exact ones too',
  ],
  ['null', 'not given, though it is known with all events'],
  ['bounds', 'given with evidence.bounds, or as the end of a single span with the range of its gap; width: the median'],
  ['held', 'share of the bounds between which the value with all events lies'],
  ['flagged', 'another value, listed in evidence.uncertain or within evidence.resolution'],
  ['unseen', 'another value, where a person, track or recording left no event at all: nobody could have said so'],
  ['wrong', 'another value without a word of it, or beyond its bounds: a defect of the engine'],
];

export function trustIntroduction({ seed, runs, calls }: TrustReport): string[] {
  const { tried, complete, others, quarantined } = calls;
  if (tried === 0)
    return [
      `There is nothing to compare with: none of the ${count(complete + others)} calls is finished and has all its events.`,
    ];
  const drawn =
    tried < complete
      ? `drawn from ${count(complete)} that are finished and complete`
      : 'all that are finished and complete';
  const without = [
    ...(others > 0 ? [`${count(others)} that are not finished or have lost events already`] : []),
    ...(quarantined > 0 ? [`${count(quarantined)} with events in quarantine`] : []),
  ];
  return [
    `Calls: ${count(tried)}, ${drawn}${without.length > 0 ? `; without ${without.join(' and ')}` : ''}. What is measured with all their events is taken for the truth.`,
    `Each lost webhooks ${times(runs)} (--seed ${seed}) and was measured again from the rest, as if looked at long afterwards: where room_finished is among the lost, it has expired. What agents uploaded is kept.`,
  ];
}

const times = (runs: number) => (runs === 1 ? 'once' : `${count(runs)} times`);

export function lossTitle(loss: Loss): string {
  return 'share' in loss
    ? `${number(loss.share * 100)} % of the webhooks lost`
    : `all webhooks of ${number(loss.outage)} s lost`;
}

export function lossSentences({ trials, webhooks, lost, untouched, unheard, unseen, all }: LossTrust): string[] {
  const { n, exact, bounded, calibration, calibrationUnseen, undeclared } = all;
  const held = calibration === null ? '' : `, of which ${percent(calibration)} hold the truth where nothing is unseen`;
  const heldUnseen = calibrationUnseen === null ? '' : `: there ${percent(calibrationUnseen)} of the bounds hold it`;
  return [
    `${count(trials)} trials lost ${count(lost)} of ${count(webhooks)} webhooks; ${count(untouched)} of them lost none.`,
    ...(unheard > 0 ? [`Of ${count(unheard)} no event was left: they are in no number below.`] : []),
    ...(unseen > 0 ? [`In ${count(unseen)} a person, connection, track or recording left no event${heldUnseen}.`] : []),
    n === 0
      ? 'Nothing was left to compare.'
      : `Of ${count(n)} values ${percent(exact / n)} are exact; ${percent(bounded / n)} have bounds${held}. Wrong without a word: ${count(undeclared)}.`,
  ];
}

export function trustRow(path: PathTrust): string[] {
  const { n, exact, unknown, flagged, undeclared, unseen, bounded, unit } = path;
  const digits = unit === 'score' || unit === 'n' ? 2 : 3;
  const distance = (value: number | null) =>
    value === null ? '-' : `${value.toFixed(digits)}${unit === 's' || unit === 'instant' ? ' s' : ''}`;
  return [
    path.path,
    count(n),
    percent(exact / n),
    distance(path.meanAbsoluteError),
    distance(path.p95AbsoluteError),
    share(unknown, n),
    share(bounded, n),
    bounded > 0 && path.medianWidth === null ? 'no limit' : distance(path.medianWidth),
    path.calibration === null ? '-' : percent(path.calibration),
    share(flagged, n),
    share(unseen, n),
    undeclared === 0 ? '-' : count(undeclared),
  ];
}

export const shownPaths = ({ paths }: LossTrust, all: boolean): PathTrust[] =>
  paths.filter(({ main, undeclared }) => all || main || undeclared > 0);

function defectSentence({ path, found, truth, bounds }: TrustDefect): string {
  const said = bounds === null ? '' : ` within ${bounds.map((bound) => bound ?? '?').join(' .. ')}`;
  return `${path}: ${JSON.stringify(found)}${said}, with all events ${JSON.stringify(truth)}`;
}

/** By what gives them again. */
export function groupedDefects({ defects }: TrustReport): [command: string, sentences: string[]][] {
  return [...Map.groupBy(defects, defectCommand)].map(([command, those]) => [command, those.map(defectSentence)]);
}

/** Loses the same events again. */
function defectCommand({ roomSid, loss, seed }: TrustDefect): string {
  const lost = 'share' in loss ? `--loss ${number(loss.share * 100)}` : `--outage ${number(loss.outage)}`;
  return `call-evaluator trust --sid ${roomSid} ${lost} --seed ${seed} --runs 1 --all`;
}

const count = (number: number) => number.toLocaleString('en');
const number = (value: number) => String(Number(value.toPrecision(12)));
const share = (part: number, of: number) => (part === 0 ? '-' : percent(part / of));

/** All and nothing are said of all and nothing alone. */
function percent(value: number): string {
  if (value === 1) return '100 %';
  if (value === 0) return '0 %';
  const shown = (value * 100).toFixed(2);
  return shown === '100.00' ? '>99.99 %' : shown === '0.00' ? '<0.01 %' : `${shown} %`;
}
