/** How fast agents answered, by their own telemetry: latencies of turns, and what they are made of. */
import { seconds } from './round.ts';
import type { Scene } from './scene.ts';
import { type Tools, toolsOf } from './tools.ts';
import { isPossible, longestPossible, type Turn, type Turns, turnsOf } from './turns.ts';

/** What a message tells of its own making, by the name that the metrics give it. */
const OF_MESSAGES = ['transcriptionDelay', 'endOfTurnDelay', 'llmTtft', 'ttsTtfb'] as const;
/** How a latency came: told by the framework; derived from the times of two messages, or of what stood in for one. */
export const METHODS = ['e2e', 'derived', 'spans', 'events'] as const;
type Samples = number[];

export interface Answers {
  /** Agent turns that answer a human turn. */
  count: number;
  /** s, by how they came. */
  latencies: Record<(typeof METHODS)[number], Samples>;
  components: Record<(typeof OF_MESSAGES)[number] | 'tool', Samples>;
  /** Impossible values: left out. */
  rejected: number;
}

/** Null where no chat history was told. */
export const answersOf = (scene: Scene): Answers | null => {
  const tools = toolsOf(scene);
  return tools && scene.once('answers', () => findAnswers(turnsOf(scene), tools, longestPossible(scene)));
};

function findAnswers(told: Turns | null, tools: Tools, longest: number): Answers {
  const answers: Answers = {
    count: 0,
    latencies: { e2e: [], derived: [], spans: [], events: [] },
    components: { transcriptionDelay: [], endOfTurnDelay: [], llmTtft: [], ttsTtfb: [], tool: [...tools.latencies] },
    rejected: (told?.rejected ?? 0) + tools.rejected,
  };
  for (const turn of told?.turns ?? []) {
    for (const name of OF_MESSAGES) take(turn.message[name], answers.components[name]);
    if (turn.answers === null) continue;
    answers.count++;
    const latency = latencyOf(turn, longest);
    if (latency === 'impossible') answers.rejected++;
    else if (latency) answers.latencies[latency.method].push(latency.value);
  }
  return answers;

  function take(value: number | undefined, samples: Samples): void {
    if (value === undefined) return;
    if (isPossible(value, longest)) samples.push(value);
    else answers.rejected++;
  }
}

export interface Latency {
  /** s */
  value: number;
  method: (typeof METHODS)[number];
}

/**
 * Of a turn that answers a human's: the framework's own; where that is missing (realtime models, `say()`, a turn after a
 * handoff), as the framework computes it. Null where it is not known.
 */
function told(turn: Turn): Latency | null {
  if (turn.answers === null) return null;
  const { e2e } = turn.message;
  if (e2e !== undefined) return { value: e2e, method: 'e2e' };
  const { stopped } = turn.answers;
  if (turn.started === null || stopped === null) return null;
  return { value: seconds(turn.started - stopped), method: sourceOf(turn, turn.answers) };
}

/** 'impossible': what was told cannot have been; nor what the framework made of a human's stop that cannot have been. */
export function latencyOf(turn: Turn, longest: number): Latency | null | 'impossible' {
  const latency = told(turn);
  if (latency === null) return null;
  return isPossible(latency.value, longest) && !turn.answers!.isImpossible ? latency : 'impossible';
}

/** The poorer of the two, where they differ. */
function sourceOf(...turns: readonly Turn[]): 'derived' | 'spans' | 'events' {
  const sources = turns.map(({ message }) => message.by);
  return sources.includes('events') ? 'events' : sources.includes('spans') ? 'spans' : 'derived';
}
