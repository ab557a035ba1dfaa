import { describe, expect, test } from 'vitest';
import type { CallReport } from '../../../src/report/callReport.ts';
import { CALL_SECTIONS } from '../../../src/report/callSections.ts';
import { callPage } from '../../../src/report/html/callPage.ts';
import { linesOf } from '../../server/api/recorded.ts';
import { all, byId, type Element } from './document.ts';
import { callReports, EVIL, everything, hostile } from './reports.ts';
import { soundPage } from './sound.ts';

async function pageOf(recording: string, timeZone?: string): Promise<Element> {
  const [report] = await callReports(linesOf(recording), {}, timeZone);
  return soundPage(callPage(report!));
}

test('every recording makes a sound page, of which every number leads to its definition', async () => {
  for (const report of await callReports(everything())) {
    const page = soundPage(callPage(report));
    expect(page.text, report.metrics.roomSid).not.toMatch(/NaN|undefined|\[object/);
    for (const term of all(all(page, 'dl')[0]!, 'dt')) expect(all(term, 'a'), term.text).toHaveLength(1);
    const sections = all(page, 'div').find(({ attributes }) => attributes.class === 'sections')!;
    for (const head of all(sections, 'th').filter(({ attributes }) => attributes.scope === 'row'))
      expect(all(head, 'a')[0]?.attributes.href, head.text).toMatch(/^#call-/);
  }
});

test('each metric that people are shown has a definition', async () => {
  const [report] = await callReports(linesOf('agent-turns'));
  const page = soundPage(callPage(report!));
  const shown = Object.entries(CALL_SECTIONS).filter(([title]) => title !== 'Phone');
  for (const [, rows] of shown)
    for (const [label] of rows)
      expect(all(page, 'a').find(({ text }) => text === label)?.attributes.href, label).toMatch(/^#call-/);
  expect(byId(page, 'call-conversation.deadAir')?.text).toContain('silences longer than the threshold');
});

describe('the timeline', () => {
  const lanes = (page: Element) => all(page, 'svg').find(({ attributes }) => attributes.class === 'lanes')!;
  const hatched = (page: Element) =>
    all(lanes(page), 'rect').filter(({ attributes }) => attributes.class === 'inferred');

  test('has what was observed solid, and what was inferred hatched, over its whole range', async () => {
    expect(hatched(await pageOf('support-call'))).toEqual([]);
    const page = await pageOf('lost-left');
    // room 13:50:00 .. 13:51:20; the leave lies from 13:50:03 on
    expect(hatched(page).map(({ attributes }) => [attributes.x, attributes.width])).toEqual([
      ['3.75%', '96.25%'],
      ['3.75%', '96.25%'],
    ]);
    expect(all(lanes(page), 'title').map(({ text }) => text)).toContainEqual(
      'present: 13:50:02 to 13:51:00 (inferred, between 13:50:03 and 13:51:20.999)',
    );
  });

  test('says in words who was there, and when', async () => {
    const [description] = all(lanes(await pageOf('support-call', 'Asia/Kolkata')), 'desc');
    expect(description!.text).toMatch(/^121 seconds from 12 Oct 2026, 14:30:00\.\d+\. .*human: 14:30:\S+ to 14:31:/);
  });

  test('of a crowd is of the first forty', async () => {
    const page = await pageOf('webinar-200');
    expect(page.text).toContain('The first 40 of 200 are drawn.');
    expect(all(lanes(page), 'desc')[0]!.text).toContain('And 192 more');
  });

  test('has turns where agents told of them', async () => {
    const page = await pageOf('agent-turns');
    const bars = all(lanes(page), 'rect').filter(({ attributes }) => attributes.class === 'median');
    expect(bars).toHaveLength(7);
    expect(all(lanes(page), 'title').map(({ text }) => text)).toContain(
      'agent speaks: 10:00:18.900 to 10:00:21.900, after 2.4 s, cut off',
    );
  });
});

test('what is still on is said not to be final', async () => {
  const [report] = await callReports(linesOf('still-open'), { clock: () => Date.parse('2026-10-12T15:31:00Z') });
  const { text } = soundPage(callPage({ ...report!, made: { at: Date.parse('2026-10-12T15:31:00Z'), version: '1' } }));
  expect(text).toContain('The call is still on');
  expect(text).toContain('its numbers are not final');
});

test('no word of a conversation is on it, even where they are kept', async () => {
  const said = 'the secret of the lake';
  const [report] = await callReports(linesOf('agent-turns'));
  const turns = report!.conversation!.turns.map((turn) => ({ ...turn, text: said }));
  const page = callPage({
    ...report!,
    conversation: { ...report!.conversation!, textKept: true, turns },
  } as CallReport);
  expect(soundPage(page).text).not.toContain(said);
});

test('names of others are text, whatever they hold', async () => {
  for (const report of await callReports(hostile())) {
    const page = callPage(report);
    soundPage(page);
    expect(page).not.toContain('<img');
    expect(page).not.toContain(EVIL);
    if (report.metrics.roomSid === 'RM_lostleft')
      expect(page).toContain('<bdi>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\\u202e\\u0007 mia</bdi>');
  }
});

test('minutes are counted as a bill does, too: each connection rounded up', async () => {
  const page = await pageOf('reconnect-left-then-joined');
  const rows = all(byId(page, 'table-minutes')!.parent!, 'tr').slice(1);
  const [human] = rows.map(({ children }) => children.map(({ text }) => text));
  expect(human).toEqual(['STANDARD', 'human', '2', '87.8\u00a0s', '2\u00a0min']);
});
