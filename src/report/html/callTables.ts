/** Lists of one call: people, recordings, jobs, models, turns. What is too long for a page says so. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import type { ConversationLog } from '../../metrics/conversationLog.ts';
import type { Clock } from '../instantText.ts';
import { inWords } from '../inWords.ts';
import { lasting, limitsText, percent, shownNumber } from '../shownNumber.ts';
import { metricTerm } from './definitionList.ts';
import { html, type Piece } from './html.ts';
import { type Table, table } from './table.ts';
import { name } from './words.ts';

const MOST_ROWS = 200;

/** At most so many rows of it. */
function bounded(those: Table): Piece {
  const { rows } = those;
  const more =
    rows.length > MOST_ROWS &&
    html`<p class="soft">The first ${MOST_ROWS} of ${rows.length.toLocaleString('en')}: “metrics --format json” has all.</p>`;
  return html`${table({ ...those, rows: rows.slice(0, MOST_ROWS) })}${more}`;
}

export function peopleTable({ participants, evidence }: CallMetrics, clock: Clock): Piece {
  const boundsOf = (identity: string) =>
    evidence.bounds[`participants.list[identity=${identity}].presentSeconds`] as
      | [number | null, number | null]
      | undefined;
  return bounded({
    id: 'table-people',
    caption: metricTerm('participants.list', 'People, agents and services'),
    columns: [
      { head: 'identity' },
      { head: 'role' },
      { head: 'kind' },
      { head: 'joined' },
      { head: 'left' },
      { head: 'present', number: true },
      { head: 'of the call', number: true },
      { head: 'engagement', number: true },
      { head: 'connections', number: true },
      { head: 'left because' },
    ],
    rows: participants.list.map((person): Piece[] => {
      const { identity, role, kind, presentSeconds, presenceShare, engagement, hidden } = person;
      const sessions = person.sessions.filter(({ aborted }) => !aborted);
      const [low, high] = boundsOf(identity) ?? [presentSeconds, presentSeconds];
      const limits = limitsText({ value: presentSeconds, low, high }, 's');
      const last = sessions.at(-1);
      return [
        html`${name(identity)}${person.name !== null && person.name !== '' && html` <span class="soft limit">${name(person.name)}</span>`}`,
        hidden ? `${role}, hidden` : role,
        name(kind),
        sessions.length === 0 ? 'never connected' : clock.time(sessions[0]!.joinedAt),
        last === undefined ? '–' : last.leftAt === null ? 'still there' : clock.time(last.leftAt),
        html`${lasting(presentSeconds)}${limits !== null && html`<span class="soft limit">${limits}</span>`}`,
        presenceShare === null ? '–' : percent(presenceShare),
        engagement === null ? '–' : engagement.score.toFixed(1),
        sessions.length.toLocaleString('en'),
        name(last?.disconnectReason ?? '–'),
      ];
    }),
  });
}

export function audioIssues({ audio }: CallMetrics, clock: Clock): Piece {
  if (audio.issues.length === 0) return null;
  return bounded({
    id: 'table-audio',
    caption: metricTerm('audio.issues', 'Audio issues'),
    columns: [{ head: 'issue' }, { head: 'severity' }, { head: 'of' }, { head: 'from' }, { head: 'to' }],
    rows: audio.issues.map(({ code, severity, identity, from, to }) => [
      inWords(code),
      severity,
      name(identity ?? '–'),
      instantOf(from, clock),
      instantOf(to, clock),
    ]),
  });
}

export function egressTable({ recording }: CallMetrics, clock: Clock): Piece {
  if (recording.egresses.length === 0) return null;
  return bounded({
    id: 'table-egresses',
    caption: metricTerm('recording.egresses', 'Recordings and streams'),
    columns: [
      { head: 'id' },
      { head: 'kind' },
      { head: 'status' },
      { head: 'started' },
      { head: 'lasted', number: true },
      { head: 'error' },
    ],
    rows: recording.egresses.map(({ id, kind, status, startedAt, duration, error }) => [
      name(id ?? '–'),
      kind ?? '–',
      status ?? '–',
      instantOf(startedAt, clock),
      duration === null ? '–' : lasting(duration),
      name(error ?? ''),
    ]),
  });
}

export function jobTable({ agent }: CallMetrics, clock: Clock): Piece {
  if (agent.jobs.length === 0) return null;
  return bounded({
    id: 'table-jobs',
    caption: metricTerm('agent.jobs', 'Agent jobs'),
    columns: [
      { head: 'id' },
      { head: 'agent' },
      { head: 'status' },
      { head: 'started' },
      { head: 'ended' },
      { head: 'error' },
    ],
    rows: agent.jobs.map(({ id, agentName, status, startedAt, endedAt, error }) => [
      name(id),
      name(agentName ?? '–'),
      status ?? '–',
      instantOf(startedAt, clock),
      instantOf(endedAt, clock),
      name(error ?? ''),
    ]),
  });
}

export function usageTable({ usage }: CallMetrics): Piece {
  if (usage === null || usage.length === 0) return null;
  const amount = (value: number | null) => (value === null ? '–' : value.toLocaleString('en'));
  return bounded({
    id: 'table-usage',
    caption: metricTerm('usage', 'What models used'),
    columns: [
      { head: 'model' },
      ...['input tokens', 'of them cached', 'output tokens', 'audio', 'characters', 'requests', 'cost'].map((head) => ({
        head,
        number: true,
      })),
    ],
    rows: usage.map((one): Piece[] => [
      html`${one.kind} ${name([one.provider, one.model].filter((word) => word !== null).join(' / '))}`,
      amount(one.inputTokens),
      amount(one.cachedInputTokens),
      amount(one.outputTokens),
      one.audioSeconds === null ? '–' : lasting(one.audioSeconds),
      amount(one.characters),
      amount(one.requests),
      one.cost === null ? '–' : shownNumber(one.cost, 'money', undefined, one.currency ?? ''),
    ]),
  });
}

/** Times alone: words are for those who are to read them, and pages are sent around. */
export function conversationTable(conversation: ConversationLog | null, clock: Clock): Piece {
  if (conversation === null || conversation.turns.length + conversation.tools.length === 0) return null;
  const lasted = (from: string | null, until: string | null) =>
    from === null || until === null ? '–' : lasting(Math.max(0, Date.parse(until) - Date.parse(from)) / 1000);
  const rows = [
    ...conversation.turns.map(({ at, until, side, latency, method, interrupted }) => ({
      at,
      cells: [
        at === null ? '–' : clock.time(at),
        side,
        lasted(at, until),
        latency === null ? '–' : lasting(latency),
        method ?? '',
        interrupted ? 'cut off' : '',
      ],
    })),
    ...conversation.tools.map(({ at, until, tool, isError }) => ({
      at,
      cells: [
        at === null ? '–' : clock.time(at),
        html`tool ${name(tool ?? '')}`,
        lasted(at, until),
        '–',
        '',
        isError === null ? 'no output was told' : isError ? 'failed' : '',
      ],
    })),
    ...conversation.handoffs.map(({ at, agent }) => ({
      at,
      cells: [at === null ? '–' : clock.time(at), html`handoff to ${name(agent ?? '–')}`, '–', '–', '', ''],
    })),
  ].sort((a, b) => ((a.at ?? '~') < (b.at ?? '~') ? -1 : 1));
  return html`<h2 id="conversation">Conversation</h2>
${bounded({
  id: 'table-turns',
  caption: metricTerm('response.latency', 'What agents told, by their clocks'),
  columns: [
    { head: 'at' },
    { head: 'who' },
    { head: 'lasted', number: true },
    { head: 'after the human’s stop', number: true },
    { head: 'by' },
    { head: 'note' },
  ],
  rows: rows.map(({ cells }) => cells),
})}`;
}

const instantOf = (at: string | null, clock: Clock) => (at === null ? '–' : clock.time(at));
