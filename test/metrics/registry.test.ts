import { describe, expect, test } from 'vitest';
import type { Metric } from '../../src/metrics/metric.ts';
import { METRICS } from '../../src/metrics/registry.ts';
import { EVENT_TYPES } from '../../src/webhook/event.ts';
import { finished, joined, left, started } from '../call/story.ts';
import { measured } from './measured.ts';

const ALL: readonly Metric[] = METRICS;

/** Every path of metrics.md that stands for a value of its own. Names are fixed: other programs read them. */
const CONTRACT = `
  roomSid roomName status startedAt endedAt duration callDuration connectedDuration agentHumanDuration endReason
  participants.unique participants.sessions participants.peak participants.participantSeconds participants.aborted
  participants.joinSuccessRate participants.byKind participants.list publishers.unique publishers.peak publishers.average
  publishers.publisherSeconds tracks.total tracks.bySource engagement agent.unique agent.presentSeconds agent.expected
  agent.joinLatency agent.firstAudioLatency agent.noShow agent.silent agent.leftFirst agent.aloneSeconds agent.handoffGap
  agent.jobs agentResponseCount response.source response.count response.latency response.methods response.components
  response.rejected conversation tools usage audio.grade audio.issues recording.egresses recording.recordedSeconds
  recording.coverage recording.startLag recording.failed recording.limited sip ingress`.match(/\S+/g)!;

test('has every metric of the contract, under its name', () => {
  expect(ALL.map(({ path }) => path)).toEqual(expect.arrayContaining(CONTRACT));
});

test('has each path once, and none within another', () => {
  const paths = ALL.map(({ path }) => path);
  expect(
    paths.filter((path, i) => paths.some((other, k) => k !== i && (other === path || path.startsWith(`${other}.`)))),
  ).toEqual([]);
});

describe.each(ALL)('$path', ({ path, unit, formula, nullWhen, needs, source }) => {
  test('says its unit, formula, source, and when it is null', () => {
    expect(unit).toMatch(/^\S/);
    expect(formula).toMatch(/^\S.{3,}[^\s]$/);
    expect(formula).toMatch(/\.$/);
    expect(source).toMatch(/^\S/);
    expect(nullWhen).toMatch(/^\S/);
  });

  test('needs only events that there are', () => {
    for (const type of needs) expect(EVENT_TYPES as readonly string[], path).toContain(type);
  });
});

const somebody = [joined(2, 'ana'), left(9, 'ana')];
test.each([
  ['a call of nothing but its room', [started(0), finished(300)]],
  ['a call of one human', [started(0), ...somebody, finished(30)]],
  ['an open room', [started(0)]],
  ['a room of which only the end is known', [finished(30)]],
])('%s has a value at every path, null only where the metric says so', (_, story) => {
  const metrics = measured(...story);
  for (const { path, nullWhen, schema } of ALL) {
    const value = path
      .split('.')
      .reduce((node: unknown, key) => (node as Record<string, unknown> | undefined)?.[key], metrics);
    expect(value, path).toBeDefined();
    if (nullWhen === 'never') expect(value, path).not.toBeNull();
    expect(() => schema.parse(value), path).not.toThrow();
  }
});
