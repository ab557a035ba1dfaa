/**
 * Makes recorded/*.json: a text session of the real @livekit/agents, with a fake model, two tools (one fails) and a handoff,
 * in a real JobContext that is never connected. What the installed version does is tested anew each time (real.test.ts);
 * recordings are of it, and of those that stand in no node_modules here:
 *
 *     node test/agents/record.ts
 *     npm install --prefix /tmp/agents @livekit/agents@1.4.0 @livekit/rtc-node
 *     node test/agents/record.ts /tmp/agents/node_modules/@livekit/agents
 *
 * For 1.4.0 the agent's tools were given as `{ getWeather, bookTaxi }`.
 * Kept are the events as they came, with each item's own toJSON(), and what attach() sent, words and all.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AgentItem, type AgentSession, attach } from '../../src/agents/index.ts';
import type { Recording, Report } from './replay.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../node_modules/@livekit/agents');
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
const { JobContext, JobProcess, initializeLogger, llm, runWithJobContextAsync, voice } = await import(
  `${folder}/dist/index.js`
);
initializeLogger({ pretty: false, level: 'warn' });

const sent: Report[] = [];
const server = createServer(async (request, response) => {
  sent.push(JSON.parse(await text(request)));
  response.end('{}');
}).listen(0);
await once(server, 'listening');

const job = { id: 'AJ_recorded', agentName: 'nova', room: { sid: 'RM_recorded', name: 'support-7' } };
const info = { job, url: 'ws://127.0.0.1:1', token: '', workerId: 'W', apiKey: 'key', apiSecret: 'secret'.repeat(6) };
const room = { on() {}, off() {}, remoteParticipants: new Map(), isConnected: false };
const nothing = () => {};
const ctx = new JobContext(new JobProcess(), info, room, nothing, nothing, {});

const getWeather = llm.tool({
  name: 'getWeather',
  description: 'the weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  execute: async () => 'sunny 20C',
});
const bookTaxi = llm.tool({
  name: 'bookTaxi',
  description: 'books a taxi',
  parameters: { type: 'object', properties: {} },
  execute: async () => {
    throw new llm.ToolError('no taxi is free');
  },
});
const fake = new voice.testing.FakeLLM([
  { input: 'what is the weather in Paris?', ttft: 30, toolCalls: [{ name: 'getWeather', args: { city: 'Paris' } }] },
  { input: '"sunny 20C"', ttft: 20, content: 'It is sunny.' },
  { input: 'a taxi please', ttft: 30, toolCalls: [{ name: 'bookTaxi', args: {} }] },
  { input: 'thanks', ttft: 50, content: 'You are welcome!' },
]);

const events: Recording['events'] = [];
const plain = (item: AgentItem) => item.toJSON() as Recording['history'][number];
interface RealSession extends AgentSession {
  start(how: object): Promise<void>;
  run(turn: { userInput: string }): { wait(): Promise<unknown> };
  updateAgent(agent: object): void;
  close(): Promise<void>;
}
const session: RealSession = new voice.AgentSession({ llm: fake });
await runWithJobContextAsync(ctx, async () => {
  session.on('conversation_item_added', ({ item }) =>
    events.push({ name: 'conversation_item_added', event: { item: plain(item) } }),
  );
  session.on('function_tools_executed', ({ functionCalls, functionCallOutputs }) =>
    events.push({
      name: 'function_tools_executed',
      event: {
        functionCalls: functionCalls.map(plain),
        functionCallOutputs: functionCallOutputs.map((item) => plain(item!)),
      },
    }),
  );
  session.on('session_usage_updated', ({ usage }) =>
    events.push({ name: 'session_usage_updated', event: { usage: structuredClone(usage) } }),
  );
  session.on('close', ({ reason }) => events.push({ name: 'close', event: { reason } }));
  attach(session, ctx, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conversationText: true,
    every: 0.5,
    spoolDir: '/nowhere',
  });
  await session.start({ agent: new voice.Agent({ instructions: 'be nice', tools: [getWeather, bookTaxi] }) });
  for (const userInput of ['what is the weather in Paris?', 'a taxi please']) await session.run({ userInput }).wait();
  session.updateAgent(new voice.Agent({ instructions: 'be brief' }));
  await session.run({ userInput: 'thanks' }).wait();
  await session.close();
  await Promise.all(ctx.shutdownCallbacks.map((callback: () => Promise<void>) => callback()));
});
const recording: Recording = {
  sdk: `@livekit/agents ${version}`,
  job,
  events,
  history: session.history.items.map(plain),
  usage: structuredClone(session.usage) as Recording['usage'],
  sent,
};
const file = new URL(`recorded/node-${version}-text.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify(recording, null, 1)}\n`);
console.log(`${events.length} events, ${sent.length} reports`);
process.exit(0); // a session that was never in a room leaves timers behind
