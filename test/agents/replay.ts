/** The session and the job of a recording (record.ts), played again. */
import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Recording {
  sdk: string;
  job: { id: string; agentName: string; room?: { sid: string; name: string } };
  events: { name: string; event: Record<string, unknown> }[];
  history: { id: string; type: string; createdAt: number }[];
  usage: { modelUsage: object[] };
  /** With `conversationText`. */
  sent: Report[];
}

export interface Report {
  chat_history: { items: { id: string; createdAt?: number }[] };
  [field: string]: unknown;
}

const FOLDER = new URL('recorded/', import.meta.url);
export const RECORDINGS: Recording[] = readdirSync(FOLDER).map((name) =>
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')),
);

/** As ChatMessage and its like are: what JSON.stringify passes to toJSON, they take for `excludeTimestamp`. */
export class FakeItem {
  readonly id: string;
  readonly type: string;
  readonly #told: Record<string, unknown>;
  constructor(told: object) {
    this.#told = { ...told };
    this.id = String(this.#told.id);
    this.type = String(this.#told.type);
  }
  toJSON(excludeTimestamp: unknown = false): object {
    const { createdAt, ...rest } = this.#told;
    return excludeTimestamp ? rest : this.#told;
  }
}

export class FakeSession extends EventEmitter {
  history: { items: FakeItem[] } = { items: [] };
  usage: { modelUsage: object[] } = { modelUsage: [] };

  say(id: string, more: object = {}): void {
    const item = new FakeItem({
      id,
      type: 'message',
      role: 'user',
      content: ['hello'],
      createdAt: 1_795_423_638_657,
      ...more,
    });
    this.history.items.push(item);
    this.emit('conversation_item_added', { item });
  }
}

export class FakeJob {
  readonly job: Recording['job'];
  readonly info: { url: string; apiKey?: string; apiSecret?: string };
  readonly #callbacks: (() => Promise<void>)[] = [];
  constructor(
    job: Recording['job'] = { id: 'AJ_1', agentName: 'nova', room: { sid: 'RM_1', name: 'support-7' } },
    key: { apiKey?: string; apiSecret?: string } = {},
  ) {
    this.job = job;
    this.info = { url: 'ws://livekit', ...key };
  }
  addShutdownCallback(callback: () => Promise<void>): void {
    this.#callbacks.push(callback);
  }
  async shutdown(): Promise<void> {
    await Promise.all(this.#callbacks.map((callback) => callback()));
  }
}

/** Its history is there from the beginning: it is looked at when the session closes. */
export function play(session: FakeSession, { events, history, usage }: Recording): void {
  const itemsOf = (told: unknown) => (told as object[]).map((one) => new FakeItem(one));
  session.history = { items: itemsOf(history) };
  session.usage = usage;
  for (const { name, event } of events) {
    if (name === 'conversation_item_added') session.emit(name, { item: itemsOf([event.item])[0] });
    else if (name === 'function_tools_executed')
      session.emit(name, {
        functionCalls: itemsOf(event.functionCalls),
        functionCallOutputs: itemsOf(event.functionCallOutputs),
      });
    else session.emit(name, event);
  }
}
