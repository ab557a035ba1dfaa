/** Egresses, ingresses and agent jobs of which events were lost. */
import { describe, expect, test } from 'vitest';
import {
  BEGIN,
  egress,
  finished,
  gapsOf,
  ingress,
  job,
  ms,
  ns,
  type Payload,
  resolved,
  resolvedAt,
  started,
} from './story.ts';

const second = (at: number) => (at - BEGIN * 1000) / 1000;
function only(...story: Payload[]) {
  const call = resolved(started(0), ...story, finished(30));
  const { span, state, ...facts } = call.egresses[0]!;
  const ends = span && { start: second(span.start.at), end: second(span.end.at) };
  return { call, state, span: ends, ...facts };
}
const active = (at: number, more: Payload = {}) => egress('updated', at, { status: 'EGRESS_ACTIVE', ...more });
const complete = (at: number, more: Payload = {}) => egress('ended', at, { status: 'EGRESS_COMPLETE', ...more });

describe('an egress’ active span', () => {
  test('goes by its results, before its info, before its events', () => {
    const results = { fileResults: [{ startedAt: ns(6), endedAt: ns(20) }] };
    const info = { startedAt: ns(5), endedAt: ns(21) };
    const events = [egress('started', 4, { startedAt: ns(4) }), active(7)];
    expect(only(...events, complete(22, { ...info, ...results })).span).toEqual({ start: 6, end: 20 });
    expect(only(...events, complete(22, info)).span).toEqual({ start: 5, end: 21 });
    expect(only(...events, complete(22)).span).toEqual({ start: 7, end: 22 });
  });

  test('has all its boundaries observed, whatever tells the instants', () => {
    expect(only(egress('started', 4), active(5), complete(22)).call.boundaries).toEqual({ expected: 4, observed: 4 });
  });

  test('is not begun by its mere request', () => {
    const { span, call } = only(egress('started', 4), complete(22));
    expect(span).toEqual({ start: 4, end: 22 });
    expect(gapsOf(call)).toEqual(['egress EG_1 egress_updated [4, 22.999]']);
  });

  test('of one that failed before it began is none: only its end is expected', () => {
    const { span, state, call } = only(egress('started', 4), egress('ended', 5, { status: 'EGRESS_FAILED' }));
    expect([span, state]).toEqual([null, 'failed']);
    expect(call.boundaries).toEqual({ expected: 3, observed: 3 });
  });

  test('that ends before it began is not believed', () => {
    const { absurd, call } = only(
      active(5),
      complete(22, { fileResults: [{ startedAt: ns(6), duration: '-5000000000' }] }),
    );
    expect(absurd).toBe(true);
    expect(gapsOf(call)).toContain('egress EG_1 duration');
  });
});

describe('a lost event of an egress', () => {
  test('egress_ended: it ran at most to the room’s end, and may have failed', () => {
    const { span, mayHaveFailed, state, call } = only(egress('started', 4), active(5));
    expect(span).toEqual({ start: 5, end: 30 });
    expect([mayHaveFailed, state]).toEqual([true, 'ended']);
    expect(gapsOf(call)).toEqual(['egress EG_1 egress_ended [5, 30.999]']);
  });

  test('all but egress_ended: its results are exact', () => {
    const { span, call } = only(complete(22, { fileResults: [{ startedAt: ns(6), endedAt: ns(20) }] }));
    expect(span).toEqual({ start: 6, end: 20 });
    expect(gapsOf(call)).toEqual(['egress EG_1 egress_started [6, 6]']);
  });

  test('all but an egress_ended that tells nothing: it began within the room', () => {
    expect(gapsOf(only(complete(22)).call)).toEqual(['egress EG_1 egress_started [0, 22.999]']);
  });

  test('none while the room is open', () => {
    const call = resolvedAt(25, [started(0), egress('started', 4), active(5)]);
    expect(gapsOf(call)).toEqual([]);
    expect(call.egresses[0]!.span).toMatchObject({ open: true });
  });
});

test('a status that the final event does not tell follows from its error', () => {
  expect(only(active(5), egress('ended', 22)).status).toBe('EGRESS_COMPLETE');
  expect(only(active(5), egress('ended', 22, { error: 'disk full' })).status).toBe('EGRESS_FAILED');
});

test('an egress’ start before the room is not believed', () => {
  const { span, call } = only(active(5), complete(22, { startedAt: ms(-61) }));
  expect(span).toEqual({ start: 5, end: 22 });
  expect(gapsOf(call)).toEqual(['egress EG_1 egressInfo.startedAt']);
});

describe('an ingress', () => {
  const gaps = (...story: Payload[]) => gapsOf(resolved(started(0), ...story, finished(30)));

  test('whose start was lost begins by its own word, else within the room', () => {
    expect(gaps(ingress('ended', 20, { state: { startedAt: ns(5) } }))).toEqual([
      'ingress IN_1 ingress_started [5, 5]',
    ]);
    expect(gaps(ingress('ended', 20))).toEqual(['ingress IN_1 ingress_started [0, 20.999]']);
  });

  test('whose end was lost ran at most to the room’s end', () => {
    expect(gaps(ingress('started', 5))).toEqual(['ingress IN_1 ingress_ended [5, 30.999]']);
  });

  test('that is reused is several', () => {
    const run = (from: number, to: number, resourceId: string) => [
      ingress('started', from, { state: { resourceId, status: 'ENDPOINT_PUBLISHING' } }),
      ingress('ended', to, { state: { resourceId } }),
    ];
    const call = resolved(started(0), ...run(2, 5, 'RS_1'), ...run(8, 11, 'RS_2'), finished(30));
    expect(call.ingresses.map(({ span }) => [second(span.start.at), second(span.end.at)])).toEqual([
      [2, 5],
      [8, 11],
    ]);
    expect(gapsOf(call)).toEqual([]);
  });
});

test('an agent job’s state is told by what was heard of it', () => {
  const stateOf = (...story: Payload[]) => resolved(started(0), ...story).jobs[0]!.state;
  expect(stateOf(job('started', 2), job('ended', 9))).toBe('ended');
  expect(stateOf(job('ended', 9))).toBe('ended');
  expect(resolvedAt(20, [started(0), job('started', 2)]).jobs[0]!.state).toBe('running');
});

describe('an agent job of which the end was lost', () => {
  const story = [started(0), job('started', 2), finished(30)];

  test('is a gap, though no boundary: nothing else tells when it ended', () => {
    const call = resolved(...story);
    expect(gapsOf(call)).toEqual(['job AJ_1 agent_job_ended [2, Infinity]']);
    expect(call.boundaries).toEqual({ expected: 2, observed: 2 });
  });

  test('is none while the call is on, or where such events are never sent', () => {
    expect(gapsOf(resolvedAt(20, story.slice(0, 2)))).toEqual([]);
    expect(gapsOf(resolvedAt(90, story, { neverSent: ['agent_job_ended'] }))).toEqual([]);
  });
});
