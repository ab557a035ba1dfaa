/** What agents told of a call, for people: a turn, a tool call or a handoff a line. */
import type { ConversationLog } from '../metrics/conversationLog.ts';
import { cell, cut } from './cell.ts';
import { wait } from './duration.ts';

const LONGEST = 2_000;

export function conversationText({ roomSid, roomName, textKept, turns, tools, handoffs }: ConversationLog): string {
  const lines = [
    ...turns.map((turn) => ({
      at: turn.at,
      who: turn.side,
      says: [
        turn.text === null ? lasted(turn.at, turn.until) : cut(turn.text, LONGEST),
        ...(turn.interrupted ? ['(cut off)'] : []),
        ...(turn.latency === null ? [] : [`(after ${wait(turn.latency)}, ${turn.method})`]),
      ].join(' '),
    })),
    ...tools.map(({ at, tool, until, isError }) => ({
      at,
      who: 'tool',
      says: [cut(tool ?? '', 80), lasted(at, until), ...(isError ? ['(failed)'] : [])].join(' '),
    })),
    ...handoffs.map(({ at, agent }) => ({
      at,
      who: 'handoff',
      says: `to ${cut(agent ?? 'an agent without a name', 80)}`,
    })),
  ].sort((a, b) => ((a.at ?? '~') < (b.at ?? '~') ? -1 : 1));
  const words =
    textKept || turns.length === 0
      ? []
      : ['(The words were not kept: "serve --conversation-text" and the option conversationText keep them.)'];
  return [
    cut(roomName === null ? roomSid : `${roomSid}  ${roomName}`, LONGEST),
    ...lines.map(
      ({ at, who, says }) => `${cell(at?.slice(11, 23) ?? '-', 12, 'left')}  ${cell(who, 7, 'left')}  ${says}`,
    ),
    ...words,
  ].join('\n');
}

function lasted(from: string | null, until: string | null): string {
  return from === null || until === null ? '' : `${wait((Date.parse(until) - Date.parse(from)) / 1000)}`;
}
