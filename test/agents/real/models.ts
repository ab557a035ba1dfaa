/** An ear, a brain and a voice without providers, for @livekit/agents: what they hear, think and say is the script's. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  llm,
  normalizeLanguage,
  stt,
  tts,
  VAD,
  VADEventType,
  VADStream,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { ANSWERS, SECONDS } from './script.ts';

export const RATE = 16_000;
const isLoud = ({ data }: AudioFrame) => data[0] !== 0;
const secondsOf = ({ samplesPerChannel, sampleRate }: AudioFrame) => samplesPerChannel / sampleRate;

type Asked = Parameters<llm.LLM['chat']>[0];

export class FakeLLM extends llm.LLM {
  label = () => 'fake.LLM';
  override get model() {
    return 'fake-llm-1';
  }
  override get provider() {
    return 'fake-brain';
  }
  chat({ connOptions = DEFAULT_API_CONNECT_OPTIONS, ...asked }: Asked): llm.LLMStream {
    return new FakeLLMStream(this, { ...asked, connOptions });
  }
}

class FakeLLMStream extends llm.LLMStream {
  protected async run(): Promise<void> {
    const last = this.chatCtx.items.findLast(({ type }) => type === 'message' || type === 'function_call_output');
    await delay(1000 * SECONDS.model);
    const heard =
      last?.type === 'message' ? last.textContent : last?.type === 'function_call_output' && JSON.parse(last.output);
    const answer = ANSWERS[String(heard)]!;
    const delta: llm.ChoiceDelta = { role: 'assistant' };
    if (typeof answer === 'string') delta.content = answer;
    else delta.toolCalls = [llm.FunctionCall.create({ callId: `call_${answer.tool}`, name: answer.tool, args: '{}' })];
    this.queue.put({ id: 'request', delta });
    const usage = { completionTokens: 7, promptTokens: 100, promptCachedTokens: 40, totalTokens: 107 };
    this.queue.put({ id: 'request', usage });
  }
}

export class FakeTTS extends tts.TTS {
  label = 'fake.TTS';
  constructor() {
    super(RATE, 1, { streaming: false });
  }
  override get model() {
    return 'fake-tts-1';
  }
  override get provider() {
    return 'fake-voice';
  }
  synthesize(text: string, options?: APIConnectOptions, abort?: AbortSignal): tts.ChunkedStream {
    return new FakeSpeech(text, this, options, abort);
  }
  stream(): tts.SynthesizeStream {
    throw new Error('It says that it cannot.');
  }
}

class FakeSpeech extends tts.ChunkedStream {
  label = 'fake.Speech';
  protected async run(): Promise<void> {
    await delay(1000 * SECONDS.voice);
    const samples = Math.round(this.inputText.length * SECONDS.perCharacter * RATE);
    const frame = new AudioFrame(new Int16Array(samples), RATE, 1, samples);
    this.queue.put({ requestId: 'request', segmentId: 'segment', frame, final: true });
  }
}

export class FakeVAD extends VAD {
  label = 'fake.VAD';
  constructor() {
    super({ updateInterval: 40 });
  }
  stream(): VADStream {
    return new FakeVADStream(this);
  }
}

class FakeVADStream extends VADStream {
  constructor(vad: VAD) {
    super(vad);
    void this.#listen();
  }

  async #listen(): Promise<void> {
    let speech = 0;
    let silence = 0;
    let speaking = false;
    let samples = 0;
    const tell = (type: VADEventType, frame: AudioFrame) =>
      this.sendVADEvent({
        type,
        samplesIndex: samples,
        timestamp: Date.now(),
        speechDuration: 1000 * speech,
        silenceDuration: 1000 * silence,
        frames: [frame],
        probability: Number(isLoud(frame)),
        inferenceDuration: 0,
        speaking,
        rawAccumulatedSilence: 1000 * silence,
        rawAccumulatedSpeech: isLoud(frame) ? 1000 * speech : 0,
      });
    for (;;) {
      const { done, value: frame } = await this.inputReader.read();
      if (done || this.closed) return;
      if (!(frame instanceof AudioFrame)) {
        speech = silence = 0;
        speaking = false;
        continue;
      }
      samples += frame.samplesPerChannel;
      if (isLoud(frame)) {
        speech += secondsOf(frame);
        silence = 0;
      } else {
        silence += secondsOf(frame);
        if (!speaking) speech = 0;
      }
      tell(VADEventType.INFERENCE_DONE, frame);
      if (!speaking && speech >= 0.08) {
        speaking = true;
        tell(VADEventType.START_OF_SPEECH, frame);
      } else if (speaking && silence >= SECONDS.silence) {
        speaking = false;
        tell(VADEventType.END_OF_SPEECH, frame);
        speech = 0;
      }
    }
  }
}

export class FakeSTT extends stt.STT {
  label = 'fake.STT';
  /** What the caller says, in the order in which it is to be understood. */
  readonly said: string[] = [];
  constructor() {
    super({ streaming: true, interimResults: false });
  }
  override get model() {
    return 'fake-stt-1';
  }
  override get provider() {
    return 'fake-ear';
  }
  protected _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('It hears streams.');
  }
  stream(): stt.SpeechStream {
    return new FakeSTTStream(this);
  }
}

class FakeSTTStream extends stt.SpeechStream {
  label = 'fake.SpeechStream';
  readonly #stt: FakeSTT;
  constructor(stt: FakeSTT) {
    super(stt);
    this.#stt = stt;
  }

  protected async run(): Promise<void> {
    let loud = 0;
    let silence = 0;
    for await (const frame of this.input) {
      if (!(frame instanceof AudioFrame)) continue;
      silence = isLoud(frame) ? 0 : silence + secondsOf(frame);
      if (isLoud(frame)) loud += secondsOf(frame);
      if (loud === 0 || silence < SECONDS.transcript) continue;
      const text = this.#stt.said.shift()!;
      const heard = { language: normalizeLanguage('en'), text, startTime: 0, endTime: 0, confidence: 0.875 };
      this.queue.put({ type: stt.SpeechEventType.FINAL_TRANSCRIPT, requestId: 'request', alternatives: [heard] });
      const recognitionUsage = { audioDuration: loud };
      this.queue.put({ type: stt.SpeechEventType.RECOGNITION_USAGE, requestId: 'request', recognitionUsage });
      loud = 0;
    }
  }
}
