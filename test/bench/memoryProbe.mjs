/**
 * One measurement of memory, in bytes, in a process of its own (questions/memory.ts). JavaScript, so that no types are
 * stripped: that alone takes tens of MiB.
 *   DIST rooms FILE ROOMS            heap of one open room
 *   DIST replay [FILE EVENTS [DB]]   peak of the resident memory; without a file, of the idle process
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [dist, what, file, count, db] = process.argv.slice(2);
const { CallEvaluator, replayFiles } = await import(`${dist}/index.js`);
const NOW = Date.UTC(2026, 0, 12);

console.log(what === 'rooms' ? await heapOfRoom(Number(count)) : await peakOfReplay(Number(count)));

async function heapOfRoom(rooms) {
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

async function peakOfReplay(events) {
  if (file !== undefined) {
    let rooms = 0;
    const counts = await replayFiles([file], { now: new Date(NOW), onMetrics: () => rooms++, ...(db && { db }) });
    if (counts.events !== events || rooms !== counts.rooms || rooms === 0) throw new Error(JSON.stringify(counts));
  }
  return process.resourceUsage().maxRSS * 1024;
}
