import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewEvent, Store } from '../../src/store/store.ts';
import { aCall, anEvent, aPayload, asRead, T } from './samples.ts';

/** Where a store's data lie: what one `open()` wrote, the next one finds, also while the first is still in use. */
export interface Place {
  open(): Store;
  remove(): void;
}

const facts = async (store: Store, roomSid: string) =>
  (await store.readRoom(roomSid))?.events.map((event) => event.fact);

/** What every store must do, whatever it is made of. */
export function storeContract(newPlace: () => Place): void {
  let place: Place;
  let store: Store;
  beforeEach(() => {
    place = newPlace();
    store = place.open();
  });
  afterEach(async () => {
    await store.close();
    place.remove();
  });

  describe('history', () => {
    test('tells new facts from known ones, also within a batch', async () => {
      expect((await store.append([anEvent('1'), anEvent('2'), anEvent('1')], [], [])).fresh).toEqual([
        true,
        true,
        false,
      ]);
      expect((await store.append([anEvent('3'), anEvent('2')], [], [])).fresh).toEqual([true, false]);
      expect((await store.append([], [], [])).fresh).toEqual([]);
    });

    test('gives back what it was given, in order of arrival', async () => {
      const late = anEvent('z', { at: T - 5000, id: null });
      await store.append([anEvent('m'), late], [], []);
      await store.append([anEvent('a', { type: 'a type of the future' })], [], []);
      const { events, ...rest } = (await store.readRoom('RM_a'))!;
      expect(rest).toEqual({ roomSid: 'RM_a', duplicates: 0, quarantined: 0 });
      expect(events.map(({ seq: _, ...event }) => event)).toEqual(
        [anEvent('m'), late, anEvent('a', { type: 'a type of the future' })].map(
          ({ roomSid: _, roomName: __, sha256: ___, ...event }) => event,
        ),
      );
      expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.seq).sort((a, b) => a - b));
    });

    test('the same fact in two rooms is two facts', async () => {
      expect((await store.append([anEvent('1'), anEvent('1', { roomSid: 'RM_b' })], [], [])).fresh).toEqual([
        true,
        true,
      ]);
      expect(await facts(store, 'RM_b')).toEqual(['1']);
    });

    test('counts repeats and keeps the smallest id', async () => {
      await store.append(
        [anEvent('1', { id: 'EV_m' }), anEvent('2', { id: null }), anEvent('3', { id: 'EV_x' })],
        [],
        [],
      );
      for (const id of ['EV_z', 'EV_b', 'EV_b', null]) await store.append([anEvent('1', { id })], [], []);
      await store.append([anEvent('2', { id: null }), anEvent('2', { id: 'EV_q' })], [], []);
      const room = (await store.readRoom('RM_a'))!;
      expect(room.events.map((event) => event.id)).toEqual(['EV_b', 'EV_q', 'EV_x']);
      expect(room.duplicates).toBe(6);
    });

    test('a repeat keeps the first body', async () => {
      await store.append([anEvent('1', { body: '{"first":1}' }), anEvent('1', { body: '{"second":2}' })], [], []);
      expect((await store.readRoom('RM_a'))!.events.map((event) => event.body)).toEqual(['{"first":1}']);
    });

    test('does not know a room that it never heard of', async () => {
      expect(await store.readRoom('RM_a')).toBeNull();
      expect(await store.readRoom('')).toBeNull();
    });

    test('outlives the process', async () => {
      await store.append([anEvent('1'), anEvent('1')], [aPayload('?')], [aCall('RM_a', { arrivals: 2 })]);
      await store.close();
      store = place.open();
      expect(await facts(store, 'RM_a')).toEqual(['1']);
      expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a', { arrivals: 2 })));
      expect(await store.counts()).toEqual({ events: 1, rooms: 1, duplicates: 1, quarantined: 1, unassigned: 0 });
    });

    test('tells the rooms that a batch begins: those of which it holds all there is', async () => {
      const begun = async (...events: NewEvent[]) => [...(await store.append(events, [], [])).begun];
      expect(await begun(anEvent('1'), anEvent('2'), anEvent('1', { roomSid: 'RM_b' }))).toEqual(['RM_a', 'RM_b']);
      expect(await begun(anEvent('3'), anEvent('1', { roomSid: 'RM_c' }))).toEqual(['RM_c']);
      await begun(anEvent('4', { roomSid: '', roomName: 'lobby' }));
      expect(await begun(anEvent('1', { roomSid: 'RM_d', roomName: 'lobby' }))).toEqual([]);
    });

    test('takes 10,000 events at once', async () => {
      const batch = Array.from({ length: 10_000 }, (_, i) => anEvent(`${i}`, { roomSid: `RM_${i % 300}` }));
      expect((await store.append(batch, [], [])).fresh.every(Boolean)).toBe(true);
      expect(await store.counts()).toMatchObject({ events: 10_000, rooms: 300 });
    });
  });

  describe('text', () => {
    const odd = {
      NUL: 'a\0b',
      'a NUL at the end': 'ab\0',
      'a NUL alone': '\0',
      emoji: '👩‍👩‍👧 ünï',
      'the last of its plane': '\uffff\u{10ffff}',
      quotes: `'"\\`,
    };
    for (const [name, text] of Object.entries(odd)) {
      test(`with ${name} comes back as it went in`, async () => {
        const sid = `RM_${text}`;
        const event = anEvent(text, { roomSid: sid, roomName: text, id: text, type: text, body: text });
        const byName = anEvent('by name', { roomSid: '', roomName: text });
        await store.append([event, byName], [aPayload(text, sid)], [aCall(sid, { metrics: text, arrivals: 3 })]);
        const room = (await store.readRoom(sid))!;
        expect(room.events[0]).toMatchObject({ fact: text, id: text, type: text, body: text });
        expect(room.events[1]).toMatchObject({ fact: 'by name' });
        expect(room.quarantined).toBe(1);
        expect((await store.readRoom(`RM_${text}?`)) ?? null).toBeNull();
        expect((await store.readCall(sid))!.metrics).toBe(text);
        expect(await store.roomsNamed(text)).toEqual([sid]);
        expect((await store.listCalls({ limit: 9 }))[0]).toMatchObject({ roomSid: sid, roomName: text });
        expect((await store.listQuarantined(0, 9))[0]).toMatchObject({ body: text, reason: { roomSid: sid } });
        expect((await store.append([{ ...event, body: '' }], [], [])).fresh).toEqual([false]);
      });
    }

    for (const field of ['roomSid', 'roomName', 'fact', 'id', 'type', 'body'] as const) {
      test(`with half a surrogate pair is refused: ${field}`, async () => {
        const batch = [anEvent('1'), anEvent('2', { [field]: 'a\ud83d' })];
        await expect(store.append(batch, [], [])).rejects.toMatchObject({ code: 'store_failed' });
        expect(await store.counts()).toMatchObject({ events: 0, rooms: 0 });
      });
    }

    test('with half a surrogate pair is refused for the quarantine', async () => {
      const appended = store.append([anEvent('1')], [aPayload('{"name":"\ud83d"}')], []);
      await expect(appended).rejects.toMatchObject({ code: 'store_failed', message: expect.stringContaining('pair') });
      expect(await store.counts()).toMatchObject({ events: 0, quarantined: 0 });
    });
  });

  describe('all or nothing', () => {
    for (const at of [Number.NaN, T + 0.5, 1e300, Number.POSITIVE_INFINITY]) {
      test(`an instant of ${at} refuses its whole batch`, async () => {
        await store.append([anEvent('0')], [], [aCall('RM_a')]);
        const batch = [anEvent('1'), anEvent('0'), anEvent('2', { at })];
        await expect(store.append(batch, [aPayload('?')], [])).rejects.toMatchObject({ code: 'store_failed' });
        expect(await store.counts()).toEqual({ events: 1, rooms: 1, duplicates: 0, quarantined: 0, unassigned: 0 });
        expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a')));
        expect((await store.append([anEvent('1')], [], [])).fresh).toEqual([true]);
      });
    }
  });

  describe('calls', () => {
    test('are kept until anything comes: a new fact, a repeat, a payload that is not understood, the release of one', async () => {
      await store.append([anEvent('1')], [aPayload('released', 'RM_a')], []);
      const { seq } = (await store.listQuarantined(0, 1))[0]!;
      const arrivals = {
        'new fact': () => store.append([anEvent('2')], [], []),
        repeat: () => store.append([anEvent('1')], [], []),
        payload: () => store.append([], [aPayload('?', 'RM_a')], []),
        'the payload again': () => store.append([], [aPayload('?', 'RM_a')], []),
        release: () => store.releaseQuarantined([seq]),
      };
      let arrived = 2;
      for (const [name, arrive] of Object.entries(arrivals)) {
        const call = aCall('RM_a', { arrivals: arrived });
        await store.append([], [], [call]);
        await store.append([anEvent('1', { roomSid: 'RM_b' })], [aPayload('?', 'RM_b'), aPayload('??')], []);
        expect(await store.readCall('RM_a'), name).toEqual(asRead(call));
        await arrive();
        // the same bytes were quarantined for RM_b: they are one payload
        arrived += { 'new fact': 1, repeat: 1, payload: 0, 'the payload again': 0, release: -1 }[name]!;
        expect(await store.readCall('RM_a'), name).toBeNull();
        expect(await store.lastMeasured('RM_a'), name).toEqual(asRead(call));
      }
    });

    test('that come with the events they were measured from are fresh', async () => {
      await store.append([anEvent('1')], [], []);
      expect(await store.lastMeasured('RM_a')).toBeNull();
      const open = aCall('RM_a', { facets: '{"status":"active"}', arrivals: 2 });
      await store.append([anEvent('2')], [], [open]);
      expect(await store.readCall('RM_a')).toEqual(asRead(open));
      await store.append([anEvent('3')], [], [aCall('RM_a', { revision: 2, arrivals: 3 })]);
      expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a', { revision: 2, arrivals: 3 })));
    });

    test('that were measured from less than is stored are kept, but stale: another process has added since', async () => {
      await store.append([anEvent('1'), anEvent('2'), anEvent('2')], [], []);
      await store.append([], [], [aCall('RM_a', { arrivals: 2 })]);
      expect(await store.readCall('RM_a')).toBeNull();
      expect(await store.lastMeasured('RM_a')).toEqual(asRead(aCall('RM_a', { arrivals: 2 })));
      await store.append([], [], [aCall('RM_a', { arrivals: 3 })]);
      expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a', { arrivals: 3 })));
    });

    test('of a room without events are not kept', async () => {
      await store.append([], [aPayload('?', 'RM_q')], [aCall('RM_q'), aCall('RM_z')]);
      expect(await store.lastMeasured('RM_q')).toBeNull();
      expect(await store.readRoom('RM_q')).toEqual({ roomSid: 'RM_q', events: [], duplicates: 0, quarantined: 1 });
      expect(await store.listCalls({ limit: 9 })).toEqual([]);
    });

    test('are listed by first sign, then sid, page by page', async () => {
      const starts = { RM_d: T, RM_b: T + 5, RM_c: T, RM_a: T - 1000, RM_e: -3 };
      await store.append(
        Object.entries(starts).map(([roomSid, at]) => anEvent('1', { roomSid, at })),
        [],
        [aCall('RM_c')],
      );
      const listed = [];
      let after = null;
      while (true) {
        const page = await store.listCalls({ after, limit: 2 });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(2);
        listed.push(...page);
        after = page.at(-1)!;
      }
      expect(listed.map((call) => call.roomSid)).toEqual(['RM_e', 'RM_a', 'RM_c', 'RM_d', 'RM_b']);
      expect(listed.map((call) => call.firstAt)).toEqual([-3, T - 1000, T, T, T + 5]);
      const { facets, configHash } = aCall('RM_c');
      expect(listed.map((call) => call.measured)).toEqual([null, null, { facets, configHash }, null, null]);
      expect(await store.listCalls({ toMeasure: true, limit: 9 })).toEqual(listed.toSpliced(2, 1));
      const backwards = await store.listCalls({ newestFirst: true, limit: 9 });
      expect(backwards).toEqual(listed.toReversed());
      expect(await store.listCalls({ newestFirst: true, after: listed[3], limit: 2 })).toEqual([listed[2], listed[1]]);
      expect(await store.listCalls({ from: T - 1000, until: T + 5, limit: 9 })).toEqual(listed.slice(1, 4));
      expect(await store.listCalls({ from: T, until: T + 5, newestFirst: true, limit: 9 })).toEqual([
        listed[3],
        listed[2],
      ]);
    });

    test('are listed with their figures, where these are asked for', async () => {
      await store.append([anEvent('1'), anEvent('1', { roomSid: 'RM_b' })], [], [aCall('RM_a')]);
      const listed = await store.listCalls({ withFigures: true, limit: 9 });
      const { facets, figures, configHash } = aCall('RM_a');
      expect(listed.map(({ measured }) => measured)).toEqual([{ facets, figures, configHash }, null]);
      await store.append([anEvent('2')], [], [aCall('RM_a', { arrivals: 2, figures: '{"version":2}' })]);
      const [again] = await store
        .listCalls({ withFigures: true, newestFirst: true, until: T + 1, limit: 9 })
        .then((all) => all.toReversed());
      expect(again!.measured!.figures).toBe('{"version":2}');
    });

    test('are listed with the earliest instant, the first name that was told, and no row once stale', async () => {
      await store.append([anEvent('1')], [], [aCall('RM_a')]);
      expect(await store.listCalls({ limit: 1 })).toEqual([
        {
          roomSid: 'RM_a',
          roomName: null,
          firstAt: T,
          measured: { facets: aCall('RM_a').facets, configHash: 'c0ffee' },
        },
      ]);
      await store.append([anEvent('2', { roomName: 'demo', at: T - 7 }), anEvent('3', { roomName: 'other' })], [], []);
      await store.append([anEvent('4', { roomName: 'another', at: T + 9 })], [], []);
      expect(await store.listCalls({ limit: 1 })).toEqual([
        { roomSid: 'RM_a', roomName: 'demo', firstAt: T - 7, measured: null },
      ]);
    });
  });

  describe('events that name the room only by name', () => {
    const at = (ms: number) => ({ at: T + ms });
    const room = (roomSid: string, ms: number) => anEvent(`start ${roomSid}`, { roomSid, roomName: 'demo', ...at(ms) });
    const named = (fact: string, ms: number) => anEvent(fact, { roomSid: '', roomName: 'demo', ...at(ms) });

    test('belong to the room of that name open at the time', async () => {
      await store.append([named('during the first', 30_000), named('before all', -60_000)], [], []);
      await store.append([room('RM_1', 0), named('as the second starts', 99_001), room('RM_2', 100_000)], [], []);
      await store.append([named('just before', 99_000), named('long after', 1e9)], [], []);
      await store.append([anEvent('x', { roomSid: 'RM_x', roomName: 'other' })], [], []);
      expect(await facts(store, 'RM_1')).toEqual(['during the first', 'before all', 'start RM_1', 'just before']);
      expect(await facts(store, 'RM_2')).toEqual(['as the second starts', 'start RM_2', 'long after']);
      expect(await facts(store, 'RM_x')).toEqual(['x']);
      expect(await store.roomsNamed('demo')).toEqual(['RM_1', 'RM_2']);
      expect(await store.roomsNamed('nobody')).toEqual([]);
      expect(await store.counts()).toMatchObject({ events: 8, rooms: 3, unassigned: 5 });
    });

    test('bring their repeats along', async () => {
      await store.append([room('RM_1', 0), named('1', 5), named('1', 5), { ...named('1', 5), id: 'EV_0' }], [], []);
      const history = (await store.readRoom('RM_1'))!;
      expect(history.duplicates).toBe(2);
      expect(history.events.map((event) => event.id)).toEqual(['EV_start RM_1', 'EV_0']);
    });

    test('without a name belong to nobody and are counted', async () => {
      const lost = anEvent('1', { roomSid: '', roomName: null });
      expect((await store.append([lost, lost], [], [])).fresh).toEqual([true, false]);
      expect(await store.counts()).toEqual({ events: 1, rooms: 0, duplicates: 1, quarantined: 0, unassigned: 1 });
      expect(await store.readRoom('')).toBeNull();
      expect(await store.listCalls({ limit: 9 })).toEqual([]);
    });

    test('leave the other calls of that name fresh', async () => {
      const sids = ['RM_1', 'RM_2', 'RM_3', 'RM_4'];
      await store.append(
        sids.map((sid, i) => room(sid, i * 100_000)),
        [],
        sids.map((sid) => aCall(sid)),
      );
      const fresh = async () =>
        (await store.listCalls({ limit: 9 })).filter((call) => call.measured).map((call) => call.roomSid);
      await store.append([named('1', 150_000)], [], []);
      expect(await fresh()).toEqual(['RM_1', 'RM_3', 'RM_4']);
      await store.append([named('as the third starts', 199_001)], [], []);
      expect(await fresh()).toEqual(['RM_1', 'RM_4']);
      await store.append([room('RM_5', 400_000)], [], [aCall('RM_5')]);
      expect(await fresh()).toEqual(['RM_1', 'RM_5']);
    });

    // The two laws of this contract that no example can exhaust, told by the rule in words, not by the store's SQL.
    test('law: each has one owner, and a fresh call has seen the whole history of its room', async () => {
      const ms = fc.integer({ min: -4, max: 4 }).map((n) => T + n * 500);
      const arrival = fc.oneof(
        fc.record({ sid: fc.constantFrom('1', '2', '3'), name: fc.constantFrom('x', 'y', null), at: ms }),
        fc.record({ sid: fc.constant(''), name: fc.constantFrom('x', 'y'), at: ms }),
      );
      const batches = fc.array(fc.array(arrival, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (script) => {
          const prefix = `${run++}.`;
          const rooms = new Map<string, { name: string | null; firstAt: number }>();
          const unowned = new Map<string, { name: string; at: number }>();
          for (const batch of script) {
            const events = batch.map(({ sid, name, at }) =>
              anEvent(`${prefix} ${sid ? '' : 'by name'} ${name} ${at}`, {
                roomSid: sid && prefix + sid,
                roomName: name && prefix + name,
                at,
              }),
            );
            await store.append(events, [], []);
            for (const { roomSid, roomName, at, fact } of events) {
              const known = rooms.get(roomSid) ?? { name: null, firstAt: at };
              if (roomSid === '') unowned.set(fact, { name: roomName!, at });
              else rooms.set(roomSid, { name: known.name ?? roomName, firstAt: Math.min(known.firstAt, at) });
            }
            const owners = new Map<string, number>();
            for (const { name, at } of unowned.values()) {
              const namesakes = [...rooms].filter(([, room]) => room.name === name);
              namesakes.sort(([a, x], [b, y]) => x.firstAt - y.firstAt || (a < b ? -1 : 1));
              const owner = namesakes.findLast(([, room]) => room.firstAt <= at + 999) ?? namesakes[0];
              if (owner) owners.set(owner[0], (owners.get(owner[0]) ?? 0) + 1);
            }
            for (const sid of rooms.keys()) {
              const history = await store.readRoom(sid);
              const byName = history!.events.filter((event) => event.fact.includes('by name')).length;
              expect(byName).toBe(owners.get(sid) ?? 0);
              const seen = JSON.stringify(history);
              const measured = await store.readCall(sid);
              if (measured) expect(measured.metrics).toBe(seen);
              else await store.append([], [], [aCall(sid, { metrics: seen })]);
            }
          }
        }),
        { numRuns: 30 },
      );
    });
  });

  test('says whether it can be written', async () => {
    await store.assertWritable();
    await store.close();
    await expect(store.assertWritable()).rejects.toMatchObject({ code: 'closed' });
  });

  describe('quarantine', () => {
    test('keeps text as text and bytes as bytes, each once, with how often it came', async () => {
      const bytes = new Uint8Array([0xff, 0x00, 0xfe]);
      await store.append([], [aPayload('{"half'), aPayload(bytes, 'RM_a'), aPayload('{"half')], []);
      await store.append([], [aPayload('{"half')], []);
      const [text, blob] = await store.listQuarantined(0, 9);
      expect(text).toEqual({ ...aPayload('{"half'), seq: text!.seq, times: 3, sha256: expect.any(Uint8Array) });
      expect(new Uint8Array(text!.sha256)).toEqual(aPayload('{"half').sha256);
      expect(new Uint8Array(blob!.body as Uint8Array)).toEqual(bytes);
      expect(blob).toMatchObject({ times: 1, reason: { roomSid: 'RM_a' } });
      expect((await store.readRoom('RM_a'))!.quarantined).toBe(1);
      expect((await store.counts()).quarantined).toBe(2);
    });

    test('is paged, and lets go of what was understood', async () => {
      await store.append(
        [],
        ['a', 'b', 'c'].map((body) => aPayload(body, 'RM_a')),
        [],
      );
      const first = await store.listQuarantined(0, 2);
      const rest = await store.listQuarantined(first[1]!.seq, 2);
      expect([...first, ...rest].map((payload) => payload.body)).toEqual(['a', 'b', 'c']);
      expect((await store.listQuarantined(0, 2, true)).map((payload) => payload.body)).toEqual(['c', 'b']);
      await store.releaseQuarantined([first[0]!.seq, rest[0]!.seq, 999]);
      expect((await store.listQuarantined(0, 9)).map((payload) => payload.body)).toEqual(['b']);
      expect((await store.readRoom('RM_a'))!.quarantined).toBe(1);
    });

    test('never gives the number of a released payload to another', async () => {
      await store.append([], [aPayload('a')], []);
      const [a] = await store.listQuarantined(0, 1);
      await store.releaseQuarantined([a!.seq]);
      await store.append([], [aPayload('b')], []);
      await store.releaseQuarantined([a!.seq]);
      expect((await store.listQuarantined(0, 9)).map((payload) => payload.body)).toEqual(['b']);
    });
  });

  describe('two at once', () => {
    let other: Store;
    beforeEach(() => {
      other = place.open();
    });
    afterEach(() => other.close());

    test('see each other’s events, and a fact is new only once', async () => {
      expect((await store.append([anEvent('1')], [], [aCall('RM_a')])).fresh).toEqual([true]);
      expect((await other.append([anEvent('1'), anEvent('2')], [], [])).fresh).toEqual([false, true]);
      expect(await facts(store, 'RM_a')).toEqual(['1', '2']);
      expect(await store.readCall('RM_a')).toBeNull();
      expect(await store.counts()).toEqual(await other.counts());
    });

    test('tell when the other has written since the last look', async () => {
      expect(store.changedElsewhere()).toBe(false);
      await store.append([anEvent('1')], [], []);
      expect(store.changedElsewhere()).toBe(false);
      expect(other.changedElsewhere()).toBe(true);
      expect(other.changedElsewhere()).toBe(false);
      await other.append([anEvent('2')], [], []);
      await store.append([anEvent('3')], [], []);
      expect(store.changedElsewhere()).toBe(true);
      expect(store.changedElsewhere()).toBe(false);
    });

    test('the other goes on when one is closed', async () => {
      await other.close();
      expect((await store.append([anEvent('1')], [], [])).fresh).toEqual([true]);
    });
  });

  test('refuses everything after close, and may be closed twice', async () => {
    await store.close();
    await store.close();
    const closed = { code: 'closed' };
    await expect(store.append([anEvent('1')], [], [])).rejects.toMatchObject(closed);
    await expect(store.readRoom('RM_a')).rejects.toMatchObject(closed);
    await expect(store.roomsNamed('demo')).rejects.toMatchObject(closed);
    await expect(store.readCall('RM_a')).rejects.toMatchObject(closed);
    await expect(store.lastMeasured('RM_a')).rejects.toMatchObject(closed);
    await expect(store.listCalls({ limit: 1 })).rejects.toMatchObject(closed);
    await expect(store.listQuarantined(0, 1)).rejects.toMatchObject(closed);
    await expect(store.releaseQuarantined([1])).rejects.toMatchObject(closed);
    await expect(store.counts()).rejects.toMatchObject(closed);
    expect(() => store.changedElsewhere()).toThrow(expect.objectContaining(closed));
  });
}
