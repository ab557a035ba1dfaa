/** The sound of calls: where it was asked for it is on disk when 200 is said; whatever goes wrong, nothing of it is left. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MetricsRecordingHeader } from '@livekit/protocol';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallEvaluatorError } from '../../../src/errors.ts';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { RecordingFolder } from '../../../src/server/agents/recordingFolder.ts';
import { createServer } from '../../../src/server/serve.ts';
import { KEYS } from '../webhook/signed.ts';
import { agentToken, FORM_TYPE, formOf, held, partHead, post, uploading } from './uploading.ts';

const PATH = '/observability/recordings/v0';
const FORM = { 'content-type': FORM_TYPE };
const MB = 1024 * 1024;
const CHUNK = 64 * 1024;
const chat_history = '{"items":[]}';
const headerOf = (roomId: string, jobId = 'AJ_1') => new MetricsRecordingHeader({ roomId, jobId }).toBinary();
const header = headerOf('RM_1');

let outside: string;
let folder: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'recordings-'));
  folder = join(outside, 'sound');
});
afterEach(() => rmSync(outside, { recursive: true }));

const recording = (door?: Parameters<typeof uploading>[0]) =>
  uploading(door, { recordings: new RecordingFolder(folder) });
/** Paths of all files, below the folder that holds that of the recordings. */
const files = () =>
  readdirSync(outside, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !statSync(join(outside, path)).isDirectory(),
  );
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** A form with this as its sound. */
function* sounding(sound: string, parts: Record<string, string | Uint8Array> = { header }, type = 'audio/ogg') {
  const whole = [...formOf(parts)];
  yield* whole.slice(0, -1);
  yield Buffer.concat([partHead('audio', type), Buffer.from(`${sound}\r\n`)]);
  yield whole.at(-1)!;
}

function soundFirst(sound: string, parts?: Record<string, string | Uint8Array>): Uint8Array[] {
  const chunks = [...sounding(sound, parts)];
  return [chunks.at(-2)!, ...chunks.slice(0, -2), chunks.at(-1)!];
}

describe('is kept', () => {
  test('as ROOM/JOB.ogg, whole, for its owner alone; the answer tells where', async () => {
    const { post, taken } = await recording();
    const answer = await post(PATH, { headers: FORM, body: formOf({ header, chat_history }, 3) });
    expect([answer.status, answer.json.audio]).toEqual([200, 'RM_1/AJ_1.ogg']);
    expect(answer.json.receipts).toEqual([{ status: 'stored', roomSid: 'RM_1' }]);
    expect(taken).toMatchObject([{ path: 'recordings', payload: { header: { roomId: 'RM_1' } } }]);
    expect(files()).toEqual(['sound/RM_1/AJ_1.ogg']);
    expect(readFileSync(join(folder, 'RM_1/AJ_1.ogg')).equals(Buffer.alloc(3 * CHUNK, 'OggS'))).toBe(true);
    expect([folder, join(folder, 'RM_1')].map(modeOf)).toEqual([0o700, 0o700]);
    expect(modeOf(join(folder, 'RM_1/AJ_1.ogg'))).toBe(0o600);
  });

  test('also where it comes before the header that says whose it is', async () => {
    const { post } = await recording();
    expect((await post(PATH, { headers: FORM, body: soundFirst('OggS') })).json.audio).toBe('RM_1/AJ_1.ogg');
  });

  test('once: what comes again, under the same name, destroys nothing', async () => {
    const { post } = await recording();
    await post(PATH, { headers: FORM, body: sounding('the first one') });
    for (let i = 0; i < 2; i++)
      expect((await post(PATH, { headers: FORM, body: sounding('another') })).json.audio).toBe('RM_1/AJ_1.ogg');
    expect(files()).toEqual(['sound/RM_1/AJ_1.ogg']);
    expect(readFileSync(join(folder, 'RM_1/AJ_1.ogg'), 'utf8')).toBe('the first one');
  });

  test('of a room’s several jobs each; of two parts in a form the first', async () => {
    const { post } = await recording();
    await post(PATH, { headers: FORM, body: sounding('AJ_2', { header: headerOf('RM_1', 'AJ_2') }) });
    const [first, sound, end] = [...sounding('one')];
    const [, second] = [...sounding('two')];
    await post(PATH, { headers: FORM, body: [first!, sound!, second!, end!] });
    expect(files().sort()).toEqual(['sound/RM_1/AJ_1.ogg', 'sound/RM_1/AJ_2.ogg']);
    expect(readFileSync(join(folder, 'RM_1/AJ_1.ogg'), 'utf8')).toBe('one');
  });

  test('and 25 MB of it are never in memory', async () => {
    const { post } = await recording();
    const before = held();
    let most = 0;
    function* watched(form: Iterable<Uint8Array>) {
      for (const [i, chunk] of [...form].entries()) {
        if (i % 100 === 99) most = Math.max(most, held() - before);
        yield chunk;
      }
    }
    const answer = await post(PATH, { headers: FORM, body: watched(formOf({ header, chat_history }, 400)) });
    expect(answer.json.audio).toBe('RM_1/AJ_1.ogg');
    expect(statSync(join(folder, 'RM_1/AJ_1.ogg')).size).toBe(400 * CHUNK);
    expect(most).toBeLessThan(10 * MB);
  });

  test('no faster than the disk takes it', async () => {
    let ahead = 0;
    function* sound() {
      for (let sent = 0; sent < 400 * CHUNK; sent += CHUNK) {
        const [part] = readdirSync(folder);
        ahead = Math.max(ahead, sent - (part ? statSync(join(folder, part)).size : 0));
        yield Buffer.alloc(CHUNK);
      }
    }
    const file = new RecordingFolder(folder).receive(Readable.from(sound(), { objectMode: false }));
    expect(await file.keepAs({ room: 'RM_1', job: 'AJ_1' })).toBe('RM_1/AJ_1.ogg');
    expect(statSync(join(folder, 'RM_1/AJ_1.ogg')).size).toBe(400 * CHUNK);
    expect(ahead).toBeLessThan(MB);
  });
});

describe('is not kept', () => {
  test('where nobody asked for it', async () => {
    const { post } = await uploading();
    const answer = await post(PATH, { headers: FORM, body: formOf({ header, chat_history }, 3) });
    expect([answer.status, answer.json.audio]).toEqual([200, undefined]);
    expect(files()).toEqual([]);
    const evaluator = new CallEvaluator();
    const server = createServer(evaluator, { env: {}, keys: KEYS });
    const { url } = await server.listen(0);
    const body = formOf({ header: headerOf('RM_nowhere'), chat_history }, 3);
    const told = await send(url, body);
    expect(told).toMatchObject({ status: 200, json: { receipts: [{ roomSid: 'RM_nowhere' }] } });
    expect([files(), existsSync('RM_nowhere')]).toEqual([[], false]);
    await server.close();
    await evaluator.close();
  });

  test.each([
    ['a part of another type', sounding('OggS', { header }, 'audio/wav')],
    ['a part of no sound', sounding('')],
    ['a part of another name', formOf({ header, sound: 'OggS' })],
    ['no part', formOf({ header, chat_history })],
  ])('%s: the rest is taken', async (_, body) => {
    const { post, taken } = await recording();
    const answer = await post(PATH, { headers: FORM, body });
    expect([answer.status, answer.json.audio]).toEqual([200, undefined]);
    expect([taken.length, files()]).toEqual([1, []]);
  });

  test.each([
    [
      'a token that is refused',
      401,
      sounding('OggS'),
      { authorization: `Bearer ${agentToken({}, 'guessed'.repeat(6))}` },
    ],
    ['a form without header', 400, sounding('OggS', { chat_history }), {}],
    ['a chat history that is none', 400, sounding('OggS', { header, chat_history: '{' }), {}],
    ['a form that ends in its sound', 400, [...sounding('OggS')].slice(0, 2), {}],
    ['a header that is too large, behind the sound', 413, soundFirst('OggS', { header: Buffer.alloc(MB) }), {}],
  ])('%s: %i, and nothing is left', async (_, status, body, headers) => {
    const { post, taken } = await recording();
    expect((await post(PATH, { headers: { ...FORM, ...headers }, body })).status).toBe(status);
    expect([taken, readdirSync(folder)]).toEqual([[], []]);
  });

  test('a database that is full: 503, and nothing is left', async () => {
    const full = new CallEvaluatorError('store_full', 'The disk is full.');
    const { post } = await recording({ processTelemetry: () => Promise.reject(full) });
    expect((await post(PATH, { headers: FORM, body: sounding('OggS') })).status).toBe(503);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a connection that breaks: nothing is left', async () => {
    const { url, taken, troubles } = await recording();
    const headers = { ...FORM, authorization: `Bearer ${agentToken()}`, 'content-length': 100 * MB };
    const sending = request(url + PATH, { method: 'POST', headers });
    sending.on('error', () => {});
    for (const chunk of [...formOf({ header, chat_history }, 30)].slice(0, -1)) sending.write(chunk);
    const part = () => readdirSync(folder).map((name) => statSync(join(folder, name)).size > 0);
    await expect.poll(part, { timeout: 5_000 }).toEqual([true]);
    expect(modeOf(join(folder, readdirSync(folder)[0]!))).toBe(0o600);
    sending.destroy();
    await expect.poll(() => troubles, { timeout: 5_000 }).toMatchObject([{ code: 'incomplete-body' }]);
    expect([taken, readdirSync(folder)]).toEqual([[], []]);
  });

  test('a folder that is gone: 503 as agents understand it, and what was told is stored', async () => {
    const { post, taken, troubles } = await recording();
    rmSync(folder, { recursive: true });
    const { status, headers } = await post(PATH, { headers: FORM, body: formOf({ header, chat_history }, 100) });
    expect([status, headers['content-type'], headers['retry-after']]).toEqual([503, 'application/x-protobuf', '5']);
    expect(troubles).toMatchObject([{ code: 'recording-not-kept', cause: { code: 'ENOENT' } }]);
    expect(taken).toMatchObject([{ payload: { chatHistory: { items: [] } } }]);
  });
});

describe('is never outside of its folder', () => {
  test.each([
    ['dots', '..'],
    ['a dot', '.'],
    ['a way up', '../../../../../../tmp/RM_1'],
    ['a whole path', '/tmp/RM_1'],
    ['a backslash', '..\\RM_1'],
    ['a NUL', 'RM_1\0'],
    ['a line break', 'RM_1\n'],
    ['letters of elsewhere', 'RM_ä'],
    ['too long a name', 'R'.repeat(65)],
    ['none at all', ''],
  ])('whatever the header names: %s', async (_, hostile) => {
    const { post } = await recording();
    const parts = { header: headerOf(hostile, hostile), chat_history };
    const told = [];
    for (let i = 0; i < 2; i++) {
      const { status, json } = await post(PATH, { headers: FORM, body: sounding('OggS', parts) });
      told.push([status, json.audio]);
    }
    const [path] = files();
    expect(path).toMatch(/^sound\/(sha256\.[\da-f]{32})\/\1\.ogg$/);
    expect([files().length, readdirSync(outside)]).toEqual([1, ['sound']]);
    expect(told).toEqual(Array(2).fill([200, path!.slice('sound/'.length)]));
  });

  test('two sessions that name no room are two files', async () => {
    const { post } = await recording();
    for (const duration of [1n, 2n]) {
      const header = new MetricsRecordingHeader({ duration }).toBinary();
      expect((await post(PATH, { headers: FORM, body: sounding('OggS', { header }) })).status).toBe(200);
    }
    expect(files()).toHaveLength(2);
  });

  test('a link in the place of the room’s folder is not followed: 503, and nothing is left', async () => {
    const { post, taken, troubles } = await recording();
    const elsewhere = join(outside, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(folder, 'RM_1'));
    symlinkSync(join(outside, 'not-there'), join(folder, 'RM_2'));
    for (const room of ['RM_1', 'RM_2'])
      expect((await post(PATH, { headers: FORM, body: sounding('OggS', { header: headerOf(room) }) })).status).toBe(
        503,
      );
    expect(troubles).toMatchObject(Array(2).fill({ code: 'recording-not-kept' }));
    expect([taken.length, readdirSync(elsewhere), readdirSync(folder).sort()]).toEqual([2, [], ['RM_1', 'RM_2']]);
    expect(existsSync(join(outside, 'not-there'))).toBe(false);
  });

  test('a link in the place of the file stays, and so does what it leads to', async () => {
    const { post } = await recording();
    const other = join(outside, 'other');
    writeFileSync(other, 'not to be touched');
    mkdirSync(join(folder, 'RM_1'));
    symlinkSync(other, join(folder, 'RM_1/AJ_1.ogg'));
    expect((await post(PATH, { headers: FORM, body: sounding('OggS') })).status).toBe(200);
    expect(readFileSync(other, 'utf8')).toBe('not to be touched');
    expect(readdirSync(folder)).toEqual(['RM_1']);
  });
});

describe('the server', () => {
  const evaluator = new CallEvaluator();
  afterAll(() => evaluator.close());
  const serving = (recordings: unknown) =>
    createServer(evaluator, { env: {}, keys: KEYS, recordings: recordings as string });

  test('keeps it, and at its start removes what a process that died has left behind, and nothing else', async () => {
    mkdirSync(join(folder, 'RM_0'), { recursive: true });
    const part = '.0b2f9a52-5f0c-4a43-9d5f-0d7a8a2b9a11.part';
    const others = ['notes.part', '.hidden', `${part}.txt`, 'RM_0/AJ_0.ogg', `RM_0/${part}`];
    for (const path of [part, ...others]) writeFileSync(join(folder, path), 'x');
    const server = serving(folder);
    const { url } = await server.listen(0);
    expect(files().sort()).toEqual(others.map((path) => `sound/${path}`).sort());
    expect(await send(url, formOf({ header, chat_history }, 1))).toMatchObject({
      status: 200,
      json: { audio: 'RM_1/AJ_1.ogg', receipts: [{ status: 'stored' }] },
    });
    expect(await send(url, formOf({ header, chat_history }, 1))).toMatchObject({
      status: 200,
      json: { audio: 'RM_1/AJ_1.ogg', receipts: [{ status: 'duplicate' }] },
    });
    await server.close();
  });

  test('takes a folder that is a link, and looks where it leads once', async () => {
    const real = join(outside, 'real');
    mkdirSync(real);
    symlinkSync(real, folder);
    expect(new RecordingFolder(folder).path).toBe(new RecordingFolder(real).path);
  });

  test.each([
    [
      'a file',
      () => file('file'),
      /cannot be kept in ".*": it is a file\. Give option recordings \(--recordings\) a folder/,
    ],
    ['what lies below a file', () => join(file('file'), 'sound'), /it is, or lies below, a file/],
    ['nothing', () => '', /it is no path/],
    ['no text', () => 7, /cannot be kept in 7: it is no path/],
    ['a NUL', () => 'a\0b', /null bytes/],
  ])('does not start with %s, and says the fix', (_, make, message) => {
    const recordings = make();
    expect(() => serving(recordings)).toThrow(message);
    expect(() => serving(recordings)).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });

  function file(name: string): string {
    writeFileSync(join(outside, name), '');
    return join(outside, name);
  }
});

const send = (url: string, body: Iterable<Uint8Array>) => post(url + PATH, { headers: FORM, body });
