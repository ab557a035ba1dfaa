import { z } from 'zod';
import { summariesSchema } from '../../../fleet/callSummary.ts';
import { SETTING_NAMES, settingsFrom } from '../../../whatIfSettings.ts';
import { route } from '../route.ts';
import { by, summaryParameters, summaryQueryOf } from '../summaryParameters.ts';

/** A request holds the server's one thread again and again: what takes longer is for the command line. */
const MOST_MEASURED = 10_000;

const value = z.union([z.string(), z.number(), z.boolean()]).nullable();

export const whatIf = route({
  path: '/v1/what-if',
  name: 'whatIf',
  summary: 'Stored calls by other options, beside what they are',
  description: `Where only the service level, short abandons or containment are set, calls are summed up as they are kept; else each is measured again from its events, at most ${MOST_MEASURED}. Nothing is written.`,
  readers: 'readers of all',
  heavy: true,
  params: z.object({}),
  query: z.object({
    set: z
      .record(z.string(), z.string())
      .optional()
      .describe(`set[option]=value: what is to be otherwise, of ${SETTING_NAMES.join(', ')}`),
    ...summaryParameters,
    by,
  }),
  answer: {
    name: 'WhatIf',
    says: 'Both summaries, and the values of calls that change.',
    schema: z.object({
      set: z.array(z.object({ option: z.string(), before: z.unknown(), after: z.unknown() })),
      measured: z.int().describe('calls that were measured again; 0: they are summed up as they are kept'),
      before: summariesSchema(),
      after: summariesSchema(),
      changed: z
        .array(z.object({ roomSid: z.string(), path: z.string(), before: value, after: value }))
        .describe('by the start of the calls; of each path the first hundred'),
      changes: z.object({
        calls: z.int(),
        values: z.int(),
        byPath: z.array(z.object({ path: z.string(), calls: z.int(), values: z.int() })),
      }),
    }),
  },
  problems: [],
  handle: ({ query: { set = {}, by = [], ...query }, request: { signal } }, { evaluator }) =>
    evaluator.whatIf(
      { query: { ...summaryQueryOf(query), by }, options: settingsFrom(set), mostMeasured: MOST_MEASURED },
      undefined,
      { signal },
    ),
});
