/** The room that a command asks about. */
import type { Command } from 'commander';
import { distance } from 'fastest-levenshtein';
import { CallEvaluatorError } from '../errors.ts';
import type { CallEvaluator } from '../evaluator.ts';
import { type DatabaseFlags, withDatabase } from './database.ts';

export function addRoomArgument(command: Command): Command {
  return command.argument('<room>', 'the sid of the room, RM_…; or its name, where one call alone has it');
}

/** Opens the database and asks it about one room. */
export async function askAbout<T>(
  room: string,
  options: DatabaseFlags,
  ask: (evaluator: CallEvaluator, roomSid: string) => Promise<T | null>,
): Promise<T> {
  return withDatabase(options, async (evaluator) => {
    const found = await ask(evaluator, room);
    if (found !== null) return found;
    const namesakes = await evaluator.roomsNamed(room);
    const byName = namesakes.length === 1 ? await ask(evaluator, namesakes[0]!) : null;
    if (byName !== null) return byName;
    const why =
      namesakes.length > 0 ? await whichOf(evaluator, room, namesakes) : await nothingOf(evaluator, room, options.db);
    throw new CallEvaluatorError('unknown_room', why);
  });
}

const NAMESAKES = 5;

async function whichOf(evaluator: CallEvaluator, name: string, sids: readonly string[]): Promise<string> {
  const last: string[] = [];
  for (const sid of sids.slice(-NAMESAKES).reverse()) {
    const metrics = await evaluator.getMetrics(sid);
    last.push(`${sid} (${metrics?.startedAt.slice(0, 16).replace('T', ' ') ?? 'not understood'})`);
  }
  const before = sids.length > last.length ? ` and ${sids.length - last.length} before` : '';
  return `${sids.length} calls were in a room named ${name}: ${last.join(', ')}${before}. Name one by its sid.`;
}

const NAMED = 3;
/** The latest calls, whose rooms are compared with a misspelt one. */
const COMPARED = 1000;

async function nothingOf(evaluator: CallEvaluator, room: string, db: string): Promise<string> {
  const { calls } = await evaluator.listCalls({ sort: '-startedAt', limit: COMPARED });
  const near = calls
    .flatMap(({ roomSid, roomName }) => [roomSid, ...(roomName === null ? [] : [roomName])])
    .map((spelt) => ({ spelt, away: distance(spelt, room) }))
    .filter(({ away }) => away <= room.length / 3)
    .sort((a, b) => a.away - b.away);
  const names = [...new Set(near.map(({ spelt }) => spelt))].slice(0, NAMED);
  const hint =
    names.length > 0 ? `Did you mean ${names.join(', ')}?` : `"call-evaluator calls --db ${db}" lists the calls.`;
  return `No event of room ${room} is stored. ${hint}`;
}
