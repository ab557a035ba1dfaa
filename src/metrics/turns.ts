/**
 * What agents told was said: the turns of all jobs in order, and which of the agent's answers which of the human's.
 *
 * Agents' clocks are not LiveKit's: what they tell is compared with itself alone, and with how long the call was.
 */
import { itemsOf } from '../call/spokenSpans.ts';
import type { Talk } from '../call/talk.ts';
import type { ChatItem } from '../telemetry/facts.ts';
import { isOurTime } from '../telemetry/read.ts';
import { byText } from './byText.ts';
import { lengthOf } from './intervals.ts';
import { seconds } from './round.ts';
import type { Scene } from './scene.ts';

export interface Told {
  jobId: string;
  item: ChatItem;
}

export interface Turn {
  side: 'human' | 'agent';
  jobId: string;
  message: ChatItem;
  /** Its place in the order; infinite where no time was told. */
  at: number;
  /** When its speaker began and ceased, where that was told and is possible; epoch ms. */
  started: number | null;
  stopped: number | null;
  /** They were told, and cannot have been. */
  isImpossible: boolean;
  /** The human turn that it answers. A greeting answers nobody. */
  answers: Turn | null;
}

export interface Turns {
  turns: readonly Turn[];
  human: readonly Turn[];
  agent: readonly Turn[];
  /** Turns whose speaking times are impossible. */
  rejected: number;
}

/** Instants that no clock tells are none. */
export const believed = (ms: number | undefined): number | null => (ms !== undefined && isOurTime(ms) ? ms : null);

/** Every item once: the same id in two jobs is a history that one gave to the other; a job that is named goes first. */
export const itemsTold = (scene: Scene): readonly Told[] =>
  scene.once('turns.items', () => distinct([...scene.resolved.call.talks.values()]));

function distinct(talks: readonly Talk[]): Told[] {
  const jobs = talks
    .filter(isOnce(talks))
    .sort((a, b) => Number(a.jobId === '') - Number(b.jobId === '') || byText(a.jobId, b.jobId));
  const found = new Map<string, Told>();
  for (const talk of jobs)
    for (const item of itemsOf(talk)) if (!found.has(item.id)) found.set(item.id, { jobId: talk.jobId, item });
  return [...found.values()];
}

/** A chat history, not what spans or events let guess. */
const hasHistory = ({ items }: Talk) => items.values().some(({ kind, by }) => kind === 'message' && by === undefined);

/** Spans and livekit-evals may name no job, or be all that does: beside a chat history they tell the same session again. */
function isOnce(talks: readonly Talk[]): (talk: Talk) => boolean {
  const histories = talks.filter(hasHistory);
  const ofJob = histories.some(({ jobId }) => jobId !== '');
  const ofNone = histories.some(({ jobId }) => jobId === '');
  return (talk) => hasHistory(talk) || !(talk.jobId === '' ? ofJob : ofNone);
}

/**
 * How long the call was, s: no time within it is longer. By LiveKit's events; where these tell but a part of it, by the agents' own
 * times, if that is longer.
 */
export const longestPossible = (scene: Scene): number =>
  scene.once('turns.longest', () => {
    const { room, status } = scene.resolved;
    const byLiveKit = seconds(lengthOf(scene.point.room));
    const isWhole = room.start.observed && (status === 'active' || room.end.observed);
    return isWhole ? byLiveKit : Math.max(byLiveKit, longestSession(itemsTold(scene)));
  });

/** From the first item of a job to its last, by when they were created: speaking times, which it is to judge, count only where nothing else does. */
function longestSession(told: readonly Told[]): number {
  const spans = new Map<string, { from: number; to: number }>();
  const dated = told.some(({ item }) => believed(item.createdAt) !== null);
  for (const { jobId, item } of told)
    for (const given of dated ? [item.createdAt] : [item.startedAt, item.stoppedAt]) {
      const ms = believed(given);
      if (ms === null) continue;
      const { from, to } = spans.get(jobId) ?? { from: ms, to: ms };
      spans.set(jobId, { from: Math.min(from, ms), to: Math.max(to, ms) });
    }
  let longest = 0;
  for (const { from, to } of spans.values()) longest = Math.max(longest, seconds(to - from));
  return longest;
}

/** A duration in s that may have been: not negative, no longer than the call. */
export const isPossible = (value: number, longest: number): boolean => value >= 0 && value <= longest;

/** Null where no message was told: then nothing is known of turns. */
export const turnsOf = (scene: Scene): Turns | null =>
  scene.resolved.call.talks.size === 0
    ? null
    : scene.once('turns', () => findTurns(itemsTold(scene), longestPossible(scene)));

function findTurns(told: readonly Told[], longest: number): Turns | null {
  const turns: Turn[] = [];
  let rejected = 0;
  for (const { jobId, item } of told) {
    if (item.role !== 'user' && item.role !== 'assistant') continue;
    const times = timesOf(item, longest);
    if (times === null) rejected++;
    const { started, stopped } = times ?? { started: null, stopped: null };
    const at = started ?? believed(item.createdAt) ?? Number.POSITIVE_INFINITY;
    turns.push({
      side: item.role === 'user' ? 'human' : 'agent',
      jobId,
      message: item,
      at,
      started,
      stopped,
      isImpossible: times === null,
      answers: null,
    });
  }
  if (turns.length === 0) return null;
  // in one and the same ms, as where both are written, the question comes before the answer
  turns.sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : byText(b.side, a.side) || byText(a.message.id, b.message.id),
  );
  answer(turns);
  return {
    turns,
    human: turns.filter(({ side }) => side === 'human'),
    agent: turns.filter(({ side }) => side === 'agent'),
    rejected,
  };
}

/** Null where they are impossible: no instants, stop before start, or farther apart than the call is long. */
function timesOf(
  { createdAt, startedAt, stoppedAt }: ChatItem,
  longest: number,
): { started: number | null; stopped: number | null } | null {
  const started = believed(startedAt);
  const stopped = believed(stoppedAt);
  if ((started === null && startedAt !== undefined) || (stopped === null && stoppedAt !== undefined)) return null;
  if (started !== null && stopped !== null && stopped < started) return null;
  const given = [believed(createdAt), started, stopped].filter((ms) => ms !== null);
  if (given.length > 1 && seconds(Math.max(...given) - Math.min(...given)) > longest) return null;
  return { started, stopped };
}

/**
 * An agent turn answers the latest human turn before it in its own job, if no earlier one has. Of a filler ("one moment") and
 * the answer after it, the one with the framework's own latency is the answer.
 */
function answer(turns: readonly Turn[]): void {
  const asked = new Map<string, { human: Turn; by: Turn | null }>();
  for (const turn of turns) {
    if (turn.at === Number.POSITIVE_INFINITY) return; // nobody knows what came before it
    if (turn.side === 'human') {
      asked.set(turn.jobId, { human: turn, by: null });
      continue;
    }
    const question = asked.get(turn.jobId);
    if (question === undefined) continue;
    const { human, by } = question;
    if (by !== null && (by.message.e2e !== undefined || turn.message.e2e === undefined)) continue;
    if (by !== null) by.answers = null;
    turn.answers = human;
    question.by = turn;
  }
}
