/** What the caller waited for: the parts and their sum, worked out by hand. */
import { describe, expect, test } from 'vitest';
import { finished, job, joined, left, type Payload, published, started, unpublished } from '../call/story.ts';
import { measured } from './measured.ts';

const AUDIO = { mimeType: 'audio/red' };
/** Ana comes at 2 s, the agent at 5 s, and can be heard from 6 s on. */
const CALL = [started(0), joined(2, 'ana'), joined(5, 'agent-1'), published(6, 'agent-1', AUDIO), left(30, 'ana')];
const END = [left(30, 'agent-1'), finished(50)];
const waitOf = (...story: Payload[]) => measured(...story).wait;

test('without telemetry it ends where the agent can be heard; who dispatched it, and when, is not known', () => {
  expect(waitOf(...CALL, ...END)).toEqual({
    total: 4,
    dispatch: null,
    agentStart: null,
    audioPublication: 1,
    firstWord: null,
    llmTtft: null,
    ttsTtfb: null,
    unknown: 3,
  });
});

test('the job’s start divides the way of the agent into the room', () => {
  const begun = job('started', 3, {
    state: { status: 'JS_RUNNING', startedAt: String((Date.UTC(2026, 0, 5, 9) + 3500) * 1e6) },
  });
  expect(waitOf(...CALL, begun, ...END)).toMatchObject({ total: 4, dispatch: 1.5, agentStart: 1.5, unknown: 0 });
});

test('an agent that was there before waited, not the caller', () => {
  const story = [started(0), joined(1, 'agent-1'), published(2, 'agent-1', AUDIO), joined(5, 'ana'), left(30, 'ana')];
  expect(waitOf(...story, ...END)).toMatchObject({ total: 0, audioPublication: 0, unknown: 0 });
});

test('nobody waits where nobody came, and nobody knows for how long where no agent was heard', () => {
  expect(waitOf(started(0), joined(5, 'agent-1'), finished(50))).toBeNull();
  expect(waitOf(started(0), joined(2, 'ana'), left(30, 'ana'), finished(50))).toBeNull();
});

describe('with the agent’s own word', () => {
  const said = (startedAt: number, metrics: object = {}) => ({
    event: 'agent_telemetry',
    id: 'AU_1',
    createdAt: Date.UTC(2026, 0, 5, 9),
    room: { sid: 'RM_story' },
    path: 'report',
    payload: {
      job_id: 'AJ_1',
      chat_history: {
        items: [
          {
            id: 'item_1',
            type: 'message',
            role: 'assistant',
            created_at: Date.UTC(2026, 0, 5, 9) / 1000 + startedAt,
            metrics: { started_speaking_at: Date.UTC(2026, 0, 5, 9) / 1000 + startedAt, ...metrics },
          },
        ],
      },
    },
  });

  test('it ends at the first one, and the model’s parts lie within', () => {
    expect(waitOf(...CALL, said(8.5, { llm_node_ttft: 0.4, tts_node_ttfb: 0.2 }), ...END)).toEqual({
      total: 6.5,
      dispatch: null,
      agentStart: null,
      audioPublication: 1,
      firstWord: 2.5,
      llmTtft: 0.4,
      ttsTtfb: 0.2,
      unknown: 3,
    });
  });

  test('by a clock that is hours off it is not believed', () => {
    expect(waitOf(...CALL, said(8.5 - 7200), ...END)).toMatchObject({ total: 4, firstWord: null });
    expect(waitOf(...CALL, said(8.5 + 7200), ...END)).toMatchObject({ total: 4, firstWord: null });
  });
});

test('a lost join bounds the parts that rest on it', () => {
  const lost = [
    started(0),
    joined(2, 'ana'),
    published(6, 'agent-1', AUDIO),
    unpublished(29, 'agent-1', AUDIO),
    left(30, 'ana'),
    ...END,
  ];
  const { wait, evidence } = measured(...lost);
  expect(wait).toMatchObject({ total: 4, audioPublication: 0, unknown: 4 });
  expect(evidence.bounds['wait.audioPublication']).toEqual([0, expect.any(Number)]);
  expect(evidence.bounds['wait.unknown']![1]).toBeGreaterThanOrEqual(4);
});
