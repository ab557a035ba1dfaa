/** What a worker runs for each job: a weather desk that hands over to billing. The job's metadata says how it is talked to. */
import { setTimeout as delay } from 'node:timers/promises';
import { defineAgent, type JobContext, llm, voice } from '@livekit/agents';
import { attach } from '../../../src/agents/index.ts';
import { FakeLLM, FakeSTT, FakeTTS, FakeVAD } from './models.ts';
import { BILLING_GREETING, GREETING, INSTRUCTIONS, SECONDS, type Told, type ToldItem } from './script.ts';
import { Loudspeaker, Microphone } from './sound.ts';

class Desk extends voice.Agent {
  constructor() {
    const getWeather = llm.tool({
      name: 'getWeather',
      description: 'the weather in Paris',
      execute: () => delay(1000 * SECONDS.weather, 'sunny 20C'),
    });
    const askBilling = llm.tool({
      name: 'askBilling',
      description: 'hands the caller over to billing',
      execute: () => delay(1000 * SECONDS.billing, llm.handoff({ agent: new Billing() })),
    });
    super({ id: 'desk', instructions: INSTRUCTIONS, tools: [getWeather, askBilling] });
  }
  override async onEnter(): Promise<void> {
    this.session.say(GREETING);
  }
}

class Billing extends voice.Agent {
  constructor() {
    super({ id: 'billing', instructions: INSTRUCTIONS });
  }
  override async onEnter(): Promise<void> {
    this.session.say(BILLING_GREETING);
  }
}

/** Until the agent has said so much, and listens again. */
async function heard(session: voice.AgentSession, messages: number): Promise<void> {
  const said = () => session.history.items.filter((item) => item.type === 'message' && item.role === 'assistant');
  while (said().length < messages || session.agentState !== 'listening') await delay(20);
  await delay(100);
}

async function written(session: voice.AgentSession): Promise<void> {
  await session.start({ agent: new Desk() });
  await heard(session, 1);
  for (const [i, userInput] of ['what is the weather in Paris', 'what do I owe you', 'thanks and goodbye'].entries()) {
    await session.run({ userInput }).wait();
    await heard(session, i + 2);
  }
}

async function spoken(session: voice.AgentSession, ear: FakeSTT): Promise<void> {
  const microphone = new Microphone(ear);
  session.input.audio = microphone;
  session.output.audio = new Loudspeaker();
  await session.start({ agent: new Desk() });
  await heard(session, 1);
  await microphone.say('what is the weather in Paris', 0.3);
  await heard(session, 2);
  await microphone.say('tell me a long story', 0.3);
  while (session.agentState !== 'speaking') await delay(20);
  await delay(300); // it tells its story by now: and is cut off
  await microphone.say('stop that now please', 0.4);
  await heard(session, 4);
  await microphone.say('what do I owe you', 0.3);
  await heard(session, 5);
  await microphone.say('thanks and goodbye', 0.3);
  await heard(session, 6);
  await microphone.close();
}

let session: voice.AgentSession;

export default defineAgent({
  entry: async (ctx: JobContext) => {
    const isSpoken = ctx.job.metadata === 'spoken';
    const ear = new FakeSTT();
    session = new voice.AgentSession({
      llm: new FakeLLM(),
      aecWarmupDuration: null, // for 3 s it would let nobody interrupt
      turnHandling: {
        turnDetection: isSpoken ? 'vad' : null,
        endpointing: { minDelay: 1000 * SECONDS.endOfTurn },
        interruption: { mode: 'vad', minDuration: 150 },
      },
      ...(isSpoken ? { stt: ear, tts: new FakeTTS(), vad: new FakeVAD() } : { vad: null }),
    });
    if (process.env.CALL_EVALUATOR_URL) attach(session, ctx, { every: 0.5 });
    await (isSpoken ? spoken(session, ear) : written(session));
    ctx.shutdown('the caller hung up');
  },

  /** The session is closed, and nothing is uploaded yet. */
  onSessionEnd: () => {
    const told: Told = {
      history: session.history.items.map((item) => item.toJSON(false) as unknown as ToldItem),
      usage: session.usage.modelUsage as Told['usage'],
    };
    process.send!({ case: 'told', value: told });
  },
});
