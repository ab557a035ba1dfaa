import { styleText } from 'node:util';
import { cell, cut } from '../report/cell.ts';
import type { Assessment } from './assess.ts';
import type { JudgedValue } from './finding.ts';
import type { SimulationReport } from './report.ts';
import { OUTCOMES, type Outcome } from './rules.ts';

const NAME = 34;
const NUMBER = 10;

const ENDS: Record<Outcome, string> = {
  delivered: 'delivered',
  lost: 'lost on the way (--loss)',
  refused: 'refused: final to LiveKit',
  gaveUp: 'given up after the last try',
  queueFull: 'dropped: too many in their queue',
  tooOld: 'dropped: waited too long',
  unanswered: 'never answered',
};

/** A report for people. */
export function reportText(report: SimulationReport): string {
  const { seed, calls, webhooks, seconds, secondsBehind, webhooksPerSecond, truth } = report;
  const head = `${count(calls)} calls, ${count(webhooks)} webhooks in ${seconds.toFixed(1)} s (${count(Math.round(webhooksPerSecond))} a second), --seed ${seed}`;
  return [
    bold(head),
    ...(secondsBehind > 1 ? [behind(secondsBehind)] : []),
    section('Requests', requests(report)),
    section('What became of the webhooks', ends(report)),
    ...(truth === null ? [] : truthSections(truth)),
  ].join('\n\n');
}

function behind(seconds: number): string {
  return `This machine was up to ${seconds.toFixed(1)} s behind: what waited too long may be its own fault. Take a lower --rate or --speed, or more --connections.`;
}

function requests({ requests, retries, answers, answerMs }: SimulationReport): string[] {
  const times =
    answerMs &&
    `p50 ${answerMs.p50.toFixed(1)} ms, p99 ${answerMs.p99.toFixed(1)} ms, max ${answerMs.max.toFixed(1)} ms`;
  return [
    line('tries', count(requests)),
    line('of these, retries', count(retries)),
    ...Object.entries(answers).map(([word, number]) =>
      line(/^\d+$/.test(word) ? `answered ${word}` : `no answer: ${word}`, count(number)),
    ),
    ...(times === null ? [] : [line('answer time', times)]),
  ];
}

function ends({ outcomes }: SimulationReport): string[] {
  return OUTCOMES.filter((outcome) => outcome === 'delivered' || outcomes[outcome] > 0).map((outcome) =>
    line(ENDS[outcome], count(outcomes[outcome])),
  );
}

function truthSections({ calls, metrics, outside, unknown }: Assessment): string[] {
  const asides: [number, string][] = [
    [calls.stillOpen, 'still on for the server: their room_finished did not arrive'],
    [calls.untold, 'with a person, track or recording of which no webhook arrived'],
    [calls.unheard, 'of which nothing got through'],
  ];
  const rows = metrics.map(({ path, exact, withinBounds, outside, meanAbsoluteError }) =>
    row(path, count(exact), count(withinBounds), count(outside), meanAbsoluteError?.toFixed(3) ?? '-'),
  );
  const notes = asides
    .filter(([number]) => number > 0)
    .map(([number, what]) => `  not judged: ${count(number)}, ${what}`);
  const defects = metrics.reduce((sum, metric) => sum + metric.outside, 0);
  return [
    section(`What the server says of ${count(calls.judged)} calls, beside the truth`, [
      row('', 'exact', 'in bounds', 'outside', 'mean error'),
      ...rows,
      '  exact: to the whole second, in which LiveKit’s createdAt counts',
      ...notes,
    ]),
    ...(defects === 0
      ? []
      : [section('Outside of their bounds: defects of the server', listed(outside.map(defectText), defects))]),
    ...(calls.unknown === 0
      ? []
      : [section('Calls that the server should know, and does not', listed(unknown, calls.unknown))]),
  ];
}

function defectText({ roomSid, scenario, path, found, bounds, truth }: JudgedValue): string {
  const said = bounds === null ? '' : ` within ${bounds.map((bound) => bound ?? '?').join(' .. ')}`;
  return `${roomSid} (${scenario}) ${path}: says ${JSON.stringify(found)}${said}, true is ${truth}`;
}

function listed(lines: readonly string[], of: number): string[] {
  const more = of > lines.length ? [`and ${count(of - lines.length)} more`] : [];
  return [...lines, ...more].map((text) => `  ${cut(text, 300)}`);
}

function section(name: string, lines: string[]): string {
  return [bold(name), ...lines].join('\n');
}

function line(label: string, value: string): string {
  return `  ${cell(label, NAME, 'left')} ${/^[\d,]+$/.test(value) ? cell(value, NUMBER, 'right') : value}`;
}

function row(name: string, ...numbers: string[]): string {
  return `  ${[cell(name, NAME, 'left'), ...numbers.map((number) => cell(number, NUMBER, 'right'))].join(' ')}`;
}

const bold = (text: string) => styleText('bold', text);
const count = (number: number) => number.toLocaleString('en');
