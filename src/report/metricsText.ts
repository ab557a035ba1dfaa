import { styleText } from 'node:util';
import type { CallMetrics, Evidence } from '../metrics/callMetrics.ts';
import { CALL_SECTIONS, type CallRow, type CallUnit, valueAt } from './callSections.ts';
import { cell, cut } from './cell.ts';
import { clock } from './duration.ts';
import { between, gapText } from './gap.ts';

type Range = Evidence['bounds'][string];
const LABEL = 24;
const LONGEST_VALUE = 200;

/** A call's metrics as a page for people. What was inferred stands with its bounds, and what was missing at the end. */
export function metricsText(metrics: CallMetrics): string {
  const { roomSid, roomName, evidence } = metrics;
  const sections = [
    ...Object.entries(CALL_SECTIONS).map(([name, rows]) => section(name, valuesOf(metrics, rows))),
    section('Who was there', whoWasThere(metrics)),
    section('Audio', audio(metrics)),
    section(
      'Your own',
      Object.entries(metrics.custom ?? {}).map(([id, value]) => line(id, show(value, 'text'))),
    ),
    section('Evidence', evidenceLines(evidence)),
  ];
  return [
    bold(`${cut(roomSid, 40)}  ${cut(roomName ?? '', 60)}`.trimEnd()),
    ...sections.filter((text) => text !== ''),
  ].join('\n\n');
}

function section(name: string, lines: string[]): string {
  return lines.length === 0 ? '' : [bold(name), ...lines].join('\n');
}

function bold(text: string): string {
  return styleText('bold', text);
}

function line(label: string, value: string): string {
  return `  ${cell(label, LABEL, 'left')} ${value}`;
}

/** Nothing where the call has none of these values, such as a phone's. */
function valuesOf(metrics: CallMetrics, rows: readonly CallRow[]): string[] {
  const values = rows.map(([, path]) => valueAt(metrics, path));
  if (values.every((value) => value === null || value === undefined)) return [];
  return rows.flatMap(([label, path, unit], i) => {
    const value = values[i];
    if (value === undefined) return [];
    const doubt = metrics.evidence.uncertain.includes(path) ? ' (uncertain: a lost event could turn it)' : '';
    return [line(label, `${show(value, unit)}${bounds(metrics.evidence.bounds, path)}${doubt}`)];
  });
}

function show(value: unknown, unit: CallUnit): string {
  if (value === null) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (unit === 's') return `${value} s`;
  if (unit === 'share') return `${Number(((value as number) * 100).toFixed(2))} %`;
  if (unit === 'distribution') {
    const { count, p50, p95, max } = value as Record<string, number>;
    return `p50 ${p50} s, p95 ${p95} s, max ${max} s of ${count}`;
  }
  return cut(typeof value === 'string' ? value : JSON.stringify(value), LONGEST_VALUE);
}

function bounds(all: Record<string, Range>, path: string): string {
  const range = all[path];
  return range ? ` (${between(range)})` : '';
}

function whoWasThere({ participants }: CallMetrics): string[] {
  return participants.list.map(({ identity, kind, role, presentSeconds, presenceShare, sessions }) =>
    [
      `  ${cell(identity, LABEL, 'left')}`,
      cell(role, 7, 'left'),
      cell(kind ?? '-', 9, 'left'),
      cell(clock(presentSeconds), 8, 'right'),
      cell(presenceShare === null ? '-' : `${Math.round(presenceShare * 100)} %`, 5, 'right'),
      ` ${cut(sessions.map((session) => (session.aborted ? 'aborted' : (session.disconnectReason ?? '-'))).join(', '), 100)}`,
    ].join(' '),
  );
}

function audio({ audio: { grade, issues } }: CallMetrics): string[] {
  return [
    line('grade', grade),
    ...issues.map(({ code, severity, identity }) =>
      line(severity, `${code.replaceAll('_', ' ')} ${cut(identity ?? '', 40)}`.trimEnd()),
    ),
  ];
}

function evidenceLines({ completeness, events, gaps }: Evidence): string[] {
  const counted = Object.entries(events).filter(([, count]) => count > 0);
  return [
    line('completeness', show(completeness, 'share')),
    line('events', counted.map(([name, count]) => `${count} ${name}`).join(', ')),
    ...gaps.map((gap) => line('missing', gapText(gap))),
  ];
}
