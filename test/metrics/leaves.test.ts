import { beforeAll, describe, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/index.ts';
import { knownPaths } from '../../src/metrics/explain.ts';
import { leavesOf } from '../../src/metrics/leaves.ts';
import { replayFiles } from '../../src/replay/replay.ts';
import { finished, job, joined, left, published, started, unpublished } from '../call/story.ts';
import { measured } from './measured.ts';

const calls: CallMetrics[] = [];
beforeAll(async () => {
  const files = [
    'lost-left',
    'lost-joined',
    'lost-room-finished',
    'egress-failed',
    'agent-turns',
    'sip-inbound',
    'ingress',
  ];
  await replayFiles(
    files.map((name) => `fixtures/${name}.ndjson`),
    { now: new Date('2026-12-01T00:00:00Z'), onMetrics: (json) => void calls.push(JSON.parse(json)) },
  );
});

const call = measured(
  started(0),
  joined(2, 'ana'),
  published(3, 'ana'),
  job('started', 4),
  unpublished(8, 'ana'),
  left(9, 'ana'),
  finished(29),
);
const leaves = leavesOf(call);
const at = (path: string) => leaves.find((leaf) => leaf.path === path);

describe('the leaves of a call', () => {
  test('are spelled as evidence spells its bounds', () => {
    const bounded = calls.filter(({ evidence }) => Object.keys(evidence.bounds).length > 0);
    expect(bounded.length).toBeGreaterThan(2);
    for (const metrics of bounded) {
      const paths = leavesOf(metrics).map(({ path }) => path);
      for (const bound of Object.keys(metrics.evidence.bounds)) {
        // what is null as a whole has no parts
        const isHere = paths.some((path) => path === bound || path.startsWith(`${bound}.`));
        expect([bound, isHere]).toEqual([bound, true]);
      }
    }
  });

  test('have paths that the schema knows, each once', () => {
    const known = new Set(knownPaths().map(({ path }) => path));
    for (const metrics of calls) {
      const found = leavesOf(metrics);
      expect(found.filter(({ general }) => !known.has(general))).toEqual([]);
      expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
    }
  });

  test('are numbers, instants, flags and enums', () => {
    expect(at('callDuration')).toEqual({ path: 'callDuration', general: 'callDuration', unit: 's', value: 7 });
    expect(at('participants.list[identity=ana].sessions[sid=PA_ana].leftAt')).toMatchObject({
      general: 'participants.list[identity=*].sessions[sid=*].leftAt',
      unit: 'instant',
      value: '2026-01-05T09:00:09.000Z',
    });
    expect(at('tracks.bySource.microphone.seconds')).toMatchObject({ general: 'tracks.bySource.*.seconds', value: 5 });
    expect(at('agent.jobs[id=AJ_1].startedAt')).toMatchObject({ unit: 'instant' });
    expect(at('agent.leftFirst')).toMatchObject({ unit: 'flag', value: null });
    expect(at('endReason.class')).toMatchObject({ unit: 'enum' });
    expect(at('wait.total')).toMatchObject({ unit: 's', value: null });
  });

  test('but no texts, nor entries of lists that nothing tells apart', () => {
    expect(at('roomName')).toBeUndefined();
    expect(leaves.filter(({ path }) => /^(audio\.issues|usage|evidence|custom)/.test(path))).toEqual([]);
  });
});
