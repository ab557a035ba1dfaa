/**
 * The turns and tools of a session by its spans alone, where no chat history came. Exporters send spans in batches and may
 * lose some, the outermost first: a span is found by what lies above it as far as that came.
 */
import type { ChatItem, Span } from '../telemetry/facts.ts';
import { told } from '../telemetry/read.ts';
import { greatest, least } from './extremes.ts';
import type { Talk } from './talk.ts';

/** The chat history, and what of it spans alone tell; where there is none, what these tell. */
export function itemsOf({ items, spans }: Talk): ChatItem[] {
  const history = [...items.values()];
  if (spans.size === 0) return history;
  const spoken = [...humanTurns(spans), ...agentTurns(spans)];
  if (!history.some(({ kind }) => kind === 'message')) return [...history, ...spoken, ...toolCalls(spans)];
  const ended = Map.groupBy(spoken.filter(hasEnd).sort(byBegin), ({ role }) => role);
  return history.map((item) => withEnd(item, ended.get(item.role) ?? []));
}

type Ended = ChatItem & { startedAt: number; stoppedAt: number };
const hasEnd = (item: ChatItem): item is Ended => item.startedAt !== undefined && item.stoppedAt !== undefined;
const byBegin = (a: Ended, b: Ended) => a.startedAt - b.startedAt || a.stoppedAt - b.stoppedAt;

/** A message and a span that begin so close to each other, ms, tell of one speech. */
const SAME = 500;

/** Of realtime models a message tells when it began, and only a span when it ended. */
function withEnd(item: ChatItem, spoken: readonly Ended[]): ChatItem {
  const { startedAt, stoppedAt } = item;
  if (startedAt === undefined || stoppedAt !== undefined) return item;
  let [low, high] = [0, spoken.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spoken[middle]!.startedAt < startedAt) low = middle + 1;
    else high = middle;
  }
  const far = (span: Ended) => Math.abs(span.startedAt - startedAt);
  const [nearest] = spoken.slice(Math.max(0, low - 1), low + 1).sort((a, b) => far(a) - far(b));
  return nearest === undefined || far(nearest) > SAME ? item : { ...item, stoppedAt: nearest.stoppedAt, by: 'spans' };
}

const ofName = (spans: Talk['spans'], ...names: Span['name'][]) =>
  [...spans.values()].filter(({ name }) => names.includes(name));

/** Of each span the nearest of that name which it lies in, or is. Every span is looked at once, however deep they lie. */
function above(name: Span['name'], spans: Talk['spans']): (span: Span) => Span | undefined {
  const found = new Map<string, Span | undefined>();
  return (span) => {
    const way: string[] = [];
    let at: Span | undefined = span;
    while (at && !found.has(at.id)) {
      found.set(at.id, undefined); // a loop of parents leads nowhere
      way.push(at.id);
      if (at.name === name) break;
      at = spans.get(at.parentId ?? '');
    }
    const nearest = at && (at.name === name ? at : found.get(at.id));
    for (const id of way) found.set(id, nearest);
    return nearest;
  };
}

function humanTurns(spans: Talk['spans']): ChatItem[] {
  const turnOf = above('userTurn', spans);
  const turns = Map.groupBy(
    ofName(spans, 'userTurn', 'userSpeaking'),
    (span) => turnOf(span)?.id ?? span.parentId ?? span.id,
  );
  return [...turns].map(([id, parts]) => {
    const spoken = parts.filter(({ name }) => name === 'userSpeaking');
    const { transcriptionDelay, endOfTurnDelay, confidence } =
      parts.find(({ name }) => name === 'userTurn') ?? parts[0]!;
    return told({
      id,
      kind: 'message',
      role: 'user',
      by: 'spans',
      interrupted: false,
      createdAt: least(parts.map(({ from }) => from)),
      startedAt: least(parts.map(({ from }) => from)),
      stoppedAt: spoken.length > 0 ? greatest(spoken.map(({ to }) => to)) : undefined,
      transcriptionDelay,
      endOfTurnDelay,
      confidence,
    });
  });
}

/** One answer is of one speech id; each step of it (a tool, then words) has an `agent_turn` of its own. */
function agentTurns(spans: Talk['spans']): ChatItem[] {
  const turnOf = above('agentTurn', spans);
  const turns = Map.groupBy(ofName(spans, 'agentTurn', 'agentSpeaking', 'llm', 'tts'), (span) => {
    const turn = turnOf(span);
    return turn?.speechId ?? turn?.id ?? span.speechId ?? span.id;
  });
  return [...turns].flatMap(([id, parts]): ChatItem[] => {
    const spoken = parts.filter(({ name }) => name === 'agentSpeaking');
    if (spoken.length === 0) return []; // nobody heard it
    const first = (key: 'llmTtft' | 'ttsTtfb') =>
      parts.filter((part) => part[key] !== undefined).sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))[0]?.[
        key
      ];
    const e2e = parts.flatMap((part) => part.e2e ?? []);
    return [
      told({
        id,
        kind: 'message',
        role: 'assistant',
        by: 'spans',
        createdAt: least(parts.map(({ from }) => from)),
        startedAt: least(spoken.map(({ from }) => from)),
        stoppedAt: greatest(spoken.map(({ to }) => to)),
        interrupted: parts.some(({ interrupted }) => interrupted),
        e2e: e2e.length > 0 ? least(e2e) : undefined,
        llmTtft: first('llmTtft'),
        ttsTtfb: first('ttsTtfb'),
      }),
    ];
  });
}

function toolCalls(spans: Talk['spans']): ChatItem[] {
  return ofName(spans, 'tool').flatMap(({ id, tool, from, to, isError }): ChatItem[] => [
    told({ id, kind: 'toolCall', callId: id, tool, createdAt: from }),
    told({ id: `${id}/output`, kind: 'toolOutput', callId: id, tool, createdAt: to, isError }),
  ]);
}
