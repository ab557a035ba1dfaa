import type { Command } from 'commander';
import { outline } from '../report/outline.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption } from './database.ts';
import { addExamples } from './examples.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';
import { addRoomArgument, askAbout } from './room.ts';

interface StateOptions {
  db: string;
  at?: Date;
  format: PageFormat;
}

export function addState(program: Command): void {
  const command = addRoomArgument(program.command('state'))
    .summary('who is in a room, what is published and recorded')
    .description('Shows who is in a room, what is published and what is recorded: now, or at an instant of the past.')
    .option('--at <instant>', 'when, also in epoch ms (the present)', instant)
    .addOption(pageOption());
  addDatabaseOption(command).action(state);
  addExamples(
    command,
    'state RM_x7 --db calls.db',
    'state RM_x7 --db calls.db --at 2026-10-12T09:01:00Z',
    'state standup --db calls.db --at 1791795660000 --format json',
  );
}

async function state(room: string, { db, at, format }: StateOptions): Promise<void> {
  const found = await askAbout(room, { db }, (evaluator, sid) => evaluator.getState(sid, at));
  await showPage(found, format, (value) => outline(value).join('\n'));
}
