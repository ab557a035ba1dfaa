import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../src/evaluator.ts';
import type { Receipt } from '../src/ingest.ts';
import type { CallMetrics } from '../src/metrics/callMetrics.ts';
import type { CallEvaluatorOptions } from '../src/options.ts';
import { BEGIN, finished, ingress, joined, left, ms, type Payload, published, SID, started } from './call/story.ts';

const open: CallEvaluator[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evaluator-'));
});
afterEach(async () => {
  for (const evaluator of open.splice(0)) await evaluator.close();
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** Its clock stands still an hour after the story begins. */
function evaluate(options: CallEvaluatorOptions = {}): CallEvaluator {
  const evaluator = new CallEvaluator({ clock: () => ms(3600), ...options });
  open.push(evaluator);
  return evaluator;
}
const STORY = [started(0), joined(2, 'ana'), joined(4, 'ben'), left(20, 'ana'), left(25, 'ben'), finished(45)];
const LATE = published(10, 'ana');
const BAD = { event: 'participant_joined', createdAt: BEGIN, room: { sid: SID } };
const turn = () => new Promise((done) => setImmediate(done));

describe('a receipt', () => {
  test.each([
    ['an object', joined(2, 'ana')],
    ['a string', JSON.stringify(joined(2, 'ana'))],
    ['bytes', new TextEncoder().encode(JSON.stringify(joined(2, 'ana')))],
    ['an envelope', { receivedAt: BEGIN, headers: {}, body: JSON.stringify(joined(2, 'ana')) }],
  ])('of %s says what was stored', async (_, event) => {
    expect(await evaluate().processEvent(event)).toEqual({
      status: 'stored',
      type: 'participant_joined',
      roomSid: SID,
      id: 'EV_participant_joined_ana_2',
    });
  });

  test('of the same fact under another id says that it is a duplicate', async () => {
    const evaluator = evaluate();
    await evaluator.processEvent(joined(2, 'ana'));
    expect(await evaluator.processEvent({ ...joined(2, 'ana'), id: 'EV_other' })).toMatchObject({
      status: 'duplicate',
      id: 'EV_other',
    });
    expect(await evaluator.getEvents(SID)).toHaveLength(1);
  });

  test('of what was not understood says why', async () => {
    expect(await evaluate().processEvent(BAD)).toEqual({
      status: 'quarantined',
      type: null,
      roomSid: SID,
      id: null,
      reason: { field: 'participant', found: 'nothing', expected: expect.any(String), roomSid: SID },
    });
  });

  test('of room_finished carries the metrics', async () => {
    const receipts = await evaluate().processEvents(STORY);
    expect(receipts.at(-1)!.metrics).toMatchObject({
      status: 'finished',
      revision: 0,
      duration: 45,
      callDuration: 23,
      connectedDuration: 16,
    });
  });

  const whoTells = async (evaluator: CallEvaluator, events: Payload[]) =>
    (await evaluator.processEvents(events)).flatMap(({ type, metrics }) => (metrics ? [type] : []));

  test('of room_finished alone carries them, wherever it stands in a batch', async () => {
    for (const events of [STORY, STORY.toReversed(), [...STORY, LATE, finished(45)]])
      expect(await whoTells(evaluate(), events)).toEqual(['room_finished']);
    const evaluator = evaluate();
    const receipts = await Promise.all(STORY.map((event) => evaluator.processEvent(event)));
    expect(receipts.flatMap(({ type, metrics }) => (metrics ? [type] : []))).toEqual(['room_finished']);
  });

  test('of the last new event carries them where a batch changes a call that had ended', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY);
    const late = [LATE, published(11, 'ben'), finished(45), joined(2, 'ana')];
    expect(await whoTells(evaluator, [BAD, ...late])).toEqual(['track_published']);
    expect(await whoTells(evaluator, late)).toEqual([]);
  });

  test('of each call’s end carries that call’s', async () => {
    const other = JSON.parse(JSON.stringify(STORY).replaceAll(SID, 'RM_other')) as Payload[];
    const receipts = await evaluate().processEvents([...STORY, ...other]);
    expect(receipts.flatMap(({ metrics }) => (metrics ? [metrics.roomSid] : []))).toEqual([SID, 'RM_other']);
  });

  test('of an event of an open call carries none', async () => {
    const receipts = await evaluate().processEvents(STORY.slice(0, -1));
    expect(receipts.map(({ metrics }) => metrics)).toEqual(Array(5).fill(undefined));
  });

  test('of one batch stand in the order of the events', async () => {
    const mixed = [joined(2, 'ana'), BAD, 'no JSON', joined(2, 'ana'), left(9, 'ana')];
    const receipts = await evaluate().processEvents(mixed);
    expect(receipts.map(({ status, type }) => `${status} ${type}`)).toEqual([
      'stored participant_joined',
      'quarantined null',
      'quarantined null',
      'duplicate participant_joined',
      'stored participant_left',
    ]);
  });
});

describe('metrics', () => {
  test('of an open call are those of now', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents([started(0), joined(2, 'ana')]);
    expect(await evaluator.getMetrics(SID)).toMatchObject({ status: 'active', duration: 3600 });
    expect(await evaluator.getMetrics(SID, { now: ms(60) })).toMatchObject({ status: 'active', duration: 60 });
    expect(await evaluator.getMetrics(SID, { now: new Date(ms(70)) })).toMatchObject({ duration: 70 });
  });

  test('of an unknown room are null, as its state and its explanation', async () => {
    const evaluator = evaluate();
    expect([
      await evaluator.getMetrics('RM_x'),
      await evaluator.getState('RM_x'),
      await evaluator.explain('RM_x', 'duration'),
    ]).toEqual([null, null, null]);
    expect(await evaluator.getEvents('RM_x')).toEqual([]);
  });

  test('of a room of which only nonsense is known are null', async () => {
    const evaluator = evaluate();
    await evaluator.processEvent(BAD);
    expect(await evaluator.getMetrics(SID)).toBeNull();
    await evaluator.processEvent(started(0));
    expect((await evaluator.getMetrics(SID))!.evidence.events).toMatchObject({ received: 1, quarantined: 1 });
  });

  test('count what was not understood, also where it came in the batch that begins the room', async () => {
    for (const batch of [
      [started(0), BAD],
      [BAD, started(0)],
    ]) {
      const evaluator = evaluate();
      await evaluator.processEvents(batch);
      expect((await evaluator.getMetrics(SID))!.evidence.events).toMatchObject({ received: 1, quarantined: 1 });
    }
  });

  test('count what was not understood once, however often it came and whatever is in memory', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY.slice(0, 3));
    for (let i = 0; i < 3; i++) await evaluator.processEvent(BAD);
    const counted = { received: 3, quarantined: 1 };
    expect((await evaluator.getMetrics(SID))!.evidence.events).toMatchObject(counted);
    await evaluator.processEvents(STORY.slice(3));
    expect((await evaluator.getMetrics(SID))!.evidence.events).toMatchObject({ received: 6, quarantined: 1 });
  });

  test('are the same from the receipt, from memory, and from a file opened anew', async () => {
    const database = join(folder, 'calls.db');
    const first = evaluate({ database });
    const fromReceipt = (await first.processEvents(STORY)).at(-1)!.metrics;
    const fromMemory = await first.getMetrics(SID);
    await first.close();
    const fromFile = await evaluate({ database }).getMetrics(SID);
    const anew = await evaluate({ database, noShowAfter: 21 }).getMetrics(SID);
    expect(fromMemory).toEqual(fromReceipt);
    expect(JSON.stringify(fromFile)).toBe(JSON.stringify(fromReceipt));
    expect(anew!.evidence.inputs.hash).toBe(fromFile!.evidence.inputs.hash);
    expect(anew!.evidence.inputs.configHash).not.toBe(fromFile!.evidence.inputs.configHash);
  });

  test('are the same though only one room is kept in memory', async () => {
    const other = (story: Payload[]) => JSON.parse(JSON.stringify(story).replaceAll(SID, 'RM_other')) as Payload[];
    const [small, large] = [evaluate({ liveRooms: 1 }), evaluate()];
    for (const evaluator of [small, large])
      for (const [i, event] of STORY.entries()) {
        await evaluator.processEvent(event);
        await evaluator.processEvent(other(STORY)[i]!);
      }
    for (const sid of [SID, 'RM_other']) expect(await small.getMetrics(sid)).toEqual(await large.getMetrics(sid));
  });

  test('tell repeats and disorder of arrival apart from the facts', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents([...STORY.toReversed(), STORY[1]!]);
    const shuffled = (await evaluator.getMetrics(SID))!;
    const inOrder = evaluate();
    await inOrder.processEvents(STORY);
    const plain = (await inOrder.getMetrics(SID))!;
    expect(shuffled.evidence.events).toMatchObject({ received: 7, distinct: 6, duplicates: 1, outOfOrder: 5 });
    expect(plain.evidence.events).toMatchObject({ received: 6, distinct: 6, duplicates: 0, outOfOrder: 0 });
    expect({ ...shuffled, evidence: { ...shuffled.evidence, events: null } }).toEqual({
      ...plain,
      evidence: { ...plain.evidence, events: null },
    });
  });

  test('of one’s own stand under custom; one that throws is null, and said why', async () => {
    const custom = (id: string, compute: (call: { now: number; metrics: CallMetrics }) => unknown) => ({
      id,
      unit: 'x',
      description: 'x',
      compute,
    });
    const metrics = [
      custom('half', ({ metrics: { duration } }) => duration / 2),
      custom('broken', () => {
        throw new Error('out of ideas');
      }),
      custom('unknown', () => null),
    ];
    const evaluator = evaluate({ metrics });
    const found = (await evaluator.processEvents(STORY)).at(-1)!.metrics!;
    expect(found.custom).toEqual({ half: 22.5, broken: null, unknown: null });
    expect(found.evidence.gaps).toEqual([
      expect.objectContaining({
        subject: 'custom',
        missing: 'custom.broken',
        resolvedBy: expect.stringContaining('out of ideas'),
      }),
    ]);
    expect(found.duration).toBe(45);
  });

  test.each([
    ['a BigInt', 5n, 'BigInt'],
    ['NaN', Number.NaN, 'it returned NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, 'it returned Infinity'],
    ['undefined', undefined, 'it returned undefined'],
    ['a function', () => 1, 'it returned function'],
    ['a symbol', Symbol('x'), 'it returned symbol'],
    ['no date', new Date('soon'), 'it returned object'],
  ])(
    'of one’s own that no JSON can hold (%s) are null, and said why, and take no others down',
    async (_, value, why) => {
      const evaluator = evaluate({ metrics: [{ id: 'odd', unit: 'x', description: 'x', compute: () => value }] });
      const { metrics } = (await evaluator.processEvents(STORY)).at(-1)!;
      expect(metrics).toMatchObject({ duration: 45, custom: { odd: null } });
      expect(metrics!.evidence.gaps).toEqual([
        expect.objectContaining({ missing: 'custom.odd', resolvedBy: expect.stringContaining(why) }),
      ]);
    },
  );

  test('that were damaged in the store are measured anew from the history, and stored', async () => {
    const database = join(folder, 'calls.db');
    const first = evaluate({ database });
    await first.processEvents(STORY);
    const before = await first.getMetrics(SID);
    await first.close();
    const harm = new Database(database);
    harm.exec("update results set metrics = '{bad'; update calls set facets = '{bad'");
    const damaged = evaluate({ database });
    const { calls } = await damaged.listCalls({ status: ['finished'] });
    // nobody knows what the damaged one rested on
    expect(calls[0]!.metrics).toEqual({ ...before, revision: 1 });
    expect(await damaged.getMetrics(SID)).toEqual(calls[0]!.metrics);
    await damaged.close();
    expect(JSON.parse(harm.prepare('select metrics from results').pluck().get() as string)).toEqual(calls[0]!.metrics);
    harm.close();
  });
});

describe('listeners', () => {
  function listen(evaluator: CallEvaluator) {
    const heard: string[] = [];
    evaluator.on('callFinished', ({ revision }) => heard.push(`finished ${revision}`));
    evaluator.on('callChanged', ({ roomSid, types }) => heard.push(`changed ${roomSid} ${types}`));
    evaluator.on('quarantined', ({ field }) => heard.push(`quarantined ${field}`));
    return heard;
  }
  const settled = async (evaluator: CallEvaluator, event: object): Promise<Receipt> => {
    const receipt = await evaluator.processEvent(event);
    await turn();
    return receipt;
  };

  test('hear of each change, of the end, and of what was not understood', async () => {
    const evaluator = evaluate();
    const heard = listen(evaluator);
    for (const event of [started(0), joined(2, 'ana'), BAD, finished(45)]) await settled(evaluator, event);
    expect(heard).toEqual([
      `changed ${SID} room_started`,
      `changed ${SID} participant_joined`,
      'quarantined participant',
      `changed ${SID} room_finished`,
      'finished 0',
    ]);
  });

  test('hear of a late event that changes a finished call, by a higher revision', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY);
    const heard = listen(evaluator);
    expect((await settled(evaluator, LATE)).metrics).toMatchObject({ revision: 1, tracks: { total: 1 } });
    expect(heard).toEqual([`changed ${SID} track_published`, 'finished 1']);
    expect((await evaluator.getMetrics(SID))!.revision).toBe(1);
    expect((await settled(evaluator, published(11, 'ben'))).metrics).toMatchObject({ revision: 2 });
  });

  test('hear nothing of a duplicate, and the revision stays', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents([...STORY, LATE]);
    const before = (await evaluator.getMetrics(SID))!;
    const heard = listen(evaluator);
    const receipt = await settled(evaluator, { ...LATE, id: 'EV_again' });
    expect(receipt).toMatchObject({ status: 'duplicate' });
    expect(receipt).not.toHaveProperty('metrics');
    expect(heard).toEqual([]);
    const after = (await evaluator.getMetrics(SID))!;
    expect(after.revision).toBe(before.revision);
    expect(after.evidence.events.duplicates).toBe(1);
    expect(after.evidence.inputs).toEqual(before.evidence.inputs);
  });

  test('hear nothing of a call that expires: its end is not final', async () => {
    const evaluator = evaluate({ staleAfter: 60 });
    const heard = listen(evaluator);
    await settled(evaluator, started(0));
    expect(await evaluator.getMetrics(SID)).toMatchObject({ status: 'expired' });
    expect((await evaluator.listCalls({ status: ['expired'] })).calls).toHaveLength(1);
    expect(heard).toEqual([`changed ${SID} room_started`]);
  });

  test('hear of a call’s end once where all came in one batch', async () => {
    const evaluator = evaluate();
    const heard = listen(evaluator);
    await evaluator.processEvents(STORY);
    await turn();
    expect(heard.filter((word) => word.startsWith('finished'))).toEqual(['finished 0']);
  });

  test('the revision outlives the process', async () => {
    const database = join(folder, 'calls.db');
    const first = evaluate({ database });
    await first.processEvents(STORY);
    await first.processEvent(LATE);
    await first.close();
    const second = evaluate({ database });
    expect((await second.getMetrics(SID))!.revision).toBe(1);
    expect((await second.processEvent(published(11, 'ben'))).metrics).toMatchObject({ revision: 2 });
  });

  test('that throw do not harm the event: the process is warned', async () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const evaluator = evaluate();
    evaluator.on('callFinished', () => {
      throw new Error('a bad listener');
    });
    const receipts = await evaluator.processEvents(STORY);
    await turn();
    expect(receipts.at(-1)).toMatchObject({ status: 'stored', metrics: { status: 'finished' } });
    expect(warning).toHaveBeenCalledWith(expect.objectContaining({ message: 'a bad listener' }));
    expect(await evaluator.processEvent(LATE)).toMatchObject({ status: 'stored' });
  });

  test('that throw do not keep the others from hearing', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const evaluator = evaluate();
    const heard = vi.fn();
    evaluator.on('callFinished', () => {
      throw new Error('a bad listener');
    });
    evaluator.on('callFinished', heard);
    await evaluator.processEvents(STORY);
    await turn();
    expect(heard).toHaveBeenCalledOnce();
  });

  test('hear no more once they are taken off', async () => {
    const evaluator = evaluate();
    const listener = vi.fn();
    evaluator.on('callFinished', listener).off('callFinished', listener);
    await evaluator.processEvents(STORY);
    await turn();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('closing', () => {
  test('writes what waits', async () => {
    const database = join(folder, 'calls.db');
    const first = evaluate({ database });
    const waiting = first.processEvents(STORY);
    await first.close();
    expect((await waiting).map(({ status }) => status)).toEqual(Array(6).fill('stored'));
    expect(await evaluate({ database }).getEvents(SID)).toHaveLength(6);
  });

  test('refuses what comes later, by the code `closed`', async () => {
    const evaluator = evaluate();
    await evaluator.close();
    await evaluator.close();
    const closed = { name: 'CallEvaluatorError', code: 'closed' };
    await expect(evaluator.processEvent(started(0))).rejects.toMatchObject(closed);
    await expect(evaluator.processEvents([started(0)])).rejects.toMatchObject(closed);
    for (const ask of ['getMetrics', 'getState', 'getEvents'] as const)
      await expect(evaluator[ask](SID), ask).rejects.toMatchObject(closed);
    await expect(evaluator.explain(SID, 'duration')).rejects.toMatchObject(closed);
    await expect(evaluator.listCalls()).rejects.toMatchObject(closed);
    await expect(evaluator.counts()).rejects.toMatchObject(closed);
  });
});

describe('concurrent calls', () => {
  test('share few transactions', async () => {
    const batches: number[] = [];
    const { transaction } = Database.prototype;
    vi.spyOn(Database.prototype, 'transaction').mockImplementation(function (this: Database.Database, work) {
      return transaction.call(this, (...args: unknown[]) => {
        if (work.name === 'append') batches.push((args[0] as unknown[]).length);
        return work(...args);
      }) as never;
    });
    const evaluator = evaluate();
    await Promise.all(Array.from({ length: 64 }, (_, i) => evaluator.processEvent(joined(i, `p${i}`))));
    expect(batches.reduce((sum, count) => sum + count, 0)).toBe(64);
    expect(batches.length).toBeLessThanOrEqual(4);
  });

  test('from a stream are taken in as from a list', async () => {
    async function* stream() {
      for (let i = 0; i < 2_500; i++) yield joined(i, `ana-${i}`);
    }
    const receipts = await evaluate().processEvents(stream());
    expect(receipts).toHaveLength(2_500);
    expect(receipts[2_400]!.id).toBe('EV_participant_joined_ana-2400_2400');
  });

  test('one awaited after another leave timers their turn', async () => {
    const evaluator = evaluate();
    let fired = false;
    setTimeout(() => {
      fired = true;
    }, 1);
    for (let i = 0; i < 5_000 && !fired; i++) await evaluator.processEvent(joined(i, `ana-${i}`));
    expect(fired).toBe(true);
  });

  test('are on disk when they resolve', async () => {
    const database = join(folder, 'calls.db');
    const evaluator = evaluate({ database });
    await Promise.all(STORY.map((event) => evaluator.processEvent(event)));
    const other = new Database(database, { readonly: true });
    expect(other.prepare('select count(*) from events').pluck().get()).toBe(6);
    other.close();
  });

  test('of two halves of a room have one result', async () => {
    const evaluator = evaluate();
    await Promise.all([evaluator.processEvents(STORY.slice(3)), evaluator.processEvents(STORY.slice(0, 3))]);
    expect(await evaluator.getMetrics(SID)).toMatchObject({ status: 'finished', callDuration: 23 });
  });
});

test('what was quarantined is tried again: what is understood now becomes an event, the rest stays', async () => {
  const database = join(folder, 'calls.db');
  const first = evaluate({ database });
  await first.processEvents([started(0), BAD, 'no JSON']);
  await first.close();
  const upgrade = new Database(database); // as though a later version understood the one
  upgrade.prepare("update quarantine set body = ? where field = 'participant'").run(JSON.stringify(joined(2, 'ana')));
  upgrade.close();

  const second = evaluate({ database });
  expect(await second.listQuarantined()).toHaveLength(2);
  expect(await second.retryQuarantined()).toEqual({ understood: 1, still: 1 });
  expect((await second.listQuarantined()).map(({ body }) => body)).toEqual(['no JSON']);
  expect((await second.getMetrics(SID))!.participants.unique).toBe(1);
  expect(await second.retryQuarantined()).toEqual({ understood: 0, still: 1 });
});

test('what is no longer quarantined is no longer counted as such', async () => {
  const database = join(folder, 'calls.db');
  const first = evaluate({ database });
  await first.processEvents([started(0), BAD, finished(45)]);
  await first.close();
  const upgrade = new Database(database);
  upgrade.prepare('update quarantine set body = ?').run(JSON.stringify(joined(2, 'ana')));
  upgrade.close();
  const second = evaluate({ database });
  await second.retryQuarantined();
  await turn();
  expect((await second.getMetrics(SID))!.evidence.events.quarantined).toBe(0);
});

describe('an ingress, which names its room only by name', () => {
  const ofRoom = (sid: string, story: Payload[]) => JSON.parse(JSON.stringify(story).replaceAll(SID, sid)) as Payload[];
  const first = ofRoom('RM_1', [
    started(0, { room: { sid: SID, name: 'story' } }),
    finished(40, { room: { sid: SID, name: 'story' } }),
  ]);
  const second = ofRoom('RM_2', [
    started(50, { room: { sid: SID, name: 'story' } }),
    finished(90, { room: { sid: SID, name: 'story' } }),
  ]);
  const stream = [ingress('started', 55), ingress('ended', 60)];
  const goesWhereItBelongs = async (_: string, events: Payload[]) => {
    const [oneByOne, together] = [evaluate(), evaluate()];
    for (const event of events) await oneByOne.processEvent(event);
    await together.processEvents(events);
    for (const evaluator of [oneByOne, together]) {
      expect((await evaluator.getMetrics('RM_1'))!.ingress).toEqual([]);
      expect((await evaluator.getMetrics('RM_2'))!.ingress).toMatchObject([{ id: 'IN_1' }]);
    }
    const [one, all] = [await oneByOne.getMetrics('RM_2'), await together.getMetrics('RM_2')];
    expect(one!.evidence.inputs).toEqual(all!.evidence.inputs);
  };

  test.each([
    ['the ingress last', [...first, ...second, ...stream]],
    ['the later room first', [...second, ...stream, ...first]],
    ['in order', [...first, ...stream, ...second]],
    ['the ingress first', [...stream, ...first, ...second]],
  ])('goes to the room of that name open at the time, %s', goesWhereItBelongs);

  test('of a name that nobody bears is kept, and belongs to none', async () => {
    const evaluator = evaluate();
    const elsewhere = { ...ingress('started', 5), room: { name: 'nowhere' } };
    expect(await evaluator.processEvent(elsewhere)).toMatchObject({ status: 'stored', roomSid: null });
    expect(await evaluator.counts()).toMatchObject({ events: 1, rooms: 0, unassigned: 1 });
    await evaluator.processEvents(STORY);
    expect((await evaluator.getMetrics(SID))!.ingress).toEqual([]);
  });

  test('changes the finished call that it belongs to', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(first);
    const finals: string[] = [];
    evaluator.on('callFinished', ({ roomSid, revision }) => finals.push(`${roomSid} ${revision}`));
    await evaluator.processEvent(ingress('started', 5));
    await turn();
    expect(finals).toEqual(['RM_1 1']);
    expect(await evaluator.getMetrics('RM_1')).toMatchObject({ revision: 1, ingress: [{ id: 'IN_1' }] });
  });
});

describe('two evaluators on one file', () => {
  test('agree on a call whose events they share', async () => {
    const database = join(folder, 'calls.db');
    const pair = [evaluate({ database }), evaluate({ database })];
    for (const [i, event] of STORY.entries()) await pair[i % 2]!.processEvent(event);
    const [one, two] = [await pair[0]!.getMetrics(SID), await pair[1]!.getMetrics(SID)];
    expect(one).toMatchObject({ status: 'finished', callDuration: 23, evidence: { events: { distinct: 6 } } });
    expect(two).toEqual(one);
  });

  test('agree after one of them has heard of a late event, and on its revision', async () => {
    const database = join(folder, 'calls.db');
    const [one, two] = [evaluate({ database }), evaluate({ database })];
    await one.processEvents(STORY);
    expect(await two.getMetrics(SID)).toMatchObject({ revision: 0 });
    await two.processEvent(LATE);
    expect(await one.getMetrics(SID)).toMatchObject({ revision: 1, tracks: { total: 1 } });
    expect(await one.getMetrics(SID)).toEqual(await two.getMetrics(SID));
  });

  test('both know of a duplicate that the other stored', async () => {
    const database = join(folder, 'calls.db');
    const [one, two] = [evaluate({ database }), evaluate({ database })];
    await one.processEvents(STORY);
    expect(await two.processEvent(STORY[1]!)).toMatchObject({ status: 'duplicate' });
    expect((await one.getMetrics(SID))!.evidence.events.duplicates).toBe(1);
    expect((await two.getMetrics(SID))!.evidence.events.duplicates).toBe(1);
  });
});

describe('what else is asked', () => {
  test('the state, now and at a past instant', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY);
    expect((await evaluator.getState(SID, ms(10)))!.participants.map(({ identity }) => identity)).toEqual([
      'ana',
      'ben',
    ]);
    expect((await evaluator.getState(SID, new Date(ms(22))))!.participants.map(({ identity }) => identity)).toEqual([
      'ben',
    ]);
    expect(await evaluator.getState(SID)).toMatchObject({ status: 'finished', participants: [] });
  });

  test('the calls, page by page, each with its metrics', async () => {
    const evaluator = evaluate();
    const sids = ['RM_c', 'RM_a', 'RM_b'];
    for (const [i, sid] of sids.entries())
      await evaluator.processEvent(JSON.parse(JSON.stringify(started(i)).replaceAll(SID, sid)));
    const page = await evaluator.listCalls({ limit: 2 });
    expect(page.calls.map(({ roomSid, metrics }) => [roomSid, metrics.roomSid])).toEqual([
      ['RM_c', 'RM_c'],
      ['RM_a', 'RM_a'],
    ]);
    const next = await evaluator.listCalls({ limit: 2, after: page.next! });
    expect(next).toMatchObject({ calls: [{ roomSid: 'RM_b' }], next: null });
  });

  test('an unknown path, or what is no instant, is an error that says so', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY);
    await expect(evaluator.explain(SID, 'durations')).rejects.toMatchObject({
      code: 'unknown_path',
      message: expect.stringContaining('durations'),
    });
    await expect(evaluator.getState(SID, new Date('soon'))).rejects.toMatchObject({ code: 'bad_option' });
    expect(await evaluator.explain(SID, 'duration')).toMatchObject({
      value: 45,
      events: [{ tells: 'start' }, { tells: 'end' }],
    });
  });

  test.each([null, undefined, '', [], 42, {}])('of what is no sid (%j) is refused clearly', async (sid) => {
    const evaluator = evaluate();
    for (const method of ['getMetrics', 'getState', 'getEvents', 'explain'] as const)
      await expect(evaluator[method](sid as string, 'duration' as never)).rejects.toMatchObject({ code: 'bad_option' });
  });

  test.each([[joined(1, 'ana')], [JSON.stringify([joined(1, 'ana')])], [42], [null], [new Uint8Array(3)]])(
    'processEvents of what is no list (%#) is refused clearly',
    async (events) => {
      await expect(evaluate().processEvents(events as never)).rejects.toThrow(/expected a list of events/);
    },
  );

  test.each([0, -1, 1.5, 1e9, '10', Number.NaN])('a page of %j is refused clearly', async (limit) => {
    await expect(evaluate().listCalls({ limit: limit as number })).rejects.toThrow(/limit: expected 1 to 10000; found/);
  });

  test.each([
    ['getMetrics', { nw: 1 }, 'Unknown option nw. Did you mean now?'],
    ['getMetrics', 5, 'Expected options, such as { now: "2026-01-01T00:00:00Z" }; found 5.'],
    ['getMetrics', new Date(0), 'Expected options, such as { now: '],
    ['getMetrics', null, 'found null.'],
    ['getMetrics', '2026-01-02', `such as { now: "2026-01-02" }; found '2026-01-02'.`],
    ['getMetrics', { now: 'soon' }, "Not an instant: 'soon'"],
    ['explain', { at: 1 }, 'Unknown option at. There are now.'],
    ['listQuarantined', { limit: 0 }, 'Option limit: expected 1 to 10000; found 0.'],
    ['listQuarantined', { afterSeq: 'x' }, "Option afterSeq: expected a whole number from 0 on; found 'x'."],
    ['listQuarantined', { newest: true }, 'Unknown option newest.'],
  ] as const)('%s with the options %j is refused, and what was meant named', async (method, options, message) => {
    const evaluator = evaluate();
    const ask = {
      getMetrics: () => evaluator.getMetrics(SID, options as never),
      explain: () => evaluator.explain(SID, 'duration', options as never),
      listQuarantined: () => evaluator.listQuarantined(options as never),
    };
    await expect(ask[method]()).rejects.toMatchObject({
      code: 'bad_option',
      message: expect.stringContaining(message),
    });
  });

  test('a misspelt listener is refused clearly', () => {
    expect(() => evaluate().on('callfinished' as 'callFinished', () => {})).toThrow(/'callFinished'/);
  });

  test('an instant may be ISO text; what lies beyond all dates is refused', async () => {
    const evaluator = evaluate();
    await evaluator.processEvents(STORY);
    expect(await evaluator.getState(SID, new Date(ms(3)).toISOString())).toEqual(await evaluator.getState(SID, ms(3)));
    await expect(evaluator.getState(SID, 1e20)).rejects.toMatchObject({ code: 'bad_option' });
  });

  test('bodies come back as they came, secrets masked', async () => {
    const evaluator = evaluate();
    await evaluator.processEvent(
      '{"event":"room_started",  "createdAt":1767603600,"room":{"sid":"RM_story","turnPassword":"pw"}}',
    );
    expect((await evaluator.getEvents(SID)).map(({ body }) => body)).toEqual([
      '{"event":"room_started",  "createdAt":1767603600,"room":{"sid":"RM_story","turnPassword":"***"}}',
    ]);
  });
});

test('a clock that fails when the event is on disk: it is acknowledged, and the next one as well', async () => {
  let asked = 0;
  const broken = () => {
    if (++asked === 2) throw new Error('no time');
    return ms(3600);
  };
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const evaluator = evaluate({ clock: broken });
  expect(await evaluator.processEvent(joined(2, 'ana'))).toMatchObject({ status: 'stored' });
  expect(warned).toHaveBeenCalledWith(
    expect.objectContaining({ message: expect.stringContaining('it threw: no time') }),
  );
  expect(await evaluator.processEvent(left(20, 'ana'))).toMatchObject({ status: 'stored' });
  expect((await evaluator.getMetrics(SID))!.participants.participantSeconds).toBe(18);
});

test.each([
  ['does not know', () => undefined, ['agent.expected']],
  ['knows', () => true, []],
])('whether an agent is expected, where the option %s, is uncertain or not', async (_, agentExpected, uncertain) => {
  const evaluator = evaluate({ agentExpected });
  // leaves of an old server alone: nobody is certain to have come
  const { evidence } = (await evaluator.processEvents([started(0), left(20, 'ana'), left(25, 'ben'), finished(45)])).at(
    -1,
  )!.metrics!;
  expect(evidence.uncertain.filter((path) => path === 'agent.expected')).toEqual(uncertain);
});

describe('rebuild', () => {
  test('measures all calls again, and what is kept of them is the same to the byte', async () => {
    const database = join(mkdtempSync(join(tmpdir(), 'rebuild-')), 'calls.db');
    const evaluator = new CallEvaluator({ database, clock: () => Date.UTC(2026, 11, 1) });
    for (const name of ['support-call', 'agent-turns', 'still-open', 'lost-room-finished'])
      await evaluator.processEvents(readFileSync(`fixtures/${name}.ndjson`, 'utf8').trim().split('\n'));
    await evaluator.close();
    const kept = () => {
      const db = new Database(database, { readonly: true });
      const rows = ['calls', 'results', 'figures'].map((table) => db.prepare(`select * from ${table}`).all());
      db.close();
      return rows;
    };
    const before = kept();
    const damage = new Database(database);
    damage.exec(
      `delete from figures; update results set metrics = '{"damaged":'; update calls set facets = '{}' where facets is not null`,
    );
    damage.close();
    const again = new CallEvaluator({ database, clock: () => Date.UTC(2026, 11, 1) });
    const { calls, finished } = await again.rebuild();
    await again.close();
    expect(calls).toBe(before[0]!.length);
    expect(finished).toBe(before[1]!.length);
    const [rebuiltCalls, results, figures] = kept();
    expect(figures).toEqual(before[2]);
    // of a damaged result nobody knows what it rested on: it is another revision
    const revised = (rows: unknown[]) => rows.map((row) => JSON.stringify(row).replace(/"?revision\\*":\d+/g, ''));
    expect(revised(results!)).toEqual(revised(before[1]!));
    expect(revised(rebuiltCalls!)).toEqual(revised(before[0]!));
  });
});
