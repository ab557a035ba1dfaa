import type { Command } from 'commander';
import { outline } from '../report/outline.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption, known, withDatabase } from './database.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';

interface StateOptions {
  db: string;
  at?: Date;
  format: PageFormat;
}

export function addState(program: Command): void {
  const command = program
    .command('state')
    .summary('who is in a room, what is published and recorded')
    .description('Shows who is in a room, what is published and what is recorded: now, or at an instant of the past.')
    .argument('<room-sid>', 'the sid of the room, RM_…')
    .option('--at <instant>', 'when (the present)', instant)
    .addOption(pageOption());
  addDatabaseOption(command).action(state);
}

async function state(roomSid: string, { db, at, format }: StateOptions): Promise<void> {
  const found = await withDatabase({ db }, (evaluator) => known(evaluator, roomSid, evaluator.getState(roomSid, at)));
  await showPage(found, format, (value) => outline(value).join('\n'));
}
