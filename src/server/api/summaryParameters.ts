/** Parameters of routes that sum calls up, and the query that they make. */
import { z } from 'zod';
import { GROUPINGS } from '../../fleet/grouping.ts';
import { SERVICE_LEVEL_DENOMINATORS } from '../../fleet/summaryOptions.ts';
import type { SummaryQuery } from '../../summaryQuery.ts';
import { callFilter, period } from './callFilter.ts';

const seconds = z.number().min(0).max(1e9).optional();

export const summaryParameters = {
  ...period('whose start'),
  ...callFilter,
  tz: z.string().min(1).optional().describe('where hours, days, weeks and months begin, such as Europe/Berlin; UTC'),
  serviceLevel: seconds.describe('answered within so many seconds is in time; 20'),
  target: z.number().min(0).max(1).optional().describe('the share of calls that should be, 0 to 1; 0.8'),
  serviceLevelOf: z.enum(SERVICE_LEVEL_DENOMINATORS).optional().describe('what the calls in time are a share of'),
  maxGroups: z.int().min(1).max(5_000).optional().describe('so many groups, the first ones; 1000, at most 5000'),
  shortAbandon: seconds.describe('who gives up within so many seconds is not counted; 0'),
};

export const by = z
  .array(z.string().min(1).max(200))
  .optional()
  .describe(`one or more, with commas: ${GROUPINGS.join(', ')}, metadata.KEY`);

type Parameters = z.infer<z.ZodObject<typeof summaryParameters>>;

export function summaryQueryOf({
  tz,
  serviceLevel,
  target,
  serviceLevelOf,
  shortAbandon,
  ...filter
}: Parameters): SummaryQuery {
  return {
    ...filter,
    ...(tz !== undefined && { timeZone: tz }),
    ...(shortAbandon !== undefined && { shortAbandon }),
    serviceLevel: {
      ...(serviceLevel !== undefined && { threshold: serviceLevel }),
      ...(target !== undefined && { target }),
      ...(serviceLevelOf !== undefined && { denominator: serviceLevelOf }),
    },
  };
}
