import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

let written: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const done = { bytes: 5e9, totalBytes: 1e10, events: 4_000_000, rooms: 1000 };

test('short work shows nothing', () => {
  const progress = new Progress();
  progress.show(done);
  vi.advanceTimersByTime(900);
  progress.show(done);
  progress.clear();
  expect(written).toEqual([]);
});

test('long work shows one line that is rewritten ten times a second, and wiped', () => {
  const progress = new Progress();
  vi.advanceTimersByTime(2000);
  progress.show(done);
  progress.show(done);
  progress.clear();
  expect(written).toEqual([
    '\r\u001b[2K5000 MB of 10000 MB (50 %), 4,000,000 events, 1,000 calls, 2,000,000 events/s',
    '\r\u001b[2K',
  ]);
});

test('other work has its own line, made only when it is shown', () => {
  const progress = new Progress();
  const line = vi.fn((seconds: number) => `${seconds} s`);
  progress.line(line);
  vi.advanceTimersByTime(2000);
  progress.line(line);
  expect(line).toHaveBeenCalledTimes(1);
  expect(written).toEqual(['\r\u001b[2K2 s']);
});

test('a pipe has no length to be told a share of', () => {
  const progress = new Progress();
  vi.advanceTimersByTime(2000);
  progress.show({ ...done, bytes: 1.25e6, totalBytes: null });
  expect(written[0]).toContain('1.3 MB, 4,000,000 events');
});
