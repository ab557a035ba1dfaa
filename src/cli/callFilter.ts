import { type Command, Option } from 'commander';
import { CALL_STATUSES, type CallQuery } from '../callQuery.ts';
import { END_REASON_CLASSES } from '../metrics/endReason.ts';
import { instantOrAgo, keyValue, share } from './arguments.ts';

/** What the command line may say of which calls are meant. */
export type CallFilter = Omit<CallQuery, 'roomName' | 'sort' | 'limit' | 'after'>;

export function addCallFilter(command: Command): Command {
  return command
    .option('--room <pattern>', 'calls in rooms of such names; * stands for anything')
    .option('--agent <pattern>', 'calls with an agent of such a name or identity')
    .option(
      '--since <instant>',
      'calls that began then or later: ISO 8601, epoch ms, or so long ago as 30d',
      instantOrAgo,
    )
    .option('--until <instant>', 'calls that began before', instantOrAgo)
    .option('--kind <kind>', 'calls to which such a participant came: STANDARD, SIP, AGENT, ...')
    .option('--tag <pattern>', 'calls that an agent gave such a tag')
    .addOption(new Option('--status <status...>', 'only such calls').choices(CALL_STATUSES))
    .addOption(new Option('--end-reason <class...>', 'calls that ended so').choices(END_REASON_CLASSES))
    .option('--min-completeness <share>', 'calls of which at least so much was seen, 0 to 1', share)
    .option(
      '--metadata <key=value>',
      'calls in rooms with this in their metadata; several times: with all of it',
      keyValue,
    );
}
