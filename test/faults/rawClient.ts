/** A client that sends what it likes, when it likes. */
import { connect } from 'node:net';

export interface Heard {
  /** Of the first answer; null: the connection was closed without one. */
  status: number | null;
  /** Bytes that had been written when it came. */
  written: number;
}

/** POSTs this head, and then parts until there are no more or the server closes; then it waits for an answer */
export async function rawClient(port: number, head: string, parts: AsyncIterable<string | Buffer>): Promise<Heard> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard: Heard | null = null;
  socket.on('error', () => {}); // cut: it closes
  socket.once('data', (answer) => {
    heard = { status: Number(answer.toString('latin1').split(' ', 2)[1]), written: socket.bytesWritten };
  });
  const closed = new Promise<void>((settle) => socket.once('close', () => settle()));
  const next = (event: 'data' | 'drain') =>
    Promise.race([closed, new Promise<void>((settle) => socket.once(event, () => settle()))]);
  socket.write(head);
  for await (const part of parts) {
    if (socket.destroyed) break;
    if (!socket.write(part)) await next('drain');
  }
  while (heard === null && !socket.destroyed) await next('data');
  socket.destroy();
  await closed;
  return heard ?? { status: null, written: socket.bytesWritten };
}

export function headOf(headers: Record<string, string>): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /webhook HTTP/1.1\r\n${lines.join('')}\r\n`;
}
