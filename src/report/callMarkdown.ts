/** One call as a Markdown document. */
import type { CallReport } from './callReport.ts';
import { CALL_SECTIONS } from './callSections.ts';
import { metricDefinitions } from './definitions.ts';
import { definitionsMarkdown } from './definitionsMarkdown.ts';
import { gapText } from './gap.ts';
import { escaped, markdownTable, word } from './markdown.ts';
import { BILLING, minutesOfCall } from './minutes.ts';
import { lasting, percent } from './shownNumber.ts';
import { shownValue } from './shownValue.ts';

const MOST = 200;

export function callMarkdown({ metrics, clock, made }: CallReport): string {
  const { roomSid, roomName, status, startedAt, endedAt, evidence, participants } = metrics;
  const sections = Object.entries(CALL_SECTIONS).flatMap(([title, rows]) => {
    const values = rows.flatMap(([label, path, unit]) => {
      const value = shownValue(metrics, path, unit, clock);
      return value === undefined ? [] : [{ label, path, ...value }];
    });
    return values.some(({ text }) => text !== '–') ? [{ title, values }] : [];
  });
  const people = participants.list.slice(0, MOST);
  const paths = [...sections.flatMap(({ values }) => values.map(({ path }) => path)), ...TABLES];
  const { inputs } = evidence;
  return [
    `# Call ${word(roomName ?? roomSid)}`,
    `${word(roomSid)}, ${status}, ${clock.span(startedAt, endedAt ?? made.at)}${endedAt === null ? ', still on' : ''}, ${clock.timeZone}.`,
    ...sections.map(({ title, values }) =>
      [
        `## ${title}`,
        '',
        markdownTable(
          ['metric', 'value', 'limits'],
          values.map(({ label, text, limits, uncertain }) => [
            label,
            escaped(text),
            [limits ?? '', uncertain ? 'a lost event could turn it' : ''].filter((said) => said !== '').join('; '),
          ]),
          [0, 1, 2],
        ),
      ].join('\n'),
    ),
    '## Who was there',
    markdownTable(
      ['identity', 'role', 'kind', 'present', 'of the call', 'connections'],
      people.map(({ identity, role, kind, presentSeconds, presenceShare, sessions }) => [
        word(identity),
        role,
        word(kind),
        lasting(presentSeconds),
        presenceShare === null ? '-' : percent(presenceShare),
        String(sessions.filter(({ aborted }) => !aborted).length),
      ]),
      [0, 1, 2],
    ),
    ...(people.length < participants.list.length ? [`The first ${MOST} of ${participants.list.length}.`] : []),
    '## Human and machine minutes',
    markdownTable(
      ['kind', 'connections', 'presence', 'rounded up per connection'],
      minutesOfCall(metrics).map(({ kind, side, connections, seconds, roundedUpMinutes }) => [
        `${word(kind)} (${side})`,
        String(connections),
        lasting(seconds),
        `${roundedUpMinutes} min`,
      ]),
    ),
    BILLING[0]!,
    '## Evidence',
    [
      `- Completeness ${percent(evidence.completeness)}, resolution ${lasting(evidence.resolution)}.`,
      ...evidence.gaps.slice(0, MOST).map((gap) => `- Missing: ${escaped(gapText(gap))}.`),
      ...(evidence.gaps.length > MOST ? [`- and ${evidence.gaps.length - MOST} more`] : []),
      `- Inputs \`${inputs.hash}\` of ${inputs.eventCount} facts, metrics version ${inputs.metricsVersion}, options \`${inputs.configHash}\`.`,
    ].join('\n'),
    '## Definitions',
    definitionsMarkdown(metricDefinitions(paths)),
    `Made by call-evaluator ${made.version} on ${clock.instant(made.at)} (${clock.timeZone}).`,
  ].join('\n\n');
}

const TABLES = ['participants.list', 'participants.byKind', 'evidence.completeness', 'evidence.resolution'];
