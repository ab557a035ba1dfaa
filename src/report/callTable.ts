import { styleText } from 'node:util';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { cell } from './cell.ts';
import { clock, wait } from './duration.ts';
import { printable } from './printable.ts';

export interface CallTable {
  head: string;
  row(call: CallMetrics): string;
}

interface Column {
  title: string;
  width: number;
  align: 'left' | 'right';
  /** Longer texts push the rest of the row aside. */
  whole?: true;
  /** Shown with a ~ where this metric has bounds: it rests on an inference. */
  path?: string;
  /** What it takes of the columns that a wide terminal has to spare. */
  grow?: (spare: number) => number;
  show(call: CallMetrics): string | null;
}

/** Never cut: it is what other commands ask for. */
const SID: Column = { title: 'sid', width: 15, align: 'left', whole: true, show: ({ roomSid }) => roomSid };

const COLUMNS: Column[] = [
  {
    title: 'room',
    width: 13,
    align: 'left',
    grow: (spare) => spare - 5,
    show: (call) => call.roomName ?? call.roomSid,
  },
  { title: 'started (UTC)', width: 16, align: 'left', show: (call) => call.startedAt.slice(0, 16).replace('T', ' ') },
  { title: 'status', width: 8, align: 'left', show: (call) => call.status },
  { title: 'duration', width: 8, align: 'right', path: 'duration', show: (call) => clock(call.duration) },
  {
    title: 'connected',
    width: 9,
    align: 'right',
    path: 'connectedDuration',
    show: (call) => shown(call.connectedDuration, clock),
  },
  { title: 'people', width: 7, align: 'right', path: 'participants.unique', show: people },
  {
    title: 'wait',
    width: 7,
    align: 'right',
    path: 'agent.joinLatency',
    show: (call) => shown(call.agent.joinLatency, wait),
  },
  { title: 'resp.', width: 5, align: 'right', path: 'response.count', show: (call) => String(call.response.count) },
  {
    title: 'ended by',
    width: 13, // agent no show
    align: 'left',
    grow: (spare) => Math.min(spare, 5), // duplicate identity
    show: (call) => call.endReason?.class.replaceAll('_', ' ') ?? null,
  },
  { title: 'seen', width: 5, align: 'right', show: (call) => percent(call.evidence.completeness) },
];

/** What the short titles mean, for help texts. */
export const LEGEND = `In the table:
  connected  time with at least two people     people  how many in all (most at once)
  wait       until an agent was there          resp.   agent responses
  seen       share of the expected events      ~       inferred: the metrics tell its bounds`;

const GAP = ' ';
const WIDEST = 130;

/**
 * Rows can be printed as they come: widths depend on the terminal alone. What it has to spare goes to the texts.
 * @param sids with the sid of each room, where the calls are kept and can be asked about
 */
export function callTable(terminalColumns: number, { sids = false } = {}): CallTable {
  const all = sids ? [SID, ...COLUMNS] : COLUMNS;
  const narrowest = all.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
  const spare = Math.max(0, Math.min(terminalColumns, WIDEST) - narrowest);
  const columns = all.map((column) => ({
    ...column,
    width: column.width + Math.max(0, column.grow?.(spare) ?? 0),
  }));
  const line = (cells: string[]) => cells.join(GAP).trimEnd();
  return {
    head: styleText('bold', line(columns.map(({ title, width, align }) => cell(title, width, align)))),
    row: (call) =>
      line(
        columns.map(({ show, path, width, align, whole }) => {
          const text = show(call) ?? '-';
          if (whole) return printable(text).padEnd(width);
          const inferred = path !== undefined && text !== '-' && path in call.evidence.bounds;
          return cell(inferred ? `~${text}` : text, width, align);
        }),
      ),
  };
}

function shown(seconds: number | null, format: (seconds: number) => string): string | null {
  return seconds === null ? null : format(seconds);
}

function people({ participants: { unique, peak } }: CallMetrics): string {
  return `${unique} (${peak})`;
}

/** Rounded down: 100 % is said only of all. */
function percent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}
