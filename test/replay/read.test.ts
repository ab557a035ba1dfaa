import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InputLine } from '../../src/replay/lines.ts';
import { readLines } from '../../src/replay/read.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function read(...paths: string[]): Promise<InputLine[]> {
  const lines: InputLine[] = [];
  for await (const batch of readLines(paths)) lines.push(...batch);
  return lines;
}

/** What each line says, by its number. */
async function texts(path: string): Promise<[number, string | number[]][]> {
  return (await read(path)).map((line) => [line.line, 'text' in line ? line.text : [...line.bytes]]);
}

describe('a line an event', () => {
  test('CRLF, blank lines, byte order marks and a missing last line end leave the events and their numbers', async () => {
    const path = file('lines.ndjson', '\uFEFF{"a":1}\r\n\r\n  \n{"b":"ü"}\n\uFEFF{"c":3}');
    expect(await texts(path)).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":"ü"}'],
      [5, '{"c":3}'],
    ]);
  });

  test('a broken line stands alone, whatever brackets and quotes it leaves open', async () => {
    const path = file('broken.jsonl', '[[[{"\nhello\n{"a":1}\n');
    expect((await texts(path)).map(([, text]) => text)).toEqual(['[[[{"', 'hello', '{"a":1}']);
  });

  test('a line that is not UTF-8 comes as bytes, its neighbours as text', async () => {
    const path = file('latin1.ndjson', Buffer.from('{"a":1}\n{"b":"\xfc"}\n{"c":3}\n', 'latin1'));
    expect(await texts(path)).toEqual([
      [1, '{"a":1}'],
      [2, [...Buffer.from('{"b":"\xfc"}', 'latin1')]],
      [3, '{"c":3}'],
    ]);
  });

  test('events that lie across the chunks in which a file is read are whole', async () => {
    const events = Array.from({ length: 5000 }, (_, i) => `{"i":${i},"text":"${'é'.repeat(i % 400)}"}`);
    const lines = await read(file('long.ndjson', events.join('\n')));
    expect(lines.map((line) => 'text' in line && line.text)).toEqual(events);
    expect(lines.at(-1)!.line).toBe(5000);
  });

  test('a line beyond 64 MiB is cut, and the next one is read', async () => {
    const path = join(folder, 'huge.ndjson');
    const descriptor = openSync(path, 'w');
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 65; i++) writeSync(descriptor, mebibyte);
    writeSync(descriptor, '\n{"a":1}\n');
    closeSync(descriptor);
    const [huge, next] = await read(path);
    expect(huge).toMatchObject({ line: 1, cutFrom: 65 * 1024 * 1024 });
    expect('bytes' in huge! && huge.bytes.length).toBe(64 * 1024);
    expect(next).toEqual({ file: path, line: 2, text: '{"a":1}' });
  });

  test('an empty file holds nothing', async () => {
    expect(await read(file('empty.ndjson', ''), file('empty.json', ''), file('blank.json', ' \n'))).toEqual([]);
  });
});

describe('JSON that goes over lines', () => {
  test('one event, pretty-printed, is one text', async () => {
    const event = JSON.stringify({ event: 'room_started', room: { sid: 'RM_1', tags: [] } }, null, 2);
    expect(await texts(file('event.json', `\uFEFF${event}\n`))).toEqual([[1, event]]);
  });

  test('an array gives its elements as they stand, numbered from 1', async () => {
    const path = file('array.json', '[\n  {"a": 1e400, "s": "]},\\"{"},\n  {"b": [[1], {}]}, 17, "x,y", null\n]\n');
    expect(await texts(path)).toEqual([
      [1, '{"a": 1e400, "s": "]},\\"{"}'],
      [2, '{"b": [[1], {}]}'],
      [3, '17'],
      [4, '"x,y"'],
      [5, 'null'],
    ]);
  });

  test('values one after another, as cat *.json gives them, are all read', async () => {
    expect((await texts(file('cat.json', '{\n"a":1\n}{\n"b":2\n}\n[{"c":3}]\n'))).map(([, text]) => text)).toEqual([
      '{\n"a":1\n}',
      '{\n"b":2\n}',
      '{"c":3}',
    ]);
  });

  test('elements that lie across chunks are whole', async () => {
    const events = Array.from({ length: 5000 }, (_, i) => ({ i, text: '"é\\'.repeat(i % 100) }));
    const lines = await read(file('long.json', JSON.stringify(events)));
    expect(lines.map((line) => 'text' in line && JSON.parse(line.text))).toEqual(events);
  });

  test('a .json that holds a line an event is read by lines', async () => {
    expect(await texts(file('export.json', '{"a":1}\n{"b":\n{"c":3}\n'))).toEqual([
      [1, '{"a":1}'],
      [2, '{"b":'],
      [3, '{"c":3}'],
    ]);
  });

  test('a broken first line does not swallow the good lines after it', async () => {
    expect(await texts(file('brokenFirst.json', '{"a":"\n{"b":2}\n{"c":3}\n'))).toEqual([
      [1, '{"a":"'],
      [2, '{"b":2}'],
      [3, '{"c":3}'],
    ]);
  });

  test('what is no JSON is one text, for the engine to refuse', async () => {
    expect(await texts(file('cut.json', '{\n  "event": "room_sta'))).toEqual([[1, '{\n  "event": "room_sta']]);
    expect(await texts(file('deep.json', '['.repeat(100_000)))).toEqual([[1, '['.repeat(99_999)]]);
  });

  test('an array that never closes is not taken for whole', async () => {
    expect(await texts(file('open.json', '[{"a":1},\n'))).toEqual([
      [1, '{"a":1}'],
      [2, '['],
    ]);
  });
});

describe('gzip', () => {
  test('is known by its first bytes, whatever the name, also in several members', async () => {
    const members = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}\n')]);
    for (const name of ['a.ndjson.gz', 'a.ndjson'])
      expect((await texts(file(name, members))).map(([, text]) => text)).toEqual(['{"a":1}', '{"b":2}']);
    expect(await texts(file('a.json.gz', gzipSync('[{"a":1}]')))).toEqual([[1, '{"a":1}']]);
    expect(await texts(file('plain.ndjson.gz', '{"a":1}\n'))).toEqual([[1, '{"a":1}']]);
  });

  test('that is truncated gives what came before, and what is in the other files, and then an error that names it', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `{"i":${i},"x":${Math.random()}}`).join('\n'));
    const path = file('truncated.ndjson.gz', whole.subarray(0, whole.length / 2));
    const after = file('after.ndjson', '{"last":true}\n');
    const lines: InputLine[] = [];
    const reading = async () => {
      for await (const batch of readLines([path, after])) lines.push(...batch);
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'unreadable_input',
      message: expect.stringContaining('truncated.ndjson.gz'),
    });
    expect(lines.length).toBeGreaterThan(5000);
    expect(lines.every((line) => 'text' in line && JSON.parse(line.text))).toBe(true);
    expect(lines.at(-1)).toMatchObject({ file: after });
  });

  test('names in its head, and zeros after its end, are no fault', async () => {
    const zipped = gzipSync('{"a":1}\n{"b":2}');
    zipped[3] = 0b1_1110; // extra field, name, comment, check of the head
    const head = Buffer.concat([zipped.subarray(0, 10), Buffer.from('\x03\0xyzname\0comment\0\0\0', 'latin1')]);
    const path = file('padded.ndjson.gz', Buffer.concat([head, zipped.subarray(10), Buffer.alloc(300_000)]));
    expect((await texts(path)).map(([, text]) => text)).toEqual(['{"a":1}', '{"b":2}']);
  });

  test.each([
    ['a line an event', 'x.ndjson.gz', '{"a":1}\n{"b":2}\n'],
    ['without an end of the last line', 'y.ndjson.gz', '{"a":1}\n{"b":2}'],
    ['JSON on one line', 'z.json.gz', '[{"a":1},{"b":2}]'],
  ])('that is followed by something else is read whole, and then an error: %s', async (_, name, content) => {
    for (const garbage of ['garbage\n', '\0\0garbage', '\x1f']) {
      const path = file(name, Buffer.concat([gzipSync(content), Buffer.from(garbage)]));
      const lines: InputLine[] = [];
      const reading = async () => {
        for await (const batch of readLines([path])) lines.push(...batch);
      };
      await expect(reading()).rejects.toThrow(`${path} is a damaged gzip file (garbage after its end)`);
      expect(lines.map((line) => 'text' in line && line.text)).toEqual(['{"a":1}', '{"b":2}']);
    }
  });

  test('that is cut within its first line gives the events before', async () => {
    const whole = gzipSync(JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ i, x: Math.random() }))));
    const path = file('cut.json.gz', whole.subarray(0, whole.length - 30));
    const lines: InputLine[] = [];
    const reading = async () => {
      for await (const batch of readLines([path])) lines.push(...batch);
    };
    await expect(reading()).rejects.toThrow('cut.json.gz is a damaged gzip file (unexpected end of file)');
    expect(lines.length).toBeGreaterThan(30);
  });

  test.each([
    ['damaged in the middle', (whole: Buffer) => whole.fill(0x55, whole.length >> 1, (whole.length >> 1) + 100)],
    ['cut within its head', (whole: Buffer) => whole.subarray(0, 5)],
    ['cut within its end', (whole: Buffer) => whole.subarray(0, -3)],
    ['wrong in its check', (whole: Buffer) => whole.fill(0x55, whole.length - 8, whole.length - 4)],
    ['wrong in its length', (whole: Buffer) => whole.fill(0x55, whole.length - 4)],
    ['compressed otherwise', (whole: Buffer) => whole.fill(7, 2, 3)],
  ])('that is %s is an error too', async (name, harm) => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `{"i":${i},"x":${Math.random()}}`).join('\n'));
    const path = file(`${name}.ndjson.gz`, harm(whole));
    await expect(read(path)).rejects.toMatchObject({
      code: 'unreadable_input',
      message: expect.stringContaining(path),
    });
  });
});

describe('files and folders', () => {
  test('a folder is read through, sorted by name, without what is not events', async () => {
    for (const name of [
      'b.ndjson',
      'a/2.json',
      'a/1.jsonl',
      'c.ndjson.gz',
      'a.metrics.json',
      'expect.json',
      'notes.md',
    ])
      file(`tree/${name}`, '{}');
    for (const name of ['package.json', 'node_modules/x/data.json', '.git/x.json']) file(`tree/${name}`, '{}');
    symlinkSync(join(folder, 'tree'), join(folder, 'tree/loop'));
    const found = (await read(join(folder, 'tree'))).map((line) => line.file.slice(folder.length));
    expect(found).toEqual(['/tree/a/1.jsonl', '/tree/a/2.json', '/tree/b.ndjson', '/tree/c.ndjson.gz']);
  });

  test('what cannot be read in a folder is named at the end, and the rest is read', async () => {
    for (const name of ['a.ndjson', 'c.ndjson']) file(`holes/${name}`, '{}\n');
    symlinkSync('/nonexistent/target', join(folder, 'holes/b.ndjson'));
    const found: string[] = [];
    const reading = async () => {
      for await (const batch of readLines([join(folder, 'holes')])) found.push(...batch.map((line) => line.file));
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'unreadable_input',
      message: `Cannot read ${join(folder, 'holes/b.ndjson')}: there is no such file or folder. Check the path.`,
    });
    expect(found).toEqual(['a.ndjson', 'c.ndjson'].map((name) => join(folder, 'holes', name)));
  });

  test('a file that is named is read, whatever its name', async () => {
    expect(await texts(file('own.metrics.json', '{"a":1}'))).toEqual([[1, '{"a":1}']]);
    expect(await texts(file('events.log', 'x\n{"a":1}\n'))).toEqual([
      [1, 'x'],
      [2, '{"a":1}'],
    ]);
  });

  test('a path that is not there is an error before anything is read, and names it', async () => {
    const first = readLines([file('good.ndjson', '{"a":1}\n'), '/nonexistent/file.ndjson']).next();
    await expect(first).rejects.toMatchObject({
      code: 'unreadable_input',
      message: 'Cannot read /nonexistent/file.ndjson: there is no such file or folder. Check the path.',
    });
  });

  test('a folder without events is an error, not a silent nothing', async () => {
    mkdirSync(join(folder, 'bare'));
    await expect(read(join(folder, 'bare'))).rejects.toMatchObject({ code: 'unreadable_input' });
  });

  test('progress goes up to the bytes of all files', async () => {
    const paths = [file('p1.ndjson', '{"a":1}\n'), file('p2.ndjson.gz', gzipSync('{"b":2}\n'))];
    const told: [number, number | null][] = [];
    for await (const _ of readLines(paths, { onProgress: (...done) => told.push(done) }));
    const [bytes, total] = told.at(-1)!;
    expect(bytes).toBe(total);
    expect(told.map(([sum]) => sum)).toEqual(told.map(([sum]) => sum).sort((a, b) => a - b));
  });
});

describe('standard input', () => {
  const script = `import { readLines } from ${JSON.stringify(join(import.meta.dirname, '../../src/replay/read.ts'))};
    const lines = (await Array.fromAsync(readLines(['-']))).flat();
    console.log(JSON.stringify(lines.map((line) => [line.file, line.line, line.text])));`;

  async function piped(...chunks: (string | Uint8Array)[]): Promise<[string, number, string][]> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for (const chunk of chunks) child.stdin.write(chunk);
    child.stdin.end();
    return JSON.parse((await child.stdout.toArray()).join(''));
  }

  test('takes NDJSON, an array, pretty-printed events, and gzip of them', async () => {
    const lines = [
      ['-', 1, '{"a":1}'],
      ['-', 2, '{"b":2}'],
    ];
    const zipped = gzipSync('{"a":1}\n{"b":2}\n');
    expect(await piped('{"a":1}\n', '{"b":2}')).toEqual(lines);
    expect(await piped('[{"a":1},', '{"b":2}]')).toEqual(lines);
    expect(await piped(zipped.subarray(0, 1), zipped.subarray(1))).toEqual(lines);
    expect(await piped('{\n"a":1}\n{\n"b":2}')).toEqual([
      ['-', 1, '{\n"a":1}'],
      ['-', 2, '{\n"b":2}'],
    ]);
    expect(await piped('{"broken\n{"a":1}\n')).toEqual([
      ['-', 1, '{"broken'],
      ['-', 2, '{"a":1}'],
    ]);
  });
});
