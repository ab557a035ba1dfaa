/** What a table of summaries shows of each group: a few of its figures, in a few letters. */
import type { CallSummary, FigurePath } from '../fleet/callSummary.ts';
import type { DistributionFigure, Figure } from '../fleet/figure.ts';
import { wait } from './duration.ts';

export interface SummaryColumn {
  title: string;
  /** What the title means. */
  legend: string;
  /** Whose definition is its own. */
  of: FigurePath;
  show(summary: CallSummary): string;
}

type Format = (value: number) => string;
const whole: Format = (value) => String(Math.round(value));
const percent: Format = (share) => `${(share * 100).toFixed(1)} %`;

/** `~`: the truth may be another, as far as the calls' own bounds tell. */
function told({ value, low, high }: Pick<Figure, 'value' | 'low' | 'high'>, format: Format): string {
  if (value === null) return '-';
  return low === value && high === value ? format(value) : `~${format(value)}`;
}

/** `*`: of so few samples that the next one may change it much. */
function at(figure: DistributionFigure, rank: 'p50' | 'p90' | 'p95'): string {
  const { value, low, high } = figure;
  if (value === null) return '-';
  const text = told({ value: value[rank], low: low[rank], high: high[rank] }, wait);
  return value.small || (value.thin as string[]).includes(rank) ? `${text}*` : text;
}

export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  {
    title: 'calls',
    legend: 'calls that started then',
    of: 'calls',
    show: ({ group, calls, groupUncertain }) =>
      `${groupUncertain.value && Object.keys(group.key).length > 0 ? '~' : ''}${told(calls, whole)}`,
  },
  {
    title: 'offered',
    legend: 'a human was connected where an agent was expected',
    of: 'offered',
    show: ({ offered }) => told(offered, whole),
  },
  {
    title: 'answered',
    legend: 'an agent was there with that human',
    of: 'answered',
    show: ({ answered }) => told(answered, whole),
  },
  {
    title: 'aband.',
    legend: 'offered and not answered, of those offered',
    of: 'abandonmentRate',
    show: ({ abandonmentRate }) => told(abandonmentRate, percent),
  },
  {
    title: 'ASA',
    legend: 'average speed of answer',
    of: 'averageSpeedOfAnswer',
    show: ({ averageSpeedOfAnswer }) => told(averageSpeedOfAnswer, wait),
  },
  {
    title: 'SL',
    legend: 'service level',
    of: 'serviceLevel',
    show: ({ serviceLevel }) => told(serviceLevel.rate, percent),
  },
  {
    title: 'AHT',
    legend: 'average handle time: agent and human together',
    of: 'averageHandleTime',
    show: ({ averageHandleTime }) => told(averageHandleTime, wait),
  },
  {
    title: 'call p50',
    legend: 'first person joined .. last left',
    of: 'callDuration',
    show: ({ callDuration }) => at(callDuration, 'p50'),
  },
  {
    title: 'resp. p50',
    legend: 'the human stops speaking .. the agent speaks',
    of: 'responseLatency',
    show: ({ responseLatency }) => at(responseLatency, 'p50'),
  },
  {
    title: 'p95',
    legend: 'of the same',
    of: 'responseLatency',
    show: ({ responseLatency }) => at(responseLatency, 'p95'),
  },
  {
    title: 'engaged',
    legend: 'mean engagement, of 100',
    of: 'engagement',
    show: ({ engagement }) => told(engagement, whole),
  },
  {
    title: 'seen',
    legend: 'share of calls of which every event came',
    of: 'calls',
    show: ({ calls }) => (calls.complete === null ? '-' : percent(calls.complete)),
  },
];
