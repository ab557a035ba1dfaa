import { type Command, Option } from 'commander';
import { cell } from '../report/cell.ts';
import type { StoredEvent } from '../store/store.ts';
import { addDatabaseOption } from './database.ts';
import { addExamples } from './examples.ts';
import { Output } from './output.ts';
import { addRoomArgument, askAbout } from './room.ts';

interface EventsOptions {
  db: string;
  format: 'table' | 'ndjson';
}

export function addEvents(program: Command): void {
  const command = addRoomArgument(program.command('events'))
    .summary('the stored events of one call')
    .description('Lists the events of one call in the order in which they came.')
    .addOption(
      new Option('--format <format>', 'a table for people, or the bodies as they came (secrets masked), one a line')
        .choices(['table', 'ndjson'])
        .default('table'),
    );
  addDatabaseOption(command).action(events);
  addExamples(
    command,
    'events RM_x7 --db calls.db',
    'events standup --db calls.db --format ndjson > standup.ndjson   a recording of one call, for "replay"',
  );
}

async function events(room: string, { db, format }: EventsOptions): Promise<void> {
  const found = await askAbout(room, { db }, async (evaluator, sid) => {
    const stored = await evaluator.getEvents(sid);
    return stored.length > 0 ? stored : null;
  });
  const output = new Output();
  if (format === 'table') output.line(row('happened (UTC)', 'type', 'id', 'received (UTC)'));
  for (const event of found)
    await (format === 'table' ? output.line(rowOf(event)) : output.json(onOneLine(event.body)));
  await output.flush();
}

function rowOf({ at, type, id, receivedAt }: StoredEvent): string {
  return row(shown(at), type, id ?? '-', shown(receivedAt));
}

function row(at: string, type: string, id: string, receivedAt: string): string {
  return `${cell(at, 23, 'left')} ${cell(type, 31, 'left')} ${cell(id, 20, 'left')} ${receivedAt}`;
}

function shown(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1).replace('T', ' ');
}

/** JSON has line breaks only between its tokens. */
function onOneLine(json: string): string {
  return json.replace(/[\r\n]+/g, ' ');
}
