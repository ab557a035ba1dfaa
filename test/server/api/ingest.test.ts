import { afterEach, expect, test, vi } from 'vitest';
import { CallEvaluatorError } from '../../../src/errors.ts';
import { callOf, closeAll, recorded } from './recorded.ts';

afterEach(async () => {
  await closeAll();
  vi.useRealTimers();
});

test('what came in is counted, by type and by what became of it', async () => {
  const { get, evaluator } = await recorded([]);
  const [started, joined, left, finished] = callOf('RM_a', 'room') as [object, object, object, object];
  await evaluator.processEvents([started, left]);
  await evaluator.processEvents([joined, joined, finished, 'nonsense', new Uint8Array([0xff])]);
  const { body } = await get('/v1/ingest');
  expect(body.events).toMatchObject({ stored: 4, duplicates: 1, quarantined: 2, outOfOrder: 1 });
  expect(body.events.byType).toMatchObject({
    room_started: { stored: 1, duplicates: 0 },
    participant_joined: { stored: 1, duplicates: 1 },
    egress_started: { stored: 0, duplicates: 0 },
  });
  expect(body.history).toEqual({ events: 4, rooms: 1, duplicates: 1, quarantined: 2, unassigned: 0 });
  expect(body.rooms).toEqual({ open: 0 });
  expect(body.queue).toEqual({ length: 0 });
  expect(body.lag.count).toBe(4);
  expect(body.storing).toMatchObject({ count: 7 });
  expect(body.storing.p99).toBeLessThan(5);
  expect(body.quarantine.latest).toMatchObject([{ bodyBase64: '/w==' }, { body: 'nonsense' }]);
  expect(Date.parse(body.lastReceivedAt)).toBeCloseTo(Date.now(), -5);
});

test('the lag is the time from the event to the disk', async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 12, 9), toFake: ['Date'] });
  const { get, evaluator } = await recorded([]);
  await evaluator.processEvents(callOf('RM_a', 'room', Date.UTC(2026, 9, 12, 9) / 1000 - 50));
  const { lag } = (await get('/v1/ingest')).body;
  expect(lag).toMatchObject({ count: 4, min: 9, max: 50 });
});

test('a room that has not finished is open', async () => {
  const { get, evaluator } = await recorded([]);
  await evaluator.processEvents(callOf('RM_a', 'room').slice(0, 2));
  await evaluator.processEvents(callOf('RM_b', 'room'));
  expect((await get('/v1/ingest')).body.rooms).toEqual({ open: 1 });
});

test('a sender of endless types is not counted by each', async () => {
  const { get, evaluator } = await recorded([]);
  const room = { sid: 'RM_a', name: 'room' };
  await evaluator.processEvents(
    Array.from({ length: 200 }, (_, i) => ({ event: `type_${i}`, id: `EV_${i}`, createdAt: '1795233600', room })),
  );
  const { byType } = (await get('/v1/ingest')).body.events;
  expect(Object.keys(byType).length).toBeLessThan(70);
  expect(byType.other.stored).toBeGreaterThan(100);
});

test('the quarantine is read page by page', async () => {
  const { get, evaluator } = await recorded([]);
  await evaluator.processEvents(Array.from({ length: 25 }, (_, i) => `bad ${i}`));
  const first = (await get('/v1/quarantine')).body;
  const second = (await get(`/v1/quarantine?after=${first.next}`)).body;
  const bodies = [...first.entries, ...second.entries].map(({ body }: { body: string }) => body);
  expect(bodies).toEqual(Array.from({ length: 25 }, (_, i) => `bad ${i}`));
  expect(second.next).toBeNull();
});

test('a page of the quarantine ends by bytes, and of long bodies the latest shows the beginning', async () => {
  const { get, evaluator } = await recorded([]);
  const large = [9, 5, 6, 1].map((mb) => String(mb).repeat(mb * 1024 * 1024));
  await evaluator.processEvents([...large, new Uint8Array(3_000).fill(0xff)]);
  const pages: string[][] = [];
  for (let next: number | null = 0; next !== null; ) {
    const { body } = await get(`/v1/quarantine?after=${next}`);
    pages.push(body.entries.map((one: { body?: string; bodyBase64: string }) => (one.body ?? one.bodyBase64)[0]));
    next = body.next;
  }
  expect(pages).toEqual([['9'], ['5'], ['6', '1', '/']]);
  const { latest } = (await get('/v1/ingest')).body.quarantine;
  expect(latest[0]).toMatchObject({ cut: true, bodyBase64: Buffer.alloc(2_000, 0xff).toString('base64') });
  expect(latest[1]).toMatchObject({ cut: true, body: '1'.repeat(2_000) });
});

test('Prometheus reads the same', async () => {
  const { get, evaluator } = await recorded([]);
  await evaluator.processEvents([...callOf('RM_a', 'room'), ...callOf('RM_b', 'room').slice(0, 2), 'nonsense']);
  await evaluator.processEvent(callOf('RM_a', 'room')[0]!);
  await get('/v1/calls?nonsense=1');
  const { headers, body } = await get('/metrics');
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = body.split('\n');
  expect(lines).toContain('call_evaluator_events_total{type="room_started",status="stored"} 2');
  expect(lines).toContain('call_evaluator_events_total{type="room_started",status="duplicate"} 1');
  expect(lines).toContain('call_evaluator_events_total{type="unknown",status="quarantined"} 1');
  expect(lines).toContain('call_evaluator_open_rooms 1');
  expect(lines).toContain('call_evaluator_queue_length 0');
  expect(lines).toContain('call_evaluator_event_lag_seconds_count 6');
  expect(lines).toContain('call_evaluator_call_completeness_count 1');
  expect(lines).toContain('call_evaluator_api_request_duration_seconds_count{route="/v1/calls",status="400"} 1');
  expect(lines).toContain('call_evaluator_webhook_requests_total{outcome="forged"} 0');
  expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
  expect(body).not.toContain('nonsense');
});

test('it is ready while events can be stored', async () => {
  const { get, evaluator, api } = await recorded([]);
  expect((await get('/readyz')).body).toEqual({ status: 'ready', queue: 0 });
  const full = new CallEvaluatorError('store_full', 'The disk is full: make room.');
  vi.spyOn(evaluator, 'assertWritable').mockRejectedValue(full);
  expect((await get('/readyz')).status).toBe(200); // proven less than a second ago
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001);
  const { status, headers, body } = await get('/readyz');
  expect([status, headers.get('retry-after'), body.detail]).toEqual([503, '5', 'The disk is full: make room.']);
  vi.restoreAllMocks();
  vi.spyOn(evaluator, 'load').mockReturnValue({ queued: 5_001, openRooms: 0 });
  expect((await get('/readyz')).body.detail).toContain('5001 events wait');
  vi.restoreAllMocks();
  api.close();
  expect((await get('/readyz')).body.detail).toBe('The server is shutting down.');
  expect((await get('/healthz')).body).toEqual({ status: 'up' });
});

test('a store that fails is 503, a fault of our own 500, told in the log alone', async () => {
  const told: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void told.push(fields) };
  const { get, evaluator } = await recorded([], { log });
  vi.spyOn(evaluator, 'listCalls').mockRejectedValueOnce(new CallEvaluatorError('store_busy', 'Locked: try again.'));
  expect(await get('/v1/calls')).toMatchObject({ status: 503, body: { detail: 'Locked: try again.' } });
  vi.spyOn(evaluator, 'listCalls').mockRejectedValueOnce(new TypeError('of our own'));
  const { status, body } = await get('/v1/calls');
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('of our own');
  expect(told).toMatchObject([{ route: '/v1/calls', instance: body.instance, err: { message: 'of our own' } }]);
});

test('when the evaluator has been closed, it is told as a shutdown', async () => {
  const { get, evaluator } = await recorded([]);
  await evaluator.close();
  expect(await get('/v1/calls')).toMatchObject({
    status: 503,
    body: { detail: 'The server is shutting down: ask again.' },
  });
});

test('what the watchdog finds is told: in words, as a number, and in the log without names', async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 12, 9), toFake: ['Date', 'setInterval', 'clearInterval'] });
  const told: unknown[] = [];
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (fields: object, message: string) => void told.push([message, fields]),
  };
  const { get } = await recorded([], { log });
  expect((await get('/v1/ingest')).body.warnings).toEqual([]);
  expect((await get('/metrics')).body).toContain('call_evaluator_warning{code="nothing_received"} 0');
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  const [warning] = (await get('/v1/ingest')).body.warnings;
  expect(warning).toMatchObject({ code: 'nothing_received', since: '2026-10-12T09:10:00.000Z' });
  expect(warning.detail).toContain('Check that LiveKit knows this address');
  expect((await get('/metrics')).body).toContain('call_evaluator_warning{code="nothing_received"} 1');
  expect(told).toEqual([
    ['not as it should be: /v1/ingest says more', { code: 'nothing_received', since: '2026-10-12T09:10:00.000Z' }],
  ]);
});
