/** A caller's microphone and loudspeaker, without a room: sound flows in real time, and is heard by nobody. */
import { setTimeout as delay } from 'node:timers/promises';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { type FakeSTT, RATE } from './models.ts';

/** ms */
const FRAME = 40;
const SAMPLES = (RATE * FRAME) / 1000;
const frameOf = (amplitude: number) => new AudioFrame(new Int16Array(SAMPLES).fill(amplitude), RATE, 1, SAMPLES);

export class Microphone extends voice.AudioInput {
  readonly #ear: FakeSTT;
  #loudUntil = 0;
  #open = true;

  constructor(ear: FakeSTT) {
    super();
    this.#ear = ear;
    this.multiStream.addInputStream(new ReadableStream({ start: (controller) => void this.#record(controller) }));
  }

  /** What the timers of a busy machine are late with is made up for. */
  async #record(controller: ReadableStreamDefaultController<AudioFrame>): Promise<void> {
    for (let next = Date.now(); this.#open; next += FRAME) {
      await delay(Math.max(0, next - Date.now()));
      controller.enqueue(frameOf(next < this.#loudUntil ? 8192 : 0));
    }
    controller.close();
  }

  async say(words: string, seconds: number): Promise<void> {
    this.#ear.said.push(words);
    this.#loudUntil = Date.now() + 1000 * seconds;
    await delay(1000 * seconds);
  }

  override async close(): Promise<void> {
    this.#open = false;
    await super.close();
  }
}

export class Loudspeaker extends voice.AudioOutput {
  /** Epoch ms. */
  #started: number | null = null;
  #pushed = 0;
  #end: NodeJS.Timeout | undefined;

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#started === null) {
      this.#started = Date.now();
      this.onPlaybackStarted(this.#started);
    }
    this.#pushed += (1000 * frame.samplesPerChannel) / frame.sampleRate;
  }

  override flush(): void {
    super.flush();
    if (this.#started === null) return;
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.#finish(false), Math.max(0, this.#started + this.#pushed - Date.now()));
  }

  clearBuffer(): void {
    if (this.#started !== null) this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    clearTimeout(this.#end);
    const played = Math.min(this.#pushed, Date.now() - this.#started!);
    this.#started = null;
    this.#pushed = 0;
    this.onPlaybackFinished({ playbackPosition: played / 1000, interrupted });
  }
}
