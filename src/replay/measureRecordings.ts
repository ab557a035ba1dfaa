/**
 * Replay without a database. Each room is folded as it is read and measured when it has not been heard of for long, so
 * that memory stays flat. A room of which more comes after that is late: late rooms are read a second time, with their
 * events put aside on disk.
 */
import { type Intake, intake, tooLarge } from '../intake.ts';
import { arrive, type LiveRoom, newLiveRoom } from '../live.ts';
import { measure } from '../metrics/measure.ts';
import { parseOptions } from '../options.ts';
import type { WebhookEvent } from '../webhook/event.ts';
import { STDIN } from './inputs.ts';
import type { InputLine } from './lines.ts';
import { contentOf, type Pass } from './pass.ts';

/** Facts held in memory before the rooms least recently heard of are measured: about 10 MiB. */
const HELD = 8_000;

/** @returns the error of an input that broke off half way */
export async function measureRecordings(replay: Pass): Promise<unknown> {
  const { scratch, counts, now, paths } = replay;
  const { measuring } = parseOptions(replay.metricOptions);
  const rooms = new Map<string, LiveRoom>();
  let held = 0;
  const twice = !paths.includes(STDIN); // a pipe cannot be read again: then all of it is put aside at once

  const broken = await replay.read((lines) =>
    understand(replay, lines, (event) => {
      counts.events++;
      const { sid, name } = event.room;
      if (sid === null) {
        if (name !== null) scratch.putUnassigned(name, event);
        return;
      }
      let room = rooms.get(sid);
      if (room === undefined) {
        const standing = scratch.standing(sid);
        if (standing === 'measured') scratch.markLate(sid);
        if (standing !== 'new') {
          if (!twice) scratch.gather(sid, event);
          return;
        }
        room = newLiveRoom(sid);
      } else rooms.delete(sid);
      rooms.set(sid, room); // now the most recently heard of
      take(room, event);
      if (!twice) scratch.gather(sid, event);
      if (++held > HELD) release(HELD / 2);
    }),
  );
  release(0);
  scratch.assign();
  if (scratch.hasLate()) {
    if (twice) {
      // what was told of bad lines the first time holds
      await replay.read((lines) => {
        for (const line of lines) {
          const again = taken(line, now);
          const sid = again.understood ? again.event.room.sid : null;
          if (again.understood && sid !== null && scratch.standing(sid) === 'late') scratch.gather(sid, again.event);
        }
      });
    }
    for (const { roomSid, events } of scratch.lateRooms()) {
      if (scratch.standing(roomSid) !== 'late') continue;
      const room = newLiveRoom(roomSid);
      for (const event of events) take(room, event);
      put(room);
    }
  }
  Object.assign(counts, scratch.totals()); // a late room was measured twice
  return broken;

  function take(room: LiveRoom, event: WebhookEvent): void {
    arrive(room, event, !room.call.facts.has(event.fact));
  }

  /** Measures the rooms least recently heard of until no more than `keep` facts are held. */
  function release(keep: number): void {
    for (const [sid, room] of rooms) {
      if (held <= keep) return;
      put(room);
      rooms.delete(sid);
      held -= room.call.facts.size + room.duplicates;
    }
  }

  function put(room: LiveRoom): void {
    const { roomSid, room: life } = room.call;
    room.quarantined = scratch.quarantinedOf(roomSid);
    const metrics = measure(room.call, now, room, measuring);
    scratch.putResult({
      roomSid,
      roomName: life.name?.value ?? null,
      firstAt: life.firstSign!.ms,
      startedAt: metrics.startedAt,
      duplicates: room.duplicates,
      metrics: JSON.stringify(metrics),
    });
    counts.rooms++;
  }
}

function taken(line: InputLine, now: number): Intake {
  return 'cutFrom' in line && line.cutFrom !== undefined
    ? tooLarge(line.bytes, line.cutFrom, now)
    : intake(contentOf(line), now);
}

function understand(replay: Pass, lines: readonly InputLine[], take: (event: WebhookEvent) => void): void {
  for (const line of lines) {
    const read = taken(line, replay.now);
    if (read.understood) take(read.event);
    else {
      replay.quarantine(line, read.reason);
      if (read.reason.roomSid) replay.scratch.countQuarantined(read.reason.roomSid);
    }
  }
}
