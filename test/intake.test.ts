/** The door: whatever is handed in as an event, it is understood or refused with a reason. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  eventRow,
  type Incoming,
  intake,
  LARGEST_BODY,
  type NotUnderstood,
  quarantineRow,
  type Understood,
} from '../src/intake.ts';
import { ingress, joined, ms, SID, started } from './call/story.ts';

const NOW = ms(100);
const EVENT = joined(2, 'ana');
const JSON_TEXT = JSON.stringify(EVENT);
const BYTES = new TextEncoder().encode(JSON_TEXT);

function understood(incoming: Incoming): Understood {
  const taken = intake(incoming, NOW);
  if (!taken.understood) throw new Error(`not understood: ${JSON.stringify(taken.reason)}`);
  return taken;
}
function refused(incoming: unknown): NotUnderstood {
  const taken = intake(incoming as Incoming, NOW);
  if (taken.understood) throw new Error(`understood as ${taken.event.type}`);
  return taken;
}
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex');

describe('an event is understood', () => {
  test.each([
    ['an object', EVENT],
    ['JSON text', JSON_TEXT],
    ['bytes', BYTES],
    ['a Buffer', Buffer.from(BYTES)],
    ['a view into more bytes', new Uint8Array([0, ...BYTES, 0]).subarray(1, BYTES.length + 1)],
    ['text with a byte order mark', `\ufeff${JSON_TEXT}`],
    ['bytes with a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...BYTES])],
    ['an envelope around an object', { receivedAt: NOW, headers: {}, body: EVENT }],
    ['an envelope around text', { receivedAt: NOW, headers: {}, body: JSON_TEXT }],
    ['an envelope as text', JSON.stringify({ body: JSON_TEXT })],
  ])('from %s', (_, incoming) => expect(understood(incoming).event).toEqual(understood(EVENT).event));

  test('from an SDK’s object with BigInts', () => {
    expect(understood({ ...EVENT, createdAt: BigInt(EVENT.createdAt as string) }).event).toEqual(
      understood(EVENT).event,
    );
  });

  test('from an object with a toJSON of its own', () => {
    expect(understood({ toJSON: () => EVENT }).event).toEqual(understood(EVENT).event);
  });
});

describe('when it was received', () => {
  test('is now', () => expect(understood(EVENT).receivedAt).toBe(NOW));

  test('is what the envelope says, where that is an instant', () => {
    const at = (receivedAt: unknown) => understood({ receivedAt, body: EVENT }).receivedAt;
    expect([at(ms(7)), at(new Date(ms(7)).toISOString())]).toEqual([ms(7), ms(7)]);
    expect([at(undefined), at('soon'), at(Number.NaN), at(1.5), at({})]).toEqual(Array(5).fill(NOW));
  });
});

describe('is refused, with the reason', () => {
  test.each([
    ['text that is no JSON', '{"event":', 'JSON'],
    ['no text', '', 'JSON'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe]), 'JSON in UTF-8'],
    ['undefined', undefined, 'JSON'],
    ['a function', () => 1, 'JSON'],
    ['JSON that is no object', '[1]', expect.stringContaining('object')],
    ['null', null, expect.stringContaining('object')],
  ])('%s', (_, incoming, expected) => {
    expect(refused(incoming).reason).toMatchObject({
      field: '(body)',
      found: expect.stringMatching(/./),
      expected,
      roomSid: null,
    });
  });

  test('an object that cannot be written as JSON', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const trap = Object.defineProperty({}, 'event', {
      enumerable: true,
      get: () => {
        throw new Error('a trap');
      },
    });
    expect(refused(circle).reason.found).toMatch(/circular/i);
    expect(refused(trap).reason.found).toBe('a trap');
  });

  test('more than is ever read, of which only the beginning is kept', () => {
    const { reason, body } = refused('x'.repeat(LARGEST_BODY + 1));
    expect(reason).toMatchObject({ found: `${LARGEST_BODY + 1} bytes`, expected: `at most ${LARGEST_BODY} bytes` });
    expect(body.length).toBeLessThanOrEqual(64 * 1024);
  });

  test('what an envelope holds that is no event', () => {
    expect(refused({ body: '{"event":7}' }).reason.field).toBe('event');
    expect(refused({ body: 'no JSON' }).reason.field).toBe('(body)');
  });

  test('the room that it seems to speak of is told', () => {
    expect(refused({ ...EVENT, participant: null }).reason).toMatchObject({ field: 'participant', roomSid: SID });
  });
});

describe('nothing that is handed in throws or hangs', () => {
  test.each([
    ['10,000-deep nesting in text', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['10,000-deep lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a __proto__ key', '{"__proto__":{"event":"room_started"},"constructor":1}'],
    ['NUL bytes', '\u0000\u0000'],
    ['a Map', new Map([['event', 1]])],
    ['a Date', new Date(0)],
    ['an array of envelopes', [{ body: JSON_TEXT }]],
  ])('%s', (_, incoming) => expect(intake(incoming, NOW).understood).toBe(false));

  test('an event with a __proto__ key is the event without', () => {
    const polluted = JSON_TEXT.replace('{', '{"__proto__":{"event":"room_finished","x":1},');
    expect(understood(polluted).event).toEqual(understood(JSON_TEXT).event);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('2 MB of metadata', () => {
    expect(understood({ ...EVENT, room: { ...(EVENT.room as object), metadata: 'x'.repeat(2e6) } }).event.type).toBe(
      'participant_joined',
    );
  });

  test('envelopes in envelopes, 10,000 deep', () => {
    expect(intake(`${'{"body":'.repeat(10_000)}1${'}'.repeat(10_000)}`, NOW).understood).toBe(false);
  });
});

describe('what goes into the history', () => {
  test('is the body as it came, with the digest of its bytes', () => {
    const spaced = `\ufeff${JSON_TEXT.replaceAll(',', ' ,\n')}`;
    expect(eventRow(understood(spaced))).toMatchObject({
      body: spaced,
      roomSid: SID,
      roomName: 'story',
      id: EVENT.id,
      at: ms(2),
    });
    expect(hex(eventRow(understood(spaced)).sha256)).toBe(sha256(spaced));
    expect(hex(eventRow(understood(BYTES)).sha256)).toBe(sha256(BYTES));
  });

  test('of an envelope is what LiveKit sent', () => {
    expect(eventRow(understood({ receivedAt: 5, headers: { authorization: 'jwt' }, body: JSON_TEXT }))).toMatchObject({
      body: JSON_TEXT,
      receivedAt: 5,
    });
  });

  test('has its secrets masked, and the digest of the original', () => {
    const leaky = JSON.stringify({ ...started(0), room: { sid: SID, turnPassword: 'pw"1' } });
    const row = eventRow(understood(leaky));
    expect(row.body).toBe(leaky.replace('"pw\\"1"', '"***"'));
    expect(hex(row.sha256)).toBe(sha256(leaky));
    const bad = quarantineRow(refused('{"streamKey":"sk","event":7}'));
    expect(bad.body).toBe('{"streamKey":"***","event":7}');
    expect(hex(bad.sha256)).toBe(sha256('{"streamKey":"sk","event":7}'));
  });

  test('has one key for one fact, whatever id and encoding it came in', () => {
    const again = { ...EVENT, id: 'EV_z', createdAt: Number(EVENT.createdAt) };
    expect(eventRow(understood(again)).fact).toBe(eventRow(understood(EVENT)).fact);
    expect(eventRow(understood(joined(3, 'ana'))).fact).not.toBe(eventRow(understood(EVENT)).fact);
  });

  test('names no room where the payload names none', () => {
    expect(eventRow(understood(ingress('started', 5)))).toMatchObject({ roomSid: '', roomName: 'story' });
  });

  test('is text that UTF-8 can hold', () => {
    const half = { ...EVENT, participant: { sid: 'PA_\ud800', identity: 'ana\udc00', name: '\ud83d' } };
    for (const text of [JSON.stringify(half), `{"event":7,"x":"\ud800"}`]) {
      const taken = intake(text, NOW);
      const row = taken.understood ? eventRow(taken) : quarantineRow(taken);
      expect((row.body as string).isWellFormed()).toBe(true);
    }
    const row = eventRow(understood(JSON_TEXT.replace('"kind"', '"note":"\ud800","kind"')));
    expect(row.body.isWellFormed()).toBe(true);
  });

  test('keeps bytes that are no text as they are', () => {
    expect(quarantineRow(refused(new Uint8Array([0xff, 0x00]))).body).toEqual(new Uint8Array([0xff, 0x00]));
  });
});
