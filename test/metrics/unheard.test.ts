/** The sender's filter holds events back: what they alone would tell is not known to be nothing. */
import { expect, test } from 'vitest';
import { finished, joined, left, started } from '../call/story.ts';
import { measuredAt } from './measured.ts';

const STORY = [started(0), joined(1, 'ana'), joined(2, 'agent-1'), left(20, 'agent-1'), left(20, 'ana'), finished(40)];
const evidenceWithout = (...neverSent: string[]) => measuredAt(60, STORY, { neverSent }).evidence;

test('of tracks', () => {
  const { bounds, uncertain, completeness } = evidenceWithout('track_published', 'track_unpublished');
  expect(completeness).toBe(1);
  expect(bounds).toMatchObject({ 'tracks.total': [0, null], 'response.count': [0, null] });
  expect(uncertain).toEqual(expect.arrayContaining(['agent.silent', 'audio.grade', 'response.latency', 'engagement']));
  expect(bounds).not.toHaveProperty('callDuration');
});

test('of recordings', () => {
  const { bounds, uncertain } = evidenceWithout('egress_started', 'egress_updated', 'egress_ended');
  expect(bounds).toMatchObject({ 'recording.coverage': [0, 1], 'recording.failed': [0, null] });
  expect(uncertain).toEqual(['recording.egresses']);
});

test('of tries that were aborted', () => {
  expect(evidenceWithout('participant_connection_aborted').bounds).toEqual({ 'participants.aborted': [0, null] });
});

test('nothing is, where another event tells it', () => {
  expect(evidenceWithout('track_unpublished', 'egress_updated')).toMatchObject({ bounds: {}, uncertain: [] });
});
