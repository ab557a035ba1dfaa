import { z } from 'zod';
import type { FigurePath } from '../../../fleet/callSummary.ts';
import { PERIOD_UNITS } from '../../../fleet/period.ts';
import { SUMMARY_FIGURES } from '../../../fleet/summaryRegistry.ts';
import { leadsToNumber, timeSeriesOf, timeSeriesSchema } from '../../../fleet/timeSeries.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import { by, summaryParameters, summaryQueryOf } from '../summaryParameters.ts';

const figure = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(20)
  .default(['calls', 'serviceLevel.rate', 'responseLatency.p95'])
  .describe('figures of a summary, with commas: calls, serviceLevel.rate, responseLatency.p95, participantMinutes.SIP');

const isFigure = (path: string): path is FigurePath => SUMMARY_FIGURES.some((one) => one.path === path);

export const timeseries = route({
  path: '/v1/timeseries',
  name: 'getTimeSeries',
  summary: 'Figures of many calls over time',
  readers: 'readers of all',
  heavy: true,
  params: z.object({}),
  query: z.object({
    figure,
    unit: z.enum(PERIOD_UNITS).default('day').describe('of time; periods without a call are there too'),
    ...summaryParameters,
    by: by.describe('a line for each of these groups, as of /v1/summary'),
  }),
  answer: { name: 'TimeSeries', says: 'A line of points for each figure and group.', schema: timeSeriesSchema },
  problems: [],
  async handle({ query: { figure, unit, by = [], ...query }, request: { signal } }, { evaluator }) {
    const known = figure.map((path) => path.split('.', 1)[0]!).filter(isFigure);
    const figures = [...new Set<FigurePath>(['calls', ...known])];
    const summaries = await evaluator.summarize({ ...summaryQueryOf(query), by: [unit, ...by], figures }, { signal });
    for (const path of figure)
      if (summaries.total.calls.n > 0 && !leadsToNumber(summaries.total, path))
        throw new Problem(
          'bad-parameter',
          `figure: ${JSON.stringify(path)} leads to no number in these calls. /v1/summary shows the figures that there are; of a Distribution name a leaf, such as responseLatency.p95.`,
          { parameter: 'figure' },
        );
    return timeSeriesOf(summaries, figure);
  },
});
