/**
 * The turns and tools of a session by its spans alone, where no chat history came. Exporters send spans in batches and may
 * lose some, the outermost first: a span is found by what lies above it as far as that came.
 */
import type { ChatItem, Span } from '../telemetry/facts.ts';
import { told } from '../telemetry/read.ts';
import { greatest, least } from './extremes.ts';
import type { Talk } from './talk.ts';

/** The chat history; where there is none, what the spans tell. */
export function itemsOf({ items, spans }: Talk): ChatItem[] {
  const history = [...items.values()];
  if (spans.size === 0 || history.some(({ kind }) => kind === 'message')) return history;
  return [...history, ...humanTurns(spans), ...agentTurns(spans), ...toolCalls(spans)];
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
