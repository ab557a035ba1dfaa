/**
 * One measurement of memory, in bytes, in a process of its own (questions/memory.ts); the answer goes to descriptor 3.
 * JavaScript, so that no types are stripped: that alone takes tens of MiB.
 *   DIST rooms FILE ROOMS         heap of one open room
 *   DIST library [FILE EVENTS]    peak of the resident memory of replayFiles; without a file, of the idle process
 *   DIST command ARGUMENT…        the same of `call-evaluator replay`
 */
import { createReadStream, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [dist, what, file, count] = process.argv.slice(2);
const NOW = Date.UTC(2026, 0, 12);
const tell = (bytes) => writeSync(3, String(bytes));
const peak = () => process.resourceUsage().maxRSS * 1024;

if (what === 'command') {
  process.on('exit', () => tell(peak()));
  process.argv.splice(2, 2, 'replay', '--quiet', '--format', 'ndjson');
  await import(`${dist}/cli/main.js`);
} else {
  const { CallEvaluator, replayFiles } = await import(`${dist}/index.js`);
  tell(what === 'rooms' ? await heapOfRoom(CallEvaluator, Number(count)) : await peakOf(replayFiles, Number(count)));
}

async function heapOfRoom(CallEvaluator, rooms) {
  const evaluator = new CallEvaluator({ liveRooms: rooms, clock: () => NOW }); // its store is no part of the heap
  const heaps = [];
  let taken = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    await evaluator.processEvent(line);
    taken++;
    if (taken % (31 * (rooms / 2)) !== 0) continue;
    globalThis.gc();
    globalThis.gc();
    heaps.push(process.memoryUsage().heapUsed);
  }
  if (heaps.length !== 2) throw new Error(`${taken} events, expected ${rooms * 31}`);
  await evaluator.close();
  return (heaps[1] - heaps[0]) / (rooms / 2); // the first half bears what is there only once
}

async function peakOf(replayFiles, events) {
  if (file !== undefined) {
    let rooms = 0;
    const counts = await replayFiles([file], { now: new Date(NOW), onMetrics: () => rooms++ });
    if (counts.events !== events || rooms !== counts.rooms || rooms === 0) throw new Error(JSON.stringify(counts));
  }
  return peak();
}
