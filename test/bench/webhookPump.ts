/** Sends webhooks over raw connections that are kept: cheaper than any HTTP client, so that the server is what is measured. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiKey, webhookToken } from '../../src/simulate/webhookToken.ts';

export const KEY = 'APIbench';
export const SECRET = 'bench-secret-0123456789-0123456789-0123456789';
const SIGNER = apiKey(KEY, SECRET);

/** A whole request, signed now. */
export function requestOf(body: string): Buffer {
  const head = [
    'POST /webhook HTTP/1.1',
    'host: localhost',
    `authorization: ${webhookToken(body, SIGNER, Date.now())}`,
    'content-type: application/webhook+json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

export class Pump {
  readonly #idle: Connection[];

  private constructor(connections: Connection[]) {
    this.#idle = connections;
  }

  static async open(port: number, connections = 64): Promise<Pump> {
    return new Pump(await Promise.all(Array.from({ length: connections }, () => Connection.open(port))));
  }

  /** As fast as it is answered. @throws where an answer is no 200 */
  async all(requests: Iterable<Buffer>): Promise<void> {
    const waiting = requests[Symbol.iterator]();
    const work = async (connection: Connection) => {
      for (let next = waiting.next(); !next.done; next = waiting.next()) await connection.ask(next.value);
    };
    await Promise.all(this.#idle.map(work));
  }

  /** So many a second, whether or not earlier ones were answered. @returns ms from when each was due to its answer */
  async steadily(requests: Iterable<Buffer>, perSecond: number): Promise<Float64Array> {
    const times: number[] = [];
    const queue: { request: Buffer; due: number }[] = [];
    const free = [...this.#idle];
    let underWay = 0;
    const serve = async (connection: Connection, first: (typeof queue)[number]) => {
      for (let one: typeof first | undefined = first; one; one = queue.shift()) {
        await connection.ask(one.request);
        times.push(performance.now() - one.due);
        underWay--;
      }
      free.push(connection);
    };
    const began = performance.now();
    let sent = 0;
    for (const request of requests) {
      const due = began + (sent++ * 1000) / perSecond;
      // a timer is a millisecond late: those that are due by then go together
      if (due > performance.now()) await sleep(Math.max(1, due - performance.now()));
      underWay++;
      const connection = free.pop();
      if (connection) void serve(connection, { request, due });
      else queue.push({ request, due });
    }
    while (underWay > 0) await sleep(1);
    return Float64Array.from(times).sort();
  }

  close(): void {
    for (const { socket } of this.#idle) socket.destroy();
  }
}

const HEAD_END = '\r\n\r\n';

class Connection {
  readonly socket: Socket;
  #answered: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #text = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('close', () => this.#failed?.(new Error('The server has cut a connection.')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  ask(request: Buffer): Promise<void> {
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.socket.write(request);
    });
  }

  #read(text: string): void {
    this.#text += text;
    const head = this.#text.indexOf(HEAD_END);
    if (head === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1] ?? 0);
    if (this.#text.length < head + HEAD_END.length + length) return;
    const answer = this.#text;
    this.#text = '';
    if (answer.startsWith('HTTP/1.1 200')) this.#answered?.();
    else this.#failed?.(new Error(answer));
  }
}
