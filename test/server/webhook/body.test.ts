/** Clients that are slow, dead, or lie, over the wire. */
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { BodyMemory, readRequest, readStream } from '../../../src/server/webhook/body.ts';
import { nodeWebhook } from '../../../src/server/webhook/node.ts';
import { type Door, receiver } from '../../../src/server/webhook/receive.ts';
import { doorOf } from './door.ts';
import { type Host, listen } from './hosts.ts';
import { post } from './post.ts';
import { good, KEYS } from './signed.ts';

const LARGEST = 100_000;
let evaluator: CallEvaluator;
let door: Door;
let host: Host;
let sockets: Socket[];
beforeEach(async () => {
  evaluator = new CallEvaluator();
  door = doorOf(evaluator);
  sockets = [];
  const options = { keys: KEYS, maxBody: LARGEST, bodyTimeout: 0.3, onTrouble: () => {} };
  host = await listen(nodeWebhook(receiver(door, options)));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await host.close();
  await evaluator.close();
});

/** Opens a connection, and sends as much as it is told. */
async function client(head: string[], body = '') {
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((settle) => socket.once('close', () => settle()));
  socket.write(`${['POST /webhook HTTP/1.1', 'Host: localhost', ...head].join('\r\n')}\r\n\r\n${body}`);
  const status = async () => {
    while (!heard.includes('\r\n\r\n') && !socket.destroyed) await wait(5);
    return Number(heard.split(' ', 2)[1]);
  };
  return { socket, closed, status, heard: () => heard };
}

describe('over the wire', () => {
  test('less than was announced: 503 at the time limit, then the connection is cut', async () => {
    const { authorization, body } = await good();
    const { closed, status } = await client(
      [`Authorization: ${authorization}`, `Content-Length: ${body.length + 1}`],
      body,
    );
    expect(await status()).toBe(503);
    await closed;
    expect(door.counts.snapshot().unavailable).toEqual([{ code: 'incomplete-body', count: 1 }]);
  });

  test('a byte now and then does not move the time limit', async () => {
    const { authorization } = await good();
    const { socket, closed, status } = await client([`Authorization: ${authorization}`, 'Content-Length: 1000']);
    const dripping = setInterval(() => socket.write('x'), 20);
    expect(await status()).toBe(503);
    await closed;
    clearInterval(dripping);
  });

  test('a client that goes away in the middle', async () => {
    const { authorization } = await good();
    const { socket } = await client([`Authorization: ${authorization}`, 'Content-Length: 1000'], 'half');
    await wait(50);
    socket.destroy();
    while (door.counts.snapshot().unavailable.length === 0) await wait(5);
    expect(await post(host.url, await good())).toMatchObject({ status: 200 });
  });

  test('more than was announced is no HTTP', async () => {
    const { authorization, body } = await good();
    const { status, closed } = await client(
      [`Authorization: ${authorization}`, `Content-Length: ${body.length}`],
      `${body}{}`,
    );
    expect(await status()).toBe(400); // Node.js itself
    await closed;
  });

  test('a stranger is answered at once, his body not waited for; what he goes on sending is cut', async () => {
    const { socket, closed, status } = await client(['Content-Length: 100000000']);
    expect(await status()).toBe(401); // 503 if it had been waited for
    const flood = setInterval(() => socket.write('x'.repeat(65_536)), 10);
    await closed;
    clearInterval(flood);
  });

  test('a body announced as too large is not waited for', async () => {
    const { authorization } = await good();
    const { status, closed } = await client([`Authorization: ${authorization}`, 'Content-Length: 100000000']);
    expect(await status()).toBe(413);
    await closed;
  });

  test('two hundred half-open clients do not hold up the next', async () => {
    const { authorization } = await good();
    const hanging = await Promise.all(
      Array.from({ length: 200 }, () => client([`Authorization: ${authorization}`, 'Content-Length: 9'], '{')),
    );
    expect(await post(host.url, await good())).toMatchObject({ status: 200 });
    expect(await Promise.all(hanging.map(({ status }) => status()))).toEqual(Array(200).fill(503));
  });
});

describe('read from a stream and from a Request', () => {
  const limits = (more: object = {}) => ({ largest: 10, within: 5_000, memory: new BodyMemory(25), ...more });
  const webOf = (parts: AsyncIterable<Uint8Array>) =>
    new Request('http://localhost/', { method: 'POST', body: ReadableStream.from(parts), duplex: 'half' });
  async function* parts(...list: (string | number | Error)[]): AsyncGenerator<Uint8Array> {
    for (const part of list) {
      if (part instanceof Error) throw part;
      if (typeof part === 'number') await wait(part);
      else yield Buffer.from(part);
    }
  }
  const READERS: [string, (body: AsyncGenerator<Uint8Array>, more?: object) => ReturnType<typeof readRequest>][] = [
    ['stream', (body, more) => readStream(Readable.from(body, { objectMode: false }), undefined, limits(more))],
    ['Request', (body, more) => readRequest(webOf(body), limits(more))],
  ];

  describe.each(READERS)('%s', (_, read) => {
    test('whole, in pieces, and empty', async () => {
      expect(Buffer.from((await read(parts('abc'))) as Uint8Array).toString()).toBe('abc');
      expect(Buffer.from((await read(parts('abc', 1, 'defg', 'hij'))) as Uint8Array).toString()).toBe('abcdefghij');
      expect(await read(parts())).toHaveLength(0);
    });

    test('faults, and their memory is given back', async () => {
      const memory = new BodyMemory(25);
      expect(await read(parts('abc', 'defghijkl'), { memory })).toBe('too_large');
      expect(await read(parts('abc', 500, 'd'), { memory, within: 30 })).toBe('too_slow');
      expect(await read(parts('abc', new Error('reset')), { memory })).toBe('cut_off');
      expect(memory.held).toBe(0);
      memory.take(20);
      expect(await read(parts('abcd', 'efgh'), { memory })).toBe('no_memory');
      expect(memory.held).toBe(20);
      await read(parts('abcd'), { memory });
      expect(memory.held).toBe(24);
    });
  });

  test('a stream that was destroyed before', async () => {
    const stream = Readable.from(parts('abc'));
    stream.destroy();
    expect(await readStream(stream, undefined, limits())).toBe('cut_off');
  });

  test('an account of its length that is no number', async () => {
    expect(await readStream(Readable.from(parts('abc')), 'many', limits())).toHaveLength(3);
    expect(await readStream(Readable.from(parts('abc')), '11', limits())).toBe('too_large');
  });
});
