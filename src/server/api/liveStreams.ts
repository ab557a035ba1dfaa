/** The live feed as server-sent events: a bounded number of streams, slow ones cut, each for what its reader may read. */
import { ByteLengthQueuingStrategy, ReadableStream, type UnderlyingDefaultSource } from 'node:stream/web';
import type { Reader } from './access.ts';
import type { LiveEvent, LiveFeed } from './liveFeed.ts';
import { Problem } from './problem.ts';

export interface LiveLimits {
  /** Streams at once. */
  streams: number;
  /** Of them for the tokens of one room. */
  streamsOfRoom: number;
  /** Bytes that may wait for one reader. */
  waitingBytes: number;
  heartbeatMs: number;
}
export const LIVE_LIMITS: LiveLimits = {
  streams: 100,
  streamsOfRoom: 20,
  waitingBytes: 2 * 1024 * 1024,
  heartbeatMs: 15_000,
};

interface Stream {
  reader: Reader;
  /** The only call that it is about; null: all that its reader may read. */
  roomSid: string | null;
  send(block: string): void;
  end(why?: Error): void;
}

/** A reader of a lost connection comes back after so long. */
const RETRY = 'retry: 3000\n';

export class LiveStreams {
  readonly #feed: LiveFeed;
  readonly #limits: LiveLimits;
  readonly #streams = new Set<Stream>();
  readonly #heart: NodeJS.Timeout;
  readonly #stop: () => void;

  constructor(feed: LiveFeed, limits: LiveLimits) {
    this.#feed = feed;
    this.#limits = limits;
    this.#stop = feed.listen((event) => this.#tell(event));
    this.#heart = setInterval(() => this.#beat(), limits.heartbeatMs).unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  /** @param lastEventId of the last event that the reader has seen */
  open(reader: Reader, roomSid: string | null, lastEventId: string | null): Response {
    const { streams, streamsOfRoom } = this.#limits;
    if (this.#streams.size >= streams) throw noMore(`${streams} live streams`);
    if (reader.room !== null && this.#countOf(reader.room) >= streamsOfRoom)
      throw noMore(`${streamsOfRoom} live streams of this room`);
    const body = new ReadableStream<Uint8Array>(
      this.#source(reader, roomSid, lastEventId),
      new ByteLengthQueuingStrategy({ highWaterMark: this.#limits.waitingBytes }),
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
  }

  close(): void {
    clearInterval(this.#heart);
    this.#stop();
    for (const stream of this.#streams) stream.end();
  }

  #countOf(room: string): number {
    return this.#streams.values().reduce((count, { reader }) => count + (reader.room === room ? 1 : 0), 0);
  }

  #source(reader: Reader, roomSid: string | null, lastEventId: string | null): UnderlyingDefaultSource<Uint8Array> {
    const encoder = new TextEncoder();
    let stream: Stream;
    return {
      start: (controller) => {
        stream = {
          reader,
          roomSid,
          send: (block) => {
            // who is cut comes back, and resumes or is told to fetch anew
            if (controller.desiredSize! <= 0) stream.end(new Error('The reader is too slow.'));
            else controller.enqueue(encoder.encode(block));
          },
          end: (why) => {
            this.#streams.delete(stream);
            if (why) controller.error(why);
            else controller.close();
          },
        };
        this.#streams.add(stream);
        stream.send(this.#greeting(stream, lastEventId));
      },
      cancel: () => {
        this.#streams.delete(stream);
      },
    };
  }

  /** What was missed; or, where that is not known any more, that all has to be fetched anew. */
  #greeting(stream: Stream, lastEventId: string | null): string {
    const missed = lastEventId === null ? [] : this.#feed.after(lastEventId);
    if (missed === null) return `${RETRY}event: reset\nid: ${this.#feed.last}\ndata: {}\n\n`;
    const blocks = missed.filter((event) => concerns(stream, event)).map(written);
    return `${RETRY}${blocks.join('')}${position(this.#feed.last)}`;
  }

  #tell(event: LiveEvent): void {
    let block: string | undefined;
    for (const stream of this.#streams) {
      if (!concerns(stream, event)) continue;
      block ??= written(event);
      stream.send(block);
    }
  }

  /** Keeps connections open, and moves those forward that much passes by: what they have not missed is not looked for. */
  #beat(): void {
    const now = Date.now();
    for (const stream of this.#streams) {
      if (now >= stream.reader.until) stream.end();
      else stream.send(position(this.#feed.last));
    }
  }
}

/** An id alone is no event to a reader; it is where it resumes from. */
const position = (id: string) => `: \nid: ${id}\n\n`;

function noMore(streams: string): Problem {
  const detail = `${streams} are open, and no more are given: close one, or ask again later.`;
  return new Problem('busy', detail, {}, { 'retry-after': '30' });
}

function written({ id, name, data }: LiveEvent): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

function concerns({ reader, roomSid }: Stream, event: LiveEvent): boolean {
  return (reader.room === null || reader.room === event.roomName) && (roomSid === null || roomSid === event.roomSid);
}
