import { afterEach, describe, expect, test, vi } from 'vitest';
import { callOf, closeAll, KEY, liveKitToken, recorded, SECRET, TOKEN } from './recorded.ts';

afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

interface Told {
  event?: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, the test says
  data?: any;
}

/** A stream as a browser reads it. */
class Listener {
  lastEventId: string | null = null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = '';

  constructor(response: Response) {
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    this.#reader = response.body!.getReader();
  }

  /** The next event; null at the end. */
  async next(): Promise<Told | null> {
    while (true) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
        this.lastEventId = fields.get('id') ?? this.lastEventId;
        if (!fields.has('data')) continue; // a heartbeat
        return { event: fields.get('event')!, id: fields.get('id')!, data: JSON.parse(fields.get('data')!) };
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += new TextDecoder().decode(value);
    }
  }

  async take(count: number): Promise<Told[]> {
    const told: Told[] = [];
    while (told.length < count) told.push((await this.next())!);
    return told;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

type Served = Awaited<ReturnType<typeof recorded>>;
async function listen({ api }: Served, headers: Record<string, string> = {}, query = ''): Promise<Listener> {
  return new Listener(await api.fetch(new Request(`http://localhost/v1/live${query}`, { headers })));
}

test('what happens to calls is told as it happens', async () => {
  const served = await recorded([]);
  const listener = await listen(served);
  const [started, ...rest] = callOf('RM_a', 'support');
  await served.evaluator.processEvent(started!);
  expect(await listener.next()).toMatchObject({
    event: 'callChanged',
    data: { roomSid: 'RM_a', roomName: 'support', types: ['room_started'] },
  });
  await served.evaluator.processEvents(rest);
  const [changed, finished] = await listener.take(2);
  expect(changed!.data.types).toEqual(['participant_joined', 'participant_left', 'room_finished']);
  expect(finished).toMatchObject({ event: 'callFinished', data: { roomSid: 'RM_a', revision: 0, duration: 41 } });
  const { calls } = (await served.get('/v1/calls')).body;
  expect(finished!.data).toEqual(calls[0]); // as lists show it
});

test('a late event tells the call anew, with a higher revision', async () => {
  const served = await recorded([]);
  const listener = await listen(served);
  const [started, joined, left, finished] = callOf('RM_a', 'support');
  await served.evaluator.processEvents([started!, joined!, finished!]);
  const [, first] = await listener.take(2);
  await served.evaluator.processEvent(left!);
  const [, second] = await listener.take(2);
  expect([first!.data.revision, second!.data.revision]).toEqual([0, 1]);
  expect(second!.data.completeness).toBeGreaterThan(first!.data.completeness);
});

describe('resuming', () => {
  test('gives what was missed, once, in order', async () => {
    const served = await recorded([]);
    const first = await listen(served);
    await served.evaluator.processEvents(callOf('RM_a', 'support'));
    await first.take(2);
    const { lastEventId } = first;
    await first.cancel();
    await served.evaluator.processEvents(callOf('RM_b', 'support'));
    await served.evaluator.processEvents(callOf('RM_c', 'support'));
    const waiting = await listen(served); // everything has been told when it is told this
    await waiting.take(4);
    const again = await listen(served, { 'last-event-id': lastEventId! });
    const missed = await again.take(4);
    expect(missed.map(({ event, data }) => [event, data.roomSid])).toEqual([
      ['callChanged', 'RM_b'],
      ['callFinished', 'RM_b'],
      ['callChanged', 'RM_c'],
      ['callFinished', 'RM_c'],
    ]);
    expect(missed.map(({ id }) => Number(id!.split('-')[1]))).toEqual([3, 4, 5, 6]);
    await served.evaluator.processEvents(callOf('RM_d', 'support'));
    expect((await again.next())!.data.roomSid).toBe('RM_d');
  });

  test('at the last event gives nothing', async () => {
    const served = await recorded([]);
    const first = await listen(served);
    await served.evaluator.processEvents(callOf('RM_a', 'support'));
    await first.take(2);
    const again = await listen(served, { 'last-event-id': first.lastEventId! });
    await served.evaluator.processEvents(callOf('RM_b', 'support'));
    expect((await again.next())!.data.roomSid).toBe('RM_b');
  });

  test.each(['0123456789ab-1', 'nonsense', '-1', '', '{"a":1}'])(
    'at %j, of another run, says to fetch anew',
    async (id) => {
      const served = await recorded([]);
      const listener = await listen(served, { 'last-event-id': id });
      const reset = await listener.next();
      expect(reset).toMatchObject({ event: 'reset', data: {} });
      const again = await listen(served, { 'last-event-id': reset!.id! });
      await served.evaluator.processEvents(callOf('RM_a', 'support'));
      expect((await again.next())!.event).toBe('callChanged'); // no second reset
    },
  );

  test('at one that is too old says to fetch anew', async () => {
    const served = await recorded([]);
    const listener = await listen(served);
    await served.evaluator.processEvents(callOf('RM_first', 'support'));
    await listener.take(2);
    const old = listener.lastEventId!;
    for (let i = 0; i < 3; i++) {
      const calls = Array.from({ length: 200 }, (_, n) => callOf(`RM_${i}_${n}`, 'support')).flat();
      await served.evaluator.processEvents(calls);
      await listener.take(400);
    }
    expect((await (await listen(served, { 'last-event-id': old })).next())!.event).toBe('reset');
    const recent = await listen(served, {
      'last-event-id': listener.lastEventId!.replace(/\d+$/, (n) => `${Number(n) - 1000}`),
    });
    expect(await recent.take(1000)).toHaveLength(1000);
  });
});

describe('of what concerns the reader alone', () => {
  const calls = [...callOf('RM_a', 'support'), ...callOf('RM_b', 'sales'), ...callOf('RM_c', 'support')];

  test('one call, by its sid', async () => {
    const served = await recorded([]);
    const listener = await listen(served, {}, '?room=RM_b');
    await served.evaluator.processEvents(calls);
    expect((await listener.take(2)).map(({ data }) => data.roomSid)).toEqual(['RM_b', 'RM_b']);
  });

  test('one room, by its token; also what it has missed', async () => {
    const served = await recorded([], { token: TOKEN, keys: { [KEY]: SECRET } });
    const sales = await liveKitToken({ roomAdmin: true, room: 'sales' });
    const listener = await listen(served, sales);
    await served.evaluator.processEvents(calls);
    expect((await listener.take(2)).map(({ data }) => data.roomSid)).toEqual(['RM_b', 'RM_b']);
    const all = await listen(served, { authorization: `Bearer ${TOKEN}` });
    await served.evaluator.processEvents(callOf('RM_d', 'support'));
    await all.take(2);
    const boot = listener.lastEventId!.split('-')[0];
    const again = await listen(served, { ...sales, 'last-event-id': `${boot}-0` });
    await served.evaluator.processEvents(callOf('RM_e', 'sales'));
    expect((await again.take(4)).map(({ data }) => data.roomSid)).toEqual(['RM_b', 'RM_b', 'RM_e', 'RM_e']);
  });

  test('a call whose name is not known yet is nobody’s', async () => {
    const served = await recorded([], { token: TOKEN, keys: { [KEY]: SECRET } });
    const listener = await listen(served, await liveKitToken({ roomAdmin: true, room: 'support' }));
    const track = { sid: 'TR_1', type: 'AUDIO' };
    const participant = { sid: 'PA_1', identity: 'ana' };
    await served.evaluator.processEvent({
      ...{ event: 'track_published', id: 'EV_1', createdAt: '1795233600' },
      ...{ room: { sid: 'RM_a' }, participant, track },
    });
    await new Promise((done) => setTimeout(done, 250));
    await served.evaluator.processEvents(callOf('RM_a', 'support'));
    expect((await listener.next())!.data.types).toContain('room_started');
  });
});

describe('bounds', () => {
  test('so many streams and no more', async () => {
    const served = await recorded([], {}, { streams: 2 });
    const first = await listen(served);
    await listen(served);
    const { status, headers, body } = await served.get('/v1/live');
    expect([status, headers.get('retry-after')]).toEqual([503, '30']);
    expect(body.detail).toContain('2 live streams are open');
    await first.cancel();
    await listen(served);
    expect((await served.get('/v1/ingest')).body.live).toEqual({ streams: 2 });
  });

  test('so many of one room’s tokens; others have theirs', async () => {
    const served = await recorded([], { token: TOKEN, keys: { [KEY]: SECRET } }, { streamsOfRoom: 2 });
    const sales = await liveKitToken({ roomAdmin: true, room: 'sales' });
    const first = await listen(served, sales);
    await listen(served, sales);
    const { status, body } = await served.get('/v1/live', sales);
    expect([status, body.detail]).toEqual([503, expect.stringContaining('2 live streams of this room are open')]);
    await listen(served, await liveKitToken({ roomAdmin: true, room: 'support' }));
    for (let i = 0; i < 3; i++) await listen(served, { authorization: `Bearer ${TOKEN}` });
    await first.cancel();
    await listen(served, sales);
  });

  test('a reader that does not read is cut', async () => {
    const served = await recorded([], {}, { waitingBytes: 10_000 });
    const response = await served.api.fetch(new Request('http://localhost/v1/live'));
    const quick = await listen(served);
    for (let i = 0; i < 40; i++) {
      const before = served.evaluator.processEvents(callOf(`RM_${i}`, 'support'));
      await before;
      await quick.take(2);
    }
    await expect(response.body!.getReader().read()).rejects.toThrow('The reader is too slow.');
    expect((await served.get('/v1/ingest')).body.live).toEqual({ streams: 1 });
  });

  test('a token’s end is the stream’s', async () => {
    const served = await recorded([], { keys: { [KEY]: SECRET } }, { heartbeatMs: 20 });
    const listener = await listen(served, await liveKitToken({ roomList: true }, { ttl: 60 }));
    vi.useFakeTimers({ now: Date.now() + 121_000, toFake: ['Date'] });
    expect(await listener.next()).toBeNull();
  });

  test('heartbeats keep it open, and carry the position', async () => {
    const served = await recorded([], {}, { heartbeatMs: 20 });
    const response = await served.api.fetch(new Request('http://localhost/v1/live'));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toMatch(/^retry: 3000\n: \nid: \w+-0\n\n$/);
    expect((await reader.read()).value).toMatch(/^: \nid: \w+-0\n\n$/);
    await reader.cancel();
  });

  test('the server’s end is the stream’s', async () => {
    const served = await recorded([]);
    const listener = await listen(served);
    served.api.close();
    expect(await listener.next()).toBeNull();
  });
});
