/** Who spoke when: turns whose times are known, worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { ChatItem } from '../../src/telemetry/facts.ts';
import { finished, joined, left, published, started } from '../call/story.ts';
import { agent, human, measuredTurns, measuredWith, other, upload, written } from './telling.ts';

const of = (...items: ChatItem[]) => measuredTurns(...items).conversation!;

/**
 *     0    5    10   15   20   25   30   35
 * A   [==)      [====)              [====)      2-5, 10-16, 31-36
 * H        [=)     [---)  [==)                  6-8, 15-19 cuts the agent off, 21-24
 */
const CALL = [
  other('config', 1),
  agent('m1', 2, 5),
  human('m2', 6, 8),
  agent('m3', 10, 16, { interrupted: true }),
  human('m4', 15, 19),
  human('m5', 21, 24),
  agent('m6', 31, 36),
];

test('a conversation', () => {
  expect(of(...CALL)).toEqual({
    turns: 6,
    humanTurns: 3,
    agentTurns: 3,
    talkSeconds: { human: 9, agent: 14 },
    talkTimeShare: 0.4118, // 14 of 34 s
    talkToListenRatio: 1.556,
    overlapSeconds: 1,
    silenceSeconds: 12, // 34 - 9 - 14 + 1
    deadAir: { threshold: 3, count: 1, total: 7, longest: 7 },
    longestMonologue: { role: 'agent', seconds: 6 },
    interruptions: { humanInterruptsAgent: 1, agentInterruptsHuman: 0, backchannels: 0 },
    timeToFirstAgentWord: 2, // the human joined at 0
  });
});

test('turns of one side that overlap are heard once', () => {
  expect(of(human('m1', 0, 4), human('m2', 2, 6), agent('m3', 7, 8)).talkSeconds).toEqual({ human: 6, agent: 1 });
});

test('a silence of just the threshold is no dead air', () => {
  expect(of(human('m1', 0, 4), agent('m2', 7, 8)).deadAir).toEqual({ threshold: 3, count: 0, total: 0, longest: 0 });
});

describe('interruptions', () => {
  test('an agent that begins while the human speaks', () => {
    const { interruptions } = of(human('m1', 0, 10), agent('m2', 6, 8), agent('m3', 10, 12));
    expect(interruptions).toEqual({ humanInterruptsAgent: 0, agentInterruptsHuman: 1, backchannels: 0 });
  });

  test('a human who speaks while the agent does, and does not cut it off, is a backchannel', () => {
    const { interruptions } = of(agent('m1', 0, 10), human('m2', 4, 4.5), human('m3', 6, 6.5));
    expect(interruptions).toEqual({ humanInterruptsAgent: 0, agentInterruptsHuman: 0, backchannels: 2 });
  });

  test('before the one that cuts it off there may be backchannels', () => {
    const { interruptions } = of(agent('m1', 0, 10, { interrupted: true }), human('m2', 4, 4.5), human('m3', 9, 12));
    expect(interruptions).toEqual({ humanInterruptsAgent: 1, agentInterruptsHuman: 0, backchannels: 1 });
  });

  test('speech that ends in the instant the other begins does not overlap', () => {
    const { interruptions, overlapSeconds } = of(agent('m1', 0, 4), human('m2', 4, 6), agent('m3', 6, 8));
    expect(interruptions).toEqual({ humanInterruptsAgent: 0, agentInterruptsHuman: 0, backchannels: 0 });
    expect(overlapSeconds).toBe(0);
  });

  test('of thousands at once are counted at once', () => {
    const crowd = Array.from({ length: 20_000 }, (_, i) => [
      agent(`a${i}`, i / 1000, 90),
      human(`h${i}`, i / 1000, 90),
    ]);
    const began = performance.now();
    of(...crowd.flat());
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('what is not known', () => {
  const UNKNOWN = {
    ...{ talkTimeShare: null, talkToListenRatio: null, overlapSeconds: null, silenceSeconds: null, deadAir: null },
    ...{ longestMonologue: null },
  };

  test('is null where no turn tells its times; flags and counts are known', () => {
    const story = [written('m1', 'user', 1), written('m2', 'assistant', 2, { interrupted: true })];
    expect(of(...story)).toEqual({
      ...{ turns: 2, humanTurns: 1, agentTurns: 1, talkSeconds: { human: null, agent: null }, ...UNKNOWN },
      interruptions: { humanInterruptsAgent: 1, agentInterruptsHuman: null, backchannels: null },
      timeToFirstAgentWord: null,
    });
  });

  test('is null where one side’s times are not told, as realtime models do', () => {
    const { stoppedAt: _, ...begun } = human('m1', 1, 2);
    expect(of(begun, agent('m2', 3, 6))).toMatchObject({ talkSeconds: { human: null, agent: 3 }, ...UNKNOWN });
  });

  test('a side without a turn said nothing', () => {
    expect(of(agent('m1', 2, 5))).toMatchObject({
      talkSeconds: { human: 0, agent: 3 },
      talkTimeShare: 1,
      talkToListenRatio: null,
      silenceSeconds: 0,
      longestMonologue: { role: 'agent', seconds: 3 },
    });
  });
});

describe('the first word of an agent', () => {
  const firstWord = (...items: ChatItem[]) => of(...items).timeToFirstAgentWord;

  test('is told from when the first human joined, by LiveKit’s clock', () => {
    expect(firstWord(other('config', 1), agent('m1', 3.5, 5))).toBe(3.5);
    expect(firstWord(human('m1', 1, 2), agent('m2', 4, 5))).toBe(4);
    const second = upload([agent('m2', 12, 13)], { jobId: 'AJ_2' });
    const first = upload([agent('m1', 3, 4)]);
    expect(measuredWith([second, first]).conversation!.timeToFirstAgentWord).toBe(3);
  });

  test('is not known without a word, without a human, or where one of the clocks is wrong', () => {
    expect(firstWord(human('m1', 1, 2))).toBeNull();
    expect(firstWord(agent('m1', -4, 5))).toBeNull();
    expect(firstWord(agent('m1', 4000, 4002))).toBeNull();
    const alone = [started(0), joined(0, 'agent-1'), left(100, 'agent-1'), finished(120)];
    expect(measuredWith([upload([agent('m1', 4, 5)])], alone).conversation!.timeToFirstAgentWord).toBeNull();
  });

  test('has bounds where the human’s join was lost', () => {
    const { conversation, evidence } = measuredWith(
      [upload([agent('m1', 10, 12)])],
      [started(0), joined(0, 'agent-1'), published(5, 'ana'), left(100, 'ana'), left(100, 'agent-1'), finished(120)],
    );
    const { timeToFirstAgentWord } = conversation!;
    const [low, high] = evidence.bounds['conversation.timeToFirstAgentWord'] as [number, number];
    expect(low).toBeLessThanOrEqual(timeToFirstAgentWord!);
    expect([low, high]).toEqual([expect.closeTo(4, 0), 10]);
  });
});
