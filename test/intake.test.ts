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
  const taken = intake(incoming, NOW);
  if (taken.understood) throw new Error(`understood as ${taken.event.type}`);
  return taken;
}
function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
}
function nested(depth: number): object {
  let inner = {};
  for (let i = 0; i < depth; i++) inner = { a: inner };
  return inner;
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
    ['an ArrayBuffer', Uint8Array.from(BYTES).buffer],
    ['a SharedArrayBuffer', shared(BYTES).buffer],
    ['a view of a SharedArrayBuffer', shared(BYTES)],
    ['a DataView', new DataView(new Uint8Array([0, ...BYTES]).buffer, 1)],
    ['an Int8Array', new Int8Array(BYTES)],
    ['a Float64Array', new Float64Array(new TextEncoder().encode(JSON_TEXT.padEnd(2048)).buffer)],
    ['text with a byte order mark', `\ufeff${JSON_TEXT}`],
    ['bytes with a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...BYTES])],
    ['an envelope around an object', { receivedAt: NOW, headers: {}, body: EVENT }],
    ['an envelope around text', { receivedAt: NOW, headers: {}, body: JSON_TEXT }],
    ['an envelope as text', JSON.stringify({ body: JSON_TEXT })],
    ['an envelope around bytes', { receivedAt: NOW, headers: {}, body: Buffer.from(BYTES) }],
    ['a Map', new Map(Object.entries(EVENT))],
    [
      'an object with Maps and Sets',
      { ...EVENT, room: new Map(Object.entries(EVENT.room as object)), tags: new Set() },
    ],
    ['an object without a prototype', Object.assign(Object.create(null), EVENT)],
    ['an object of a class', Object.assign(new (class Webhook {})(), EVENT)],
    ['an object in which something lies 2,000 deep', { ...EVENT, novelty: nested(2_000) }],
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
    ['undefined', undefined, expect.stringContaining('object')],
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

  test('text that is no JSON, by the place where it breaks, quoting none of it', () => {
    const found = (text: string) => refused(text).reason.found;
    expect(found('{"a":"hunter2","b":hunter2}')).toBe("a text that is no JSON: Unexpected token 'h'");
    expect(found('{"a":"hunter2" "b"}')).toContain('at position 15');
    expect(found('"hunter2')).toContain('Unterminated string');
    expect(found('')).toContain('Unexpected end');
    expect(found('NaN')).toBe('a text that is no JSON: no value');
    expect(found('\u001b[31m')).toContain("'\\u001b'");
    for (const text of [
      'hunter2',
      '[hunter2]',
      '{"a":hunter2}',
      "{'hunter2'",
      '{hunter2:1}',
      '"\\hunter2"',
      '"a" hunter2',
    ])
      expect(found(text)).not.toContain('hunter2');
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
    ['a Set', new Set([1])],
    ['a list with a thousand million holes', new Array(1e9)],
    ['an object with such a list', { ...EVENT, novelty: Object.assign([], { 1000000000: 1 }) }],
    ['an object that holds a list a thousand times', { ...EVENT, novelty: Array(1000).fill(Array(1e5).fill(0)) }],
    ['an object with 200 MB of text', { ...EVENT, novelty: 'x'.repeat(2e8) }],
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

  test('envelopes in envelopes, 10,000 deep, are not opened one by one', () => {
    const began = performance.now();
    for (const body of ['1', JSON.stringify('x'.repeat(1e7))])
      expect(intake(`${'{"body":'.repeat(10_000)}${body}${'}'.repeat(10_000)}`, NOW).understood).toBe(false);
    expect(performance.now() - began).toBeLessThan(5000);
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

  test('is what was decoded, also where a secret stands in a field that is decoded', () => {
    const location = 'https://bucket/call.mp4?X-Amz-Signature=hunter2';
    const info = { egressId: 'EG_1', roomId: SID, fileResults: [{ location }], error: '{"token":"hunter2"}' };
    const taken = understood({ event: 'egress_ended', id: 'EV_1', createdAt: 1_767_603_600, egressInfo: info });
    const row = eventRow(taken);
    expect(taken.event.egress).toMatchObject({
      location: 'https://bucket/call.mp4?X-Amz-Signature=***',
      error: '{"token":"***"}',
    });
    expect(row.body).not.toContain('hunter2');
    expect(understood(row.body).event).toEqual(taken.event);
    expect(hex(row.sha256)).toBe(sha256(taken.raw));
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

  test('keeps them though their memory is used again', () => {
    const bytes = new Uint8Array([0xff, 0x00]);
    const row = quarantineRow(refused(bytes));
    bytes.fill(7);
    expect(row.body).toEqual(new Uint8Array([0xff, 0x00]));
  });

  test('has secrets masked also where it could not be read', () => {
    const kept = (incoming: unknown) => Buffer.from(quarantineRow(refused(incoming)).body as string);
    expect(kept('{"turnPassword":"hunter2",').toString()).toBe('{"turnPassword":"***",');
    expect(kept(`{"turnPassword":"${'hunter2'.repeat(1e7)}"}`).toString()).toBe('{"turnPassword":"***');
    const leaky = '{"name":"ü","streamKey":"hünter2","n":1}';
    const masked = '{"name":"ü","streamKey":"***","n":1}';
    expect(kept(Buffer.from(leaky, 'latin1')).toString('latin1')).toBe(masked);
    for (const text of [leaky, `\ufeff${leaky}`, leaky.replaceAll('ü', 'u')]) {
      const plain = text.replace(/"h.nter2"/, '"***"');
      const wide = Buffer.from(text, 'utf16le');
      expect(kept(wide).toString('utf16le')).toBe(plain);
      expect(kept(Buffer.concat([wide.swap16(), Buffer.from('\n')]))).toEqual(
        Buffer.concat([Buffer.from(plain, 'utf16le').swap16(), Buffer.from('\n')]),
      );
    }
  });
});
