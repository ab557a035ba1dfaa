/** What is handed in as an event and is neither text, bytes nor a plain object: told what it is, and what to do instead. */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { intake, type NotUnderstood } from '../src/intake.ts';

function refused(incoming: unknown): NotUnderstood {
  const taken = intake(incoming, 0);
  if (taken.understood) throw new Error(`understood as ${taken.event.type}`);
  return taken;
}
function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}
function givenAway(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}
const throwing = (thrown: unknown) => () => {
  throw thrown;
};
const request = () => new Request('http://host/', { method: 'POST', body: '{}' });

describe('is told what it is, what to do, and kept as far as that goes', () => {
  test.each([
    ['undefined', undefined, 'nothing', 'plain object', 'undefined'],
    ['a promise', Promise.resolve({ event: 'room_started' }), 'a Promise', 'await it first', 'room_started'],
    ['a function', function webhook() {}, 'a function', 'call it first', 'webhook'],
    ['a symbol', Symbol('webhook'), 'a symbol', 'plain object', 'webhook'],
    ['a Request', request(), 'a Request', 'text()', 'Request'],
    ['a Response', new Response('{}'), 'a Response', 'text()', 'Response'],
    ['a Blob', new Blob(['{}']), 'a Blob', 'text()', 'Blob'],
    ['a ReadableStream', request().body, 'a ReadableStream', 'read it to the end', 'ReadableStream'],
    [
      'a request of Node.js',
      new IncomingMessage(new Socket()),
      'an IncomingMessage',
      'read it to the end',
      'httpVersion',
    ],
    ['an Error', new Error('lost'), 'an Error', 'plain object', 'lost'],
    ['an object of a class', new (class Webhook {})(), 'a Webhook', 'plain object', 'Webhook'],
    ['what an envelope holds', { body: Promise.resolve('later') }, 'a Promise', 'await it first', 'later'],
  ])('%s', (_, incoming, found, expected, kept) => {
    const { reason, body } = refused(incoming);
    expect(reason).toMatchObject({ field: '(body)', found: expect.stringContaining(found), roomSid: null });
    expect(reason.expected).toContain(expected);
    expect(body).toContain(kept);
  });
});

describe('that cannot be read never throws', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const traps = new Proxy({}, { get: throwing(revoked({})), getPrototypeOf: throwing(null), ownKeys: throwing(1) });

  test.each([
    ['a circle', circle, /^an object that cannot be read: .*circular/i, 'Circular'],
    [
      'a getter',
      Object.defineProperty({ a: 5 }, 'b', { enumerable: true, get: throwing(new Error('no b')) }),
      /: no b$/,
      'a: 5',
    ],
    ['a toJSON', { toJSON: throwing(new Error('no JSON')), a: 5 }, /: no JSON$/, 'a: 5'],
    ['an error that is none', { toJSON: throwing(null), a: 5 }, /: null$/, 'a: 5'],
    ['an error that cannot be read', { toJSON: throwing({ toString: throwing(1) }), a: 5 }, /./, 'a: 5'],
    ['an error that tells a secret', { toJSON: throwing(new Error('token=hunter2')) }, /: token=\*\*\*$/, 'toJSON'],
    ['a revoked proxy', revoked({}), /^a Proxy .*revoked/, 'Revoked'],
    ['a revoked proxy of a function', revoked(() => 1), /revoked/, 'Revoked'],
    ['a revoked proxy inside', { event: 'room_started', room: revoked({}) }, /revoked/, 'room_started'],
    ['a revoked proxy in an envelope', { body: revoked({}) }, /revoked/, 'Revoked'],
    ['a proxy with traps', traps, /^a Proxy/, '{}'],
    ['memory that was given away', givenAway(), /^an ArrayBuffer .*detached/, 'detached'],
  ])('%s', (_, incoming, found, kept) => {
    const { reason, body } = refused(incoming);
    expect(reason.found).toMatch(found);
    expect(body).toContain(kept);
  });
});

test('what is kept of it has its secrets masked', () => {
  const headers = { authorization: 'Bearer hunter2' };
  const held = { headers, room: { turnPassword: 'hunter2' }, toJSON: throwing(1) };
  for (const incoming of [held, Promise.resolve(held), Readable.from([held])])
    expect(refused(incoming).body).not.toContain('hunter2');
});

test('a rejected promise is told, and left to whoever made it', async () => {
  const lost = Promise.reject(new Error('lost'));
  expect(refused(lost).body).toContain('lost');
  await expect(lost).rejects.toThrow('lost');
});
