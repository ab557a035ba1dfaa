/** A server that takes reports, or does what a test has it do. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Report } from './replay.ts';

export class Receiver {
  readonly reports: Report[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly paths: string[] = [];
  /** To each request; null never answers. */
  answer: ((response: ServerResponse) => void) | null = (response) => response.end('{}');
  readonly #server = createServer(async (request, response) => {
    try {
      const report = JSON.parse(await text(request));
      this.reports.push(report);
      this.headers.push(request.headers);
      this.paths.push(request.url!);
      this.answer?.(response);
    } catch {} // it was given up on its way
  });

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get items(): Report['chat_history']['items'] {
    return this.reports.flatMap(({ chat_history }) => chat_history.items);
  }
  get ids(): string[] {
    return this.items.map(({ id }) => id);
  }
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const receiver = new Receiver();
  const { port } = new URL(await receiver.listen());
  await receiver.close();
  return Number(port);
}
