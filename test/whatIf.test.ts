import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../src/evaluator.ts';
import type { MetricOptions } from '../src/options.ts';
import type { WhatIfOptions } from '../src/whatIfOptions.ts';
import { settingsFrom } from '../src/whatIfSettings.ts';
import { linesOf } from './server/api/recorded.ts';

const RECORDINGS = ['support-call', 'no-show', 'agent-leaves-first', 'lost-left', 'still-open', 'agent-turns'];
const NOW = Date.UTC(2026, 9, 13);
const clock = () => NOW;
const EVENTS = RECORDINGS.flatMap(linesOf);

const opened: CallEvaluator[] = [];
async function filled(options: MetricOptions = {}): Promise<CallEvaluator> {
  const evaluator = new CallEvaluator({ clock, ...options });
  opened.push(evaluator);
  await evaluator.processEvents(EVENTS);
  return evaluator;
}
afterEach(async () => {
  for (const evaluator of opened.splice(0)) await evaluator.close();
});

describe('before is what is, after is what would be', () => {
  test.each<[string, WhatIfOptions & MetricOptions]>([
    ['a no-show sooner', { noShowAfter: 100 }],
    ['who left first', { leftFirstGrace: 3600 }],
    ['an agent is expected by name', { agentExpected: 'support-104*' }],
    ['other weights', { engagementWeights: { presence: 0.4, voice: 0.4 } }],
    ['types that never come', { neverSent: ['participant_left'] }],
    ['a word of one’s own on who is who', { classify: ({ identity }) => (identity === 'ana' ? 'agent' : undefined) }],
  ])('%s', async (_, options) => {
    const evaluator = await filled();
    const { before, after, measured } = await evaluator.whatIf({ query: { by: ['endReason'] }, options });
    expect(before).toEqual(await evaluator.summarize({ by: ['endReason'] }));
    expect(after).toEqual(await (await filled(options)).summarize({ by: ['endReason'] }));
    expect(measured).toBe(before.total.calls.n);
  });

  test('of summaries alone: nothing is measured, and each call that counts otherwise is named', async () => {
    const evaluator = await filled();
    const options = { serviceLevel: { threshold: 1 }, shortAbandon: 3600 };
    const { before, after, measured, set, changed, changes } = await evaluator.whatIf({ options });
    expect([before, after]).toEqual([await evaluator.summarize(), await evaluator.summarize(options)]);
    expect(measured).toBe(0);
    expect(set).toEqual([
      { option: 'serviceLevel.threshold', before: 20, after: 1 },
      { option: 'shortAbandon', before: 0, after: 3600 },
    ]);
    // answered after 2.5 s
    expect(changed).toContainEqual({ roomSid: 'RM_support', path: 'serviceLevel.rate', before: true, after: false });
    expect(changes.byPath.map(({ path }) => path)).toEqual(['serviceLevel.rate', 'abandonmentRate']);
    const { value: then } = before.total.serviceLevel.rate;
    expect(after.total.serviceLevel.rate.value).toBeLessThan(then!);
  });

  test('what is set by itself leaves its neighbours, of the query and of the evaluator', async () => {
    const evaluator = await filled({ engagementWeights: { presence: 0.6, voice: 0.2 }, noShowAfter: 3 });
    const query = { serviceLevel: { target: 0.95 } };
    const { after, set } = await evaluator.whatIf({
      query,
      options: { serviceLevel: { threshold: 30 }, engagementWeights: { visual: 0, continuity: 0.2 } },
    });
    expect(after.definitions.serviceLevel).toMatchObject({ threshold: 30, target: 0.95 });
    const other = { engagementWeights: { presence: 0.6, voice: 0.2, visual: 0, continuity: 0.2 }, noShowAfter: 3 };
    expect(after.total.engagement).toEqual((await (await filled(other)).summarize()).total.engagement);
    expect(set).toContainEqual({ option: 'engagementWeights.visual', before: 0.1, after: 0 });
  });

  test('the values of calls that change, and not the option itself', async () => {
    const evaluator = await filled();
    const { changed, changes } = await evaluator.whatIf({ options: { noShowAfter: 100 } });
    expect(changed).toEqual([
      { roomSid: 'RM_noshow', path: 'agent.noShow', before: true, after: false },
      { roomSid: 'RM_noshow', path: 'endReason.class', before: 'agent_no_show', after: 'human_hangup' },
    ]);
    expect(changes).toEqual({
      calls: 1,
      values: 2,
      byPath: [
        { path: 'agent.noShow', calls: 1, values: 1 },
        { path: 'endReason.class', calls: 1, values: 1 },
      ],
    });
    const weighed = await evaluator.whatIf({ options: { engagementWeights: { presence: 0.3, voice: 0.5 } } });
    const paths = weighed.changes.byPath.map(({ path }) => path);
    expect(paths).toContain('engagement.score');
    expect(paths).toContain('participants.list[identity=*].engagement.score');
    expect(paths.filter((path) => path.includes('weights'))).toEqual([]);
  });

  test('calls are chosen by what they are before; a period, by their start', async () => {
    const evaluator = await filled();
    const options = { noShowAfter: 100 };
    const { before, after } = await evaluator.whatIf({ query: { endReason: ['agent_no_show'] }, options });
    expect([before.total.calls.n, after.total.calls.n]).toEqual([1, 1]);
    expect([before.total.endReasons, after.total.endReasons]).toMatchObject([
      { agent_no_show: { value: 1 } },
      { human_hangup: { value: 1 } },
    ]);
    const period = { since: '2026-10-12T09:10:00Z', until: '2026-10-12T09:11:00Z' };
    const one = await evaluator.whatIf({ query: period, options });
    expect([one.measured, one.before.total.calls.n]).toEqual([1, 1]);
  });

  test('the same as set already, or the one version of the rules: nothing is another', async () => {
    const evaluator = await filled();
    for (const options of [{}, { noShowAfter: 20 }, { metricsVersion: 1 }, { agentExpected: null }]) {
      const { before, after, measured, changes } = await evaluator.whatIf({ options });
      expect(after).toEqual(before);
      expect([measured, changes.calls]).toEqual([0, 0]);
    }
  });
});

describe('nothing is written', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'what-if-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const bytesIn = () =>
    readdirSync(folder)
      .toSorted()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]);
  /** Every table but the history's, which is too long to compare by eye. */
  function projections(): unknown[] {
    const db = new Database(join(folder, 'calls.db'), { readonly: true });
    try {
      return ['calls', 'results', 'figures'].map((table) => db.prepare(`select * from ${table}`).all());
    } finally {
      db.close();
    }
  }

  test('also of calls that were never measured, not even when the evaluator closes', async () => {
    const database = join(folder, 'calls.db');
    const first = new CallEvaluator({ database, clock });
    await first.processEvents(EVENTS);
    await first.close();
    const kept = projections();
    const bytes = bytesIn();
    // by other options than those that calls are kept by: all of them have to be measured for either side
    const evaluator = new CallEvaluator({ database, clock, noShowAfter: 40 });
    const { measured } = await evaluator.whatIf({ options: { noShowAfter: 10, serviceLevel: { threshold: 1 } } });
    await evaluator.whatIf({ options: { shortAbandon: 10 } });
    expect(measured).toBeGreaterThan(5);
    await evaluator.close();
    expect(projections()).toEqual(kept);
    expect(bytesIn()).toEqual(bytes);
  });
});

test('progress is told, and others have their turn', async () => {
  const evaluator = await filled();
  let clock = 0;
  const slow = vi.spyOn(performance, 'now').mockImplementation(() => (clock += 11)); // as if each call took that long
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  const told: { calls: number; measured: number }[] = [];
  await evaluator.whatIf({ options: { noShowAfter: 1 } }, (done) => told.push(done));
  clearInterval(others);
  slow.mockRestore();
  const { n } = (await evaluator.summarize()).total.calls;
  expect(told).toEqual([...Array.from({ length: n }, (_, i) => ({ calls: i + 1, measured: i + 1 })), told.at(-1)]);
  expect(turns).toBeGreaterThan(0);
});

test('more than is allowed to be measured is refused', async () => {
  const evaluator = await filled();
  const question = { options: { noShowAfter: 1 }, mostMeasured: 3 };
  await expect(evaluator.whatIf(question)).rejects.toThrow('More than 3 calls would have to be measured again');
});

describe('options, one by one', () => {
  test('are read by what they are', () => {
    expect(
      settingsFrom({
        'agent.noShowAfter': '10',
        staleAfter: '2h',
        'agent.expected': 'true',
        'engagementWeights.voice': '0.4',
        'engagementWeights.presence': '0.4',
        neverSent: 'track_published, track_unpublished',
        'serviceLevel.threshold': '30',
        'serviceLevel.denominator': 'offered',
        'containment.secondHuman': 'false',
        'containment.escalationTags': '',
        metricsVersion: '1',
      }),
    ).toEqual({
      noShowAfter: 10,
      staleAfter: 7200,
      agentExpected: true,
      engagementWeights: { voice: 0.4, presence: 0.4 },
      neverSent: ['track_published', 'track_unpublished'],
      serviceLevel: { threshold: 30, denominator: 'offered' },
      containment: { secondHuman: false, escalationTags: [] },
      metricsVersion: 1,
    });
    expect(settingsFrom({ agentExpected: 'support-*' })).toEqual({ agentExpected: 'support-*' });
  });

  test.each([
    [{ 'agent.noShowAftr': '1' }, /^Unknown option agent\.noShowAftr\. Did you mean noShowAfter\?/],
    [{ noShowAftr: '1' }, /Did you mean noShowAfter\?/],
    [{ threshold: '1' }, /Did you mean serviceLevel\.threshold\?/],
    [{ 'servicelevel.treshold': '1' }, /Did you mean serviceLevel\.threshold\?/],
    [{ zzz: '1' }, /There are noShowAfter, /],
    [{ phoneNumbers: 'plain' }, /^Unknown option phoneNumbers/],
    [{ __proto__x: '1', constructor: '1' }, /^Unknown option /],
  ])('%j is refused with the nearest right one', (written, told) => {
    expect(() => settingsFrom(written)).toThrow(told);
  });

  test.each([
    [{ noShowAfter: 'soon' }, "Option noShowAfter: expected seconds, a number from 0 to 1e9; found 'soon'."],
    [{ noShowAftr: 1 }, 'Unknown option noShowAftr. Did you mean noShowAfter?'],
    [{ serviceLevel: { treshold: 1 } }, 'Unknown option serviceLevel.treshold. Did you mean threshold?'],
    [{ engagementWeights: { voice: 0.4 } }, 'weights that add up to 1.1'],
    [{ engagementWeights: 3 }, 'engagementWeights: expected four weights'],
    [{ metricsVersion: 2 }, 'metricsVersion: expected 1, the one version that there is; found 2.'],
    [{ phoneNumbers: 'plain' }, 'Unknown option phoneNumbers.'],
    [{ neverSent: ['track_publishd'] }, 'Did you mean track_published?'],
  ])('%j too, in a program', async (options, told) => {
    const evaluator = new CallEvaluator();
    opened.push(evaluator);
    await expect(evaluator.whatIf({ options: options as WhatIfOptions })).rejects.toThrow(told);
  });

  test('and so is a question that is none', async () => {
    const evaluator = new CallEvaluator();
    opened.push(evaluator);
    const asked = { option: {} } as object;
    await expect(evaluator.whatIf(asked)).rejects.toThrow('Unknown option option. Did you mean options?');
    await expect(evaluator.whatIf({ query: { bi: 1 } as object })).rejects.toThrow(
      'Unknown option bi. Did you mean by?',
    );
  });
});
