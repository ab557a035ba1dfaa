import { type Command, Option } from 'commander';
import type { MetricOptions } from '../options.ts';
import { duration, eventTypes, jsonFile } from './arguments.ts';

/** What the command line may set of how metrics are measured; what is not written keeps the engine's default. */
export type MetricFlags = Pick<
  MetricOptions,
  'noShowAfter' | 'staleAfter' | 'leftFirstGrace' | 'phoneNumbers' | 'neverSent' | 'prices'
>;

export function addMetricOptions(command: Command): Command {
  const noShowAfter = new Option(
    '--no-show-after <duration>',
    'a human who waits longer for no agent was let down (20s)',
  );
  noShowAfter.negate = false; // to commander "--no-" means "not"
  return command
    .addOption(noShowAfter.argParser(duration))
    .option('--stale-after <duration>', 'a call of which nothing is heard for so long has expired (24h)', duration)
    .option('--left-first-grace <duration>', 'a human left alone by the agent for longer was left first (2s)', duration)
    .addOption(new Option('--phone-numbers <how>', 'how phone numbers are shown (masked)').choices(['masked', 'plain']))
    .option('--never-sent <types>', 'event types that your LiveKit is set not to send: type,type', eventTypes)
    .option(
      '--prices <file>',
      'what models cost, as JSON: [{"model":"gpt-4o","currency":"USD","inputTokens":2.5,"outputTokens":10}], per million',
      jsonFile,
    );
}
