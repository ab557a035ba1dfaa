/** Reports what an agent of @livekit/agents does to a call-evaluator server. Whatever fails, the agent goes on as without it. */
import { CLOSE, ITEM, USAGE } from '../telemetry/keptFields.ts';
import type { Shape } from '../telemetry/withoutWords.ts';
import type { AgentItem, AgentJob, AgentSession, SessionUsage, ToolsExecuted } from './liveKitAgents.ts';
import { type AttachOptions, type Settings, settingsFrom } from './options.ts';
import { Outbox } from './outbox.ts';
import { poster } from './post.ts';
import { sdkVersion } from './sdkVersion.ts';
import { Sender } from './sender.ts';
import { Spool } from './spool.ts';

/** What the server counts. Others, such as the agent's instructions, are nobody's business. */
const TOLD = new Set(['message', 'function_call', 'function_call_output', 'agent_handoff']);
/** Longer ones (an image was shown, say) go without their words. */
const LONGEST_ITEM = 256 * 1024;

/**
 * To be called in the agent's entry, before `session.start`. It sends each turn, tool call and handoff with its times, what
 * models were used for, and why the session closed: every few seconds, and the rest before the job ends.
 *
 *     attach(session, ctx)    // with CALL_EVALUATOR_URL in the environment
 */
export function attach(session: AgentSession, ctx: AgentJob, options: AttachOptions = {}): void {
  const given: AttachOptions | null = options; // whatever fails, the agent goes on
  const warn = warner(given?.warn);
  const guarded = guard(warn);
  const begin = guarded(() => {
    if (!ctx.job.room?.sid) return; // the console: it is no call
    const settings = settingsFrom(given ?? {}, ctx.info, process.env);
    if (typeof settings === 'string') warn(settings);
    else report(session, ctx, settings, warn, guarded);
  });
  begin();
}

function report(session: AgentSession, ctx: AgentJob, settings: Settings, warn: Warn, guarded: Guarded): void {
  const { id, agentName, room } = ctx.job;
  const about = { job_id: id, room_id: room!.sid, room: room!.name, agent_name: agentName, sdk_version: sdkVersion() };
  const outbox = new Outbox(about);
  const spool = new Spool(settings.spoolDir, settings.url);
  const sender = new Sender({ ...settings, outbox, post: poster(settings), spool, warn });
  const { conversationText } = settings;
  /** As many as the session's own history has. A tool's call there is another object than the one that was told of. */
  const seen = new Set<string>();

  const add = guarded((item: AgentItem | undefined) => {
    if (item === undefined || seen.has(item.id) || !TOLD.has(item.type)) return;
    outbox.add(written(item.toJSON(), ITEM, conversationText));
    seen.add(item.id);
    sender.wake();
  });
  /** It comes with every measurement, and goes with the next turn. */
  const setUsage = guarded(({ modelUsage }: SessionUsage) => {
    if (modelUsage.length > 0) outbox.setUsage(written(modelUsage, USAGE, conversationText));
  });
  /** What no event told of, as before a late attach(). */
  const addRest = guarded(() => {
    for (const item of session.history.items) add(item);
    setUsage(session.usage);
  });
  const setClose = guarded(({ reason }: { reason: string }) => {
    outbox.setClose(written({ type: 'close', reason }, CLOSE, conversationText));
  });

  const onItem = guarded(({ item }: { item: AgentItem }) => add(item));
  const onTools = guarded(({ functionCalls, functionCallOutputs }: ToolsExecuted) => {
    for (const item of [...functionCalls, ...functionCallOutputs]) add(item);
  });
  session.on('conversation_item_added', onItem);
  session.on('function_tools_executed', onTools);
  session.on(
    'session_usage_updated',
    guarded(({ usage }: { usage: SessionUsage }) => setUsage(usage)),
  );
  session.on('close', (event) => {
    addRest();
    setClose(event);
    void sender.finish();
  });
  ctx.addShutdownCallback(() => sender.finish());
  sender.wake(); // for what an earlier agent left on disk
}

/** As it is now: 1.4.0 dates a tool's output anew when the reply to it begins. */
function written(told: unknown, shape: Shape, conversationText: boolean): string {
  const whole = conversationText ? wholly(told) : null;
  return whole !== null && whole.length <= LONGEST_ITEM ? whole : JSON.stringify(shape(told));
}

/** @returns null where it holds what JSON cannot, as a plugin's `extra` may */
function wholly(told: unknown): string | null {
  try {
    return JSON.stringify(told);
  } catch {
    return null;
  }
}

type Warn = (message: string) => void;
type Guarded = <Args extends unknown[]>(act: (...args: Args) => void) => (...args: Args) => void;

/** What fails once may fail at every turn: it is said once. */
function guard(warn: Warn): Guarded {
  let isTold = false;
  return (act) =>
    (...args) => {
      try {
        act(...args);
      } catch (error) {
        // its message may quote what people said
        if (!isTold) warn(`Something of the session is not reported (${(error as Error)?.name ?? 'it throws'}).`);
        isTold = true;
      }
    };
}

function warner(given: Warn = console.warn): Warn {
  return (message) => {
    try {
      given(`call-evaluator: ${message}`);
    } catch {} // nothing is left to say it to
  };
}
