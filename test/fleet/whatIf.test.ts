import { describe, expect, test } from 'vitest';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { ChangeList, LISTED_OF_A_PATH } from '../../src/fleet/whatIf/changeList.ts';
import type { Change } from '../../src/fleet/whatIf/changes.ts';
import { groupsOfBoth, sideBySide } from '../../src/fleet/whatIf/sideBySide.ts';
import { WhatIfTally } from '../../src/fleet/whatIf.ts';
import { figures, gaveUp, NOON } from './someFigures.ts';

const at = (i: number, more: Partial<CallFigures> = {}) => ({
  roomSid: `RM_${String(i).padStart(4, '0')}`,
  startedAt: NOON + i * 60_000,
  ...more,
});

/** Three answered after 3 s, 25 s and 40 s, and one who gave up after 25 s. */
const CALLS = [
  figures(at(1)),
  figures(at(2, { joinLatency: 25 })),
  figures(at(3, { joinLatency: 40 })),
  gaveUp(25, at(4)),
];

function tallied(calls: readonly CallFigures[], after: CallFigures[] = [...calls]) {
  const tally = new WhatIfTally({ serviceLevel: { threshold: 20 } }, { serviceLevel: { threshold: 30 } });
  for (const [i, before] of calls.entries()) tally.add({ before, after: after[i]! });
  return tally.result([]);
}

describe('the same calls by two thresholds', () => {
  test('both figures, and the calls that count otherwise', () => {
    const { before, after, changed, changes, measured } = tallied(CALLS);
    // 1 of 3 answered and the one who gave up after the threshold; 2 of the 3 answered: who gave up is out of it
    expect([before.total.serviceLevel.rate.value, after.total.serviceLevel.rate.value]).toEqual([0.25, 0.6667]);
    expect(changed).toEqual([
      { roomSid: 'RM_0002', path: 'serviceLevel.rate', before: false, after: true },
      { roomSid: 'RM_0004', path: 'serviceLevel.rate', before: false, after: null },
    ]);
    expect(changes).toEqual({ calls: 2, values: 2, byPath: [{ path: 'serviceLevel.rate', calls: 2, values: 2 }] });
    expect(measured).toBe(0);
  });

  test('in any order', () => {
    expect(tallied(CALLS.toReversed())).toEqual(tallied(CALLS));
  });

  test('each number beside its other', () => {
    const { before, after } = tallied(CALLS);
    const rows = sideBySide(before.total, after.total);
    expect(rows.find(({ path }) => path === 'serviceLevel.rate')).toMatchObject({
      unit: 'share',
      before: { value: 0.25 },
      after: { value: 0.6667 },
      difference: 0.4167,
      changed: true,
    });
    expect(rows.filter(({ changed }) => changed).map(({ path }) => path)).toEqual(['serviceLevel.rate']);
    expect(rows.find(({ path }) => path === 'callDuration.p50')).toMatchObject({ unit: 's', difference: 0 });
    expect(rows.find(({ path }) => path === 'participantMinutes.AGENT')).toMatchObject({ unit: 'other' });
  });

  test('a group that the other side has not is beside nothing', () => {
    const by = { by: ['endReason'] };
    const tally = new WhatIfTally(by, by);
    tally.add({ before: figures({ endReason: 'agent_no_show' }), after: figures({ endReason: 'human_hangup' }) });
    const { before, after } = tally.result([]);
    const groups = groupsOfBoth(before, after);
    expect(groups.map(([one, other]) => [one?.group.key.endReason, other?.group.key.endReason])).toEqual([
      ['agent_no_show', undefined],
      [undefined, 'human_hangup'],
    ]);
    expect(sideBySide(...groups[0]!)[0]).toMatchObject({ path: 'calls', before: { value: 1 }, difference: null });
  });
});

describe('changes are bounded', () => {
  const change = (path: string, general = path): Change => ({ path, general, before: 1, after: 2 });
  const calls = Array.from({ length: 350 }, (_, i) => ({
    sid: `RM_${String(i).padStart(4, '0')}`,
    at: (i * 7919) % 350,
  }));

  test('all are counted, the earliest hundred of each path listed, in whatever order they come', () => {
    const listOf = (some: typeof calls) => {
      const list = new ChangeList();
      for (const { sid, at } of some) {
        const rare = at === 349 ? [change('agent.noShow')] : [];
        list.add(sid, at, [change('a[x=1].score', 'a[x=*].score'), change('a[x=2].score', 'a[x=*].score'), ...rare]);
      }
      list.add('RM_same', 0, []);
      return list;
    };
    const list = listOf(calls);
    expect(list.counted).toEqual({
      calls: 350,
      values: 701,
      byPath: [
        { path: 'a[x=*].score', calls: 350, values: 700 },
        { path: 'agent.noShow', calls: 1, values: 1 },
      ],
    });
    expect(list.listed).toHaveLength(LISTED_OF_A_PATH + 1);
    const first = calls.toSorted((a, b) => a.at - b.at);
    expect(list.listed[0]).toEqual({ roomSid: first[0]!.sid, path: 'a[x=1].score', before: 1, after: 2 });
    expect(list.listed.at(-1)).toMatchObject({ roomSid: first[349]!.sid, path: 'agent.noShow' });
    expect(listOf(calls.toReversed()).listed).toEqual(list.listed);
  });
});
