/** A series for people: a line a call, and what it comes to. */
import { styleText } from 'node:util';
import { REASONS, type Reason } from '../fleet/basis.ts';
import type { Figure, Rate } from '../fleet/figure.ts';
import type { Trend } from '../fleet/series/trend.ts';
import type { Series, SeriesRow } from '../fleet/series.ts';
import { cell, cut } from './cell.ts';
import { clock, wait } from './duration.ts';

interface Column {
  title: string;
  align: 'left' | 'right';
  show(row: SeriesRow): string;
}

const COLUMNS: readonly Column[] = [
  { title: 'sid', align: 'left', show: ({ roomSid }) => roomSid },
  { title: 'room', align: 'left', show: ({ roomName }) => cut(roomName ?? '-', 24) },
  { title: 'started (UTC)', align: 'left', show: ({ startedAt }) => startedAt.slice(0, 16).replace('T', ' ') },
  { title: 'duration', align: 'right', show: ({ duration }) => clock(duration) },
  { title: 'humans', align: 'right', show: ({ humans }) => String(humans) },
  { title: 'new', align: 'right', show: (row) => String(row.new) },
  { title: 'again', align: 'right', show: ({ returning }) => String(returning) },
  { title: 'people', align: 'right', show: ({ unique, peak }) => `${unique} (${peak})` },
  {
    title: 'engaged',
    align: 'right',
    show: ({ engagement }) => (engagement === null ? '-' : String(Math.round(engagement))),
  },
  {
    title: 're-contact',
    align: 'right',
    show: ({ recontacted, recontactAfter }) =>
      recontactAfter === null ? (recontacted === null ? '-' : 'no') : `after ${span(recontactAfter)}`,
  },
  { title: 'seen', align: 'right', show: ({ completeness }) => `${Math.floor(completeness * 100 + 1e-9)} %` },
];

export const SERIES_LEGEND = `In the table:
  new, again  humans who were in no earlier call of the series, and those who were
  people      with agents (most at once)
  re-contact  how long after leaving one of them joined the next call; no: not within --recontact-within;
              -: not yet, or nobody can be told apart
  seen        share of the expected events`;

const MOST_NAMED = 10;

export function seriesText(series: Series): string {
  const rows = series.calls.map((row) => COLUMNS.map(({ show }) => show(row)));
  const table = [COLUMNS.map(({ title }) => title), ...rows];
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const [head, ...lines] = table.map((row) =>
    row
      .map((text, i) => cell(text, widths[i]!, COLUMNS[i]!.align))
      .join('  ')
      .trimEnd(),
  );
  const earlier = series.earlier > 0 ? [`${count(series.earlier)} earlier calls are in the figures below`] : [];
  return [styleText('bold', head!), ...lines, ...earlier, '', ...sentences(series)].join('\n');
}

function sentences({ trend, people, returningRate, recontactRate, definitions }: Series): string[] {
  const { unique, returned, list } = people;
  const named = list.filter(({ calls }) => calls > 1).slice(0, MOST_NAMED);
  const who = named.map(({ identity, calls }) => `${cut(identity, 40)} ${calls}`).join(', ');
  return [
    `Attendance: ${trendSentence(trend.humans, 'humans')}. At once: ${trendSentence(trend.peak, 'people')}. Engagement: ${trendSentence(trend.engagement, 'of 100')}.`,
    `Returning: ${told(returningRate)} of the humans in calls after the first had been in an earlier one${between(returningRate)}${leftOut(returningRate)}.`,
    `Humans: ${count(unique)}, ${count(returned)} of them in more than one call${who === '' ? '' : `: ${who}${returned > named.length ? ', …' : ''}`}.`,
    `Re-contact within ${definitions.recontactWithin} h: ${told(recontactRate)} of ${calls(recontactRate.n)}${chance(recontactRate)}${between(recontactRate)}${leftOut(recontactRate)}.`,
  ];
}

function trendSentence({ value, interval, noise, n }: Trend, unit: string): string {
  if (value === null) return 'too few calls';
  const slope = `${signed(value)} ${unit} a call`;
  if (interval === null) return `${slope} (of ${calls(n)}: too few to say)`;
  return `${slope} (95 %: ${interval.map(signed).join(' .. ')}: ${noise ? 'it may be noise' : 'a trend'})`;
}

const calls = (n: number) => `${count(n)} ${n === 1 ? 'call' : 'calls'}`;
const signed = (value: number) => `${value > 0 ? '+' : ''}${Number(value.toPrecision(2))}`;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const told = ({ value }: Figure) => (value === null ? '-' : percent(value));
const chance = ({ interval }: Rate) => (interval ? ` (95 %: ${interval.map(percent).join(' .. ')})` : '');

/** What lost events leave open. */
function between({ value, low, high }: Figure): string {
  if (value === null || (low === value && high === value)) return '';
  return `; with what was lost ${low === null ? '?' : percent(low)} .. ${high === null ? '?' : percent(high)}`;
}

function leftOut({ leftOut }: Figure): string {
  const reasons = Object.entries(leftOut) as [Reason, number][];
  if (reasons.length === 0) return '';
  return `; left out ${reasons.map(([reason, calls]) => `${count(calls)} (${REASONS[reason]})`).join(', ')}`;
}

const span = (seconds: number) =>
  seconds < 7200
    ? wait(seconds)
    : seconds < 172_800
      ? `${(seconds / 3600).toFixed(1)} h`
      : `${Math.round(seconds / 86_400)} d`;
const count = (number: number) => number.toLocaleString('en');
