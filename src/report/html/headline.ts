/** The figures that a period is judged by, in large letters. */
import type { CallSummary, FigurePath } from '../../fleet/callSummary.ts';
import type { DistributionFigure, Figure } from '../../fleet/figure.ts';
import { inWords } from '../inWords.ts';
import { type Limits, limitsText, percent, type ShownUnit, setShare, shownNumber } from '../shownNumber.ts';
import { type Card, cards } from './cards.ts';
import { figureTerm } from './definitionList.ts';
import type { Html, Piece } from './html.ts';

export function headline(total: CallSummary): Html {
  const { serviceLevel, responseLatency } = total;
  const { threshold, target, met } = serviceLevel;
  return cards([
    card('calls', total.calls, 'n', []),
    card('offered', total.offered, 'n'),
    card('answered', total.answered, 'n'),
    card('abandoned', total.abandoned, 'n', [abandonment(total), trust(total.abandoned)]),
    card('serviceLevel', serviceLevel.rate, 'share', [
      `answered within ${threshold} s; target ${setShare(target)}: ${met === null ? (serviceLevel.rate.value === null ? 'no call counts' : 'lost webhooks decide') : met ? 'met' : 'missed'}`,
      trust(serviceLevel.rate),
    ]),
    card('averageSpeedOfAnswer', total.averageSpeedOfAnswer, 's'),
    card('averageHandleTime', total.averageHandleTime, 's'),
    card('containmentRate', total.containmentRate, 'share'),
    percentile(responseLatency, 'p50'),
    percentile(responseLatency, 'p95'),
    card('engagement', total.engagement, 'score', ['of 100', trust(total.engagement)]),
    card('peakCalls', total.peakCalls, 'n', ['at one instant', trust(total.peakCalls)]),
  ]);
}

function card(path: FigurePath, figure: Figure, unit: ShownUnit, notes: readonly Piece[] = [trust(figure)]): Card {
  return {
    title: figureTerm(path, inWords(path)),
    value: shown(figure, unit),
    notes: [within(figure, unit), ...notes],
  };
}

const shown = ({ value }: Limits, unit: ShownUnit) => (value === null ? '–' : shownNumber(value, unit));

/** Where the truth lies, if webhooks that were lost could change it. */
function within(figure: Limits, unit: ShownUnit): string | null {
  const limits = limitsText(figure, unit);
  return limits === null ? null : `limits ${limits}`;
}

function trust({ n, complete }: Pick<Figure, 'n' | 'complete'>): string {
  return `of ${n.toLocaleString('en')} ${n === 1 ? 'call' : 'calls'}${complete === null ? '' : `, ${percent(complete)} complete`}`;
}

function abandonment({ abandonmentRate }: CallSummary): Piece {
  return abandonmentRate.value === null
    ? null
    : figureTerm('abandonmentRate', `${percent(abandonmentRate.value)} of those offered`);
}

function percentile(figure: DistributionFigure, rank: 'p50' | 'p95'): Card {
  const { value, low, high, n } = figure;
  const limits = { value: value?.[rank] ?? null, low: low[rank], high: high[rank] };
  const few = value !== null && (value.small || (value.thin as string[]).includes(rank)) && 'of few samples';
  const samples =
    value === null ? null : `${value.count.toLocaleString('en')} samples of ${n.toLocaleString('en')} calls`;
  return {
    title: figureTerm('responseLatency', `Response latency ${rank}`),
    value: shown(limits, 's'),
    notes: [within(limits, 's'), samples, few],
  };
}
