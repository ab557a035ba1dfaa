import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WholeFile } from '../../src/cli/wholeFile.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-file-'));
  path = join(folder, 'calls.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is under its name when it is kept, and not before', async () => {
  writeFileSync(path, 'before');
  const file = await WholeFile.open(path);
  await file.text('x'.repeat(100_000));
  await file.write(Buffer.from('yy'));
  file.text('z');
  expect(readFileSync(path, 'utf8')).toBe('before');
  await file.keep();
  expect(readFileSync(path, 'utf8')).toBe(`${'x'.repeat(100_000)}yyz`);
  expect(file.bytes).toBe(100_003);
  expect(readdirSync(folder)).toEqual(['calls.csv']);
});

test('leaves nothing when it is dropped', async () => {
  const file = await WholeFile.open(path);
  await file.text('x'.repeat(100_000));
  file.drop();
  expect(readdirSync(folder)).toEqual([]);
});

test('a link keeps leading to it, and nobody may read it who might not before', async () => {
  const link = join(folder, 'link.csv');
  writeFileSync(path, 'before');
  chmodSync(path, 0o600);
  symlinkSync(path, link);
  const file = await WholeFile.open(link);
  file.text('after');
  await file.keep();
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')('what is no file is written to, and stays what it is', async () => {
  const file = await WholeFile.open('/dev/null');
  file.text('x');
  await file.keep();
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test.each(['missing/calls.csv', '.'])('%s cannot be written, and says so', async (name) => {
  await expect(WholeFile.open(join(folder, name))).rejects.toMatchObject({
    code: 'bad_option',
    message: expect.stringMatching(/ cannot be written \(.+\): make room, or name another file with --out\.$/),
  });
});
