/** What contact centres decide by: who was answered, how soon, and who gave up. */
import { z } from 'zod';
import { figureSchema, rateSchema } from './figure.ts';
import { Mean } from './mean.ts';
import { Outcomes, YES } from './outcomes.ts';
import type { Range } from './range.ts';
import { type Counted, summaryFigure } from './summaryFigure.ts';

const begin = () => new Outcomes();

/** How many calls a judgement says yes to. */
function count<const Path extends 'offered' | 'answered' | 'abandoned'>(path: Path, formula: string, source: string) {
  return summaryFigure({
    path,
    unit: 'n',
    formula,
    nullWhen: 'no call has ended',
    source,
    schema: figureSchema,
    begin,
    add: (outcomes, { contact, complete }) => outcomes.add(contact[path], complete),
    shown: (outcomes) => outcomes.count(),
  });
}

/** Of the calls that were answered. */
function addAnswered(mean: Mean, { contact, complete }: Counted, value: number | null, range: Range | undefined): void {
  const { is, may, why } = contact.answered;
  if (is !== YES) mean.leaveOut(why, (may & YES) > 0 ? (range ?? ANY) : undefined);
  else if (value === null) mean.leaveOut('noAgent', range);
  else mean.add(value, range, complete, may === YES);
}
/** Of a call that may have been answered after all. */
const ANY: Range = [0, null];

export const CONTACT_CENTRE_FIGURES = [
  count(
    'offered',
    'Calls in which a human was connected where an agent was expected (agent.expected).',
    'Genesys, Amazon Connect (contacts offered), in LiveKit’s terms',
  ),
  count(
    'answered',
    'Offered calls in which an agent was there together with a human for any time.',
    'Genesys, Amazon Connect (contacts handled), in LiveKit’s terms',
  ),
  count(
    'abandoned',
    'Offered calls that were not answered, however soon the human gave up.',
    'Genesys, Amazon Connect (contacts abandoned), in LiveKit’s terms',
  ),
  summaryFigure({
    path: 'abandonmentRate',
    unit: 'share',
    formula:
      'Abandoned / offered. Where `shortAbandon` (0 s) is set, those whose humans gave up within it are in neither.',
    nullWhen: 'no call was offered',
    source:
      'Genesys (abandon %, https://help.mypurecloud.com/articles/metric-definitions), Amazon Connect (ABANDONMENT_RATE)',
    schema: rateSchema,
    begin,
    add: (outcomes, { contact, complete }) => outcomes.add(contact.abandonment, complete),
    shown: (outcomes) => outcomes.rate(),
  }),
  summaryFigure({
    path: 'averageSpeedOfAnswer',
    unit: 's',
    formula:
      'Mean of agent.joinLatency over answered calls: who gave up is not in it, so that it is to be read beside abandonmentRate.',
    nullWhen: 'no call was answered',
    source: 'Genesys (average speed of answer, https://help.mypurecloud.com/glossary/average-speed-of-answer-asa)',
    schema: figureSchema,
    begin: () => new Mean('s'),
    add: (mean, call) => addAnswered(mean, call, call.figures.joinLatency, call.figures.bounds?.joinLatency),
    shown: (mean) => mean.shown(),
  }),
  summaryFigure({
    path: 'serviceLevel',
    unit: 'object',
    formula:
      'Calls answered within `threshold` (agent.joinLatency; 20 s) / (answered + abandoned after it); `denominator` offered: / offered, answered: / answered. `met`: whether the rate reaches `target`, whatever the lost events were; null where they decide.',
    nullWhen: 'never; its rate: no call counts',
    source: 'Genesys (service level, https://help.mypurecloud.com/?p=334996)',
    schema: z.object({
      threshold: z.number().describe('s'),
      target: z.number(),
      denominator: z.string(),
      rate: rateSchema,
      met: z.boolean().nullable(),
    }),
    begin,
    add: (outcomes, { contact, complete }) => outcomes.add(contact.serviceLevel, complete),
    shown: (outcomes, { serviceLevel: { threshold, target, denominator } }) => {
      const rate = outcomes.rate();
      const { value, low, high } = rate;
      const met = value === null ? null : low! >= target ? true : high! < target ? false : null;
      return { threshold, target, denominator, rate, met };
    },
  }),
  summaryFigure({
    path: 'averageHandleTime',
    unit: 's',
    formula: 'Mean of agentHumanDuration over answered calls; work after the call is in none of LiveKit’s events.',
    nullWhen: 'no call was answered',
    source: 'Genesys (average handle time), Amazon Connect (HANDLE_TIME), without after-contact work',
    schema: figureSchema,
    begin: () => new Mean('s'),
    add: (mean, call) =>
      addAnswered(mean, call, call.figures.agentHumanDuration, call.figures.bounds?.agentHumanDuration),
    shown: (mean) => mean.shown(),
  }),
  summaryFigure({
    path: 'containmentRate',
    unit: 'share',
    formula:
      'Answered calls that were not escalated / answered. Escalated: a second human came (`containment.secondHuman`), or the call has one of `escalationTags`. It does not say that the matter was resolved.',
    nullWhen: 'no call was answered',
    source:
      'Anywhere365 (call containment rate, https://support.365agents.com/en/articles/5772227-what-is-call-containment-rate)',
    schema: rateSchema,
    begin,
    add: (outcomes, { contact, complete }) => outcomes.add(contact.contained, complete),
    shown: (outcomes) => outcomes.rate(),
  }),
] as const;
