import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that keeps what it is sent, and answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  /** How many connections were made to it, and how many requests were under way at once at most. */
  connections = 0;
  most = 0;
  #now = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(answer: (response: ServerResponse, received: Received) => void): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('connection', () => receiver.connections++);
    server.on('request', async (request, response) => {
      receiver.most = Math.max(receiver.most, ++receiver.#now);
      response.on('close', () => receiver.#now--);
      const received = { headers: request.headers, body: Buffer.concat(await request.toArray()).toString() };
      receiver.received.push(received);
      answer(response, received);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhook`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
