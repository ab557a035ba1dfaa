/** Calls by other options, for people: every figure before and after, and which values of calls are others. */
import { styleText } from 'node:util';
import stringWidth from 'fast-string-width';
import type { CallSummary, Summaries } from '../fleet/callSummary.ts';
import { type FigureRow, groupsOfBoth, sideBySide, type Told } from '../fleet/whatIf/sideBySide.ts';
import type { WhatIf } from '../fleet/whatIf.ts';
import { cell, cut } from './cell.ts';
import { wait } from './duration.ts';
import { printable } from './printable.ts';
import { definitionsOf } from './summaryText.ts';

/** Shown also where they are the same: what a reader looks for first. */
const MAIN = [
  'calls',
  'offered',
  'answered',
  'abandonmentRate',
  'averageSpeedOfAnswer',
  'serviceLevel.rate',
  'averageHandleTime',
  'containmentRate',
  'callDuration.p50',
  'responseLatency.p50',
  'responseLatency.p95',
  'engagement',
];
const isMain = ({ path }: FigureRow) => MAIN.includes(path);
const FIGURE_HEAD = ['figure', 'before', 'after', 'difference'];
const CHANGE_HEAD = ['value of a call', 'calls', 'values', 'such as'];
const LONGEST_EXAMPLE = 60;
/** Groups in which something has changed. */
const MOST_GROUPS = 50;

interface Table {
  title: string;
  head: string[];
  rows: string[][];
}

export function whatIfText(whatIf: WhatIf): string {
  const tables = tablesOf(whatIf).map(({ title, head, rows }) => {
    const all = [head, ...rows].map((row) => row.map(printable));
    const widths = head.map((_, i) => Math.max(...all.map((row) => stringWidth(row[i]!))));
    const line = (row: string[]) =>
      row.map((text, i) => cell(text, widths[i]!, isWord(head, i) ? 'left' : 'right')).join('  ');
    return [styleText('bold', printable(title)), ...all.map((row) => line(row).trimEnd())].join('\n');
  });
  return [introduction(whatIf).join('\n'), ...tables, notes(whatIf).join('\n')].join('\n\n');
}

export function whatIfMarkdown(whatIf: WhatIf): string {
  const tables = tablesOf(whatIf).map(({ title, head, rows }) => {
    const line = (row: string[]) => `| ${row.map(escaped).join(' | ')} |`;
    const rule = `|${head.map((_, i) => (isWord(head, i) ? ' --- |' : ' ---: |')).join('')}`;
    return [`### ${escaped(title)}`, '', line(head), rule, ...rows.map(line)].join('\n');
  });
  const said = introduction(whatIf).map((text) => `- ${escaped(text)}`);
  return [
    said.join('\n'),
    ...tables,
    notes(whatIf)
      .map((text) => `- ${text}`)
      .join('\n'),
  ].join('\n\n');
}

/** The first column, and of changes the last. */
const isWord = (head: string[], column: number) => column === 0 || head[column] === CHANGE_HEAD.at(-1);
/** Names are whatever somebody typed, and a bar would end the cell. */
const escaped = (text: string) => printable(text).replace(/[\\|`*_<>[\]]/g, (sign) => `\\${sign}`);

function introduction({ set, measured, before, changes }: WhatIf): string[] {
  const calls = before.total.calls.n;
  const how = measured === 0 ? 'summed up as they are kept' : `${count(measured)} of them measured again`;
  const other = changes.calls === 0 ? 'no call changes' : `${count(changes.calls)} change`;
  return [
    ...set.map(({ option, before, after }) => `${option}: ${said(before)} -> ${said(after)}`),
    `${count(calls)} calls, ${how}: ${other}. Nothing was written`,
  ];
}

function tablesOf({ before, after, changes, changed }: WhatIf): Table[] {
  const groups = changedGroups(before, after).slice(0, MOST_GROUPS);
  const figures = {
    head: FIGURE_HEAD,
    rows: figureRows(before.total, after.total, (row) => row.changed || isMain(row)),
  };
  return [
    { title: groups.length > 0 ? 'all' : 'Figures', ...figures },
    ...groups.map(({ title, rows }) => ({ title, head: FIGURE_HEAD, rows })),
    ...(changes.calls === 0 ? [] : [{ title: 'Values that change', head: CHANGE_HEAD, rows: changeRows() }]),
  ];

  function changeRows(): string[][] {
    return changes.byPath.map(({ path, calls, values }) => {
      const first = changed.find((one) => one.path === path || isSuch(path, one.path));
      const example = first ? `${first.roomSid}: ${said(first.before)} -> ${said(first.after)}` : '';
      return [path, count(calls), count(values), cut(example, LONGEST_EXAMPLE)];
    });
  }
}

function changedGroups(before: Summaries, after: Summaries): { title: string; rows: string[][] }[] {
  if (before.definitions.by.length === 0) return [];
  return groupsOfBoth(before, after).flatMap(([old, other]) => {
    const rows = figureRows(old, other, (row) => row.changed && isMain(row));
    return rows.length === 0 ? [] : [{ title: titleOf(old ?? other!), rows }];
  });
}

/** Whether a path is one of those with `*`. */
function isSuch(general: string, path: string): boolean {
  const [first, ...rest] = general.split('*');
  return rest.length > 0 && path.startsWith(first!) && path.endsWith(rest.at(-1)!);
}

const titleOf = ({ group: { key } }: CallSummary) =>
  Object.entries(key)
    .map(([by, word]) => `${by} ${cut(word ?? '-', 60)}`)
    .join(', ');

function figureRows(
  before: CallSummary | null,
  after: CallSummary | null,
  isShown: (row: FigureRow) => boolean,
): string[][] {
  return sideBySide(before, after)
    .filter(isShown)
    .map((row) => [row.path, told(row.before, row.unit), told(row.after, row.unit), differenceOf(row)]);
}

type Unit = FigureRow['unit'];

function told({ value, low, high }: Told, unit: Unit): string {
  if (value === null) return '-';
  return `${low === value && high === value ? '' : '~'}${shown(value, unit)}`;
}

function differenceOf({ before, after, difference, changed, unit }: FigureRow): string {
  if (difference === null) return before.value === after.value ? '-' : before.value === null ? 'new' : 'gone';
  if (difference === 0) return changed ? 'limits' : '=';
  const sign = difference > 0 ? '+' : '-';
  const size = Math.abs(difference);
  return `${sign}${unit === 'share' ? `${(size * 100).toFixed(1)} points` : shown(size, unit)}`;
}

function shown(value: number, unit: Unit): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  if (unit === 's') return wait(value);
  return unit === 'n' ? count(value) : String(Number(value.toFixed(3)));
}

function notes({ before, after }: WhatIf): string[] {
  const [otherwise] = definitionsOf(after);
  const [present, ...rest] = definitionsOf(before);
  const both = present === otherwise ? [present!] : [`before: ${present}`, `after: ${otherwise}`];
  const left = changedGroups(before, after).length - MOST_GROUPS;
  return [
    ...(left > 0 ? [`${count(left)} more groups change: --format json has them`] : []),
    ...both,
    ...rest,
    '= the same; limits: the value is the same, what it may be is not. Calls are chosen by what they are before',
    ...(before.definitions.by.length > 0 ? ['of groups the main figures that change: --format json has all'] : []),
  ];
}

const count = (number: number) => number.toLocaleString('en');

/** Of any value, as short as can be. */
function said(value: unknown): string {
  return value === null || value === undefined
    ? '-'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
