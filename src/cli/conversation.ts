import type { Command } from 'commander';
import { CallEvaluatorError } from '../errors.ts';
import { conversationText } from '../report/conversationText.ts';
import { addDatabaseOption, type DatabaseFlags } from './database.ts';
import { addExamples } from './examples.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';
import { addRoomArgument, askAbout } from './room.ts';

type ConversationOptions = DatabaseFlags & { format: PageFormat };

export function addConversation(program: Command): void {
  const command = addRoomArgument(program.command('conversation'))
    .summary('what agents told of a call: turns, tools, handoffs')
    .description(
      'Shows what agents told of a call: turns with their latencies, tool calls, handoffs; and the words, where they are kept.',
    )
    .addOption(pageOption());
  addDatabaseOption(command).action(conversation);
  addExamples(command, 'conversation RM_x7 --db calls.db', 'conversation standup --db calls.db --format json');
}

async function conversation(room: string, { format, ...options }: ConversationOptions): Promise<void> {
  const found = await askAbout(room, options, async (evaluator, sid) => {
    const log = await evaluator.getConversation(sid);
    if (log === null && (await evaluator.getMetrics(sid)) !== null)
      throw new CallEvaluatorError(
        'unknown_path',
        `No agent told anything of ${sid}: "call-evaluator serve --help" says how agents do.`,
      );
    return log;
  });
  await showPage(found, format, conversationText);
}
