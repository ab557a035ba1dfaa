/** What only the agents' own telemetry can tell: null as long as none came. */
import { z } from 'zod';
import { numberSchema, value } from './metric.ts';

const untold = <const Path extends string>(path: Path, unit: string, formula: string) =>
  value({
    path,
    unit,
    formula,
    nullWhen: 'no telemetry',
    needs: [],
    source: 'LiveKit Agents (metrics, chat history)',
    schema: z.null(),
    compute: () => null,
  });

export const TELEMETRY_METRICS = [
  untold('response.components', 'Distributions, s', 'transcriptionDelay, endOfTurnDelay, llmTtft, ttsTtfb, tool.'),
  value({
    path: 'response.rejected',
    unit: 'n',
    formula: 'Impossible values of telemetry, left out and counted.',
    nullWhen: 'never',
    needs: [],
    source: 'LiveKit Agents (metrics, chat history)',
    schema: numberSchema('n'),
    compute: () => 0,
  }),
  untold('conversation', 'object', 'Turns, talk time, overlap, silence, dead air, interruptions.'),
  untold('tools', 'object', 'Calls, errors and latency of tools.'),
  untold('usage', 'list', 'Tokens, audio, characters and cost per provider and model.'),
] as const;
