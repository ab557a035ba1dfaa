import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alternate, median, ratios } from '../alternate.ts';
import type { Answer, Bench } from '../question.ts';
import { EVENTS_A_CALL, manyCalls, openRoom, writeLines } from '../workload.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROBE = fileURLToPath(new URL('../memoryProbe.mjs', import.meta.url));
const MIB = 1024 * 1024;
const ROOM_LIMIT = 16_000;
const REPLAY_LIMIT = 64 * MIB;

/** In processes that run compiled code: stripping types costs memory, too. */
export async function ask(bench: Bench): Promise<Answer[]> {
  const dist = build(bench);
  const probe: Probe = (...args) => {
    const run = spawnSync(process.execPath, ['--expose-gc', PROBE, dist, ...args.map(String)], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    if (run.status !== 0) throw new Error(`memoryProbe ${args.join(' ')} ended with ${run.signal ?? run.status}`);
    return Number(run.output[3]);
  };
  return [await ofRoom(bench, probe), ...(await ofReplay(bench, probe))];
}

type Probe = (...args: (string | number)[]) => number;

/** Today's sources, without touching the dist that others may be using. */
function build({ file }: Bench): string {
  mkdirSync(file('built'));
  symlinkSync(`${ROOT}node_modules`, file('built/node_modules'));
  copyFileSync(`${ROOT}package.json`, file('built/package.json'));
  const tsc = `${ROOT}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [tsc, '-p', `${ROOT}tsconfig.build.json`, '--outDir', file('built/dist')], {
    stdio: ['ignore', 2, 2],
  });
  return file('built/dist');
}

async function ofRoom({ rounds, size, file }: Bench, probe: Probe): Promise<Answer> {
  const rooms = size(200, 2_000);
  const events = file('rooms.ndjson');
  await writeLines(
    events,
    Array(rooms)
      .keys()
      .flatMap((call) => openRoom(call)),
  );
  const { room } = await alternate(rounds, { room: () => probe('rooms', events, rooms) }, { warmUp: false });
  return {
    question: 'memory of an open room (10 participants, 20 tracks, 31 events) / 16 kB',
    ratios: room.map((bytes) => bytes / ROOM_LIMIT),
    goal: { atMost: 1 },
    figures: `${(median(room) / 1000).toFixed(1)} kB`,
  };
}

async function ofReplay({ rounds, size, file }: Bench, probe: Probe): Promise<Answer[]> {
  const count = size(10_000, 25_000, 250_000);
  const [short, long] = [file('n.ndjson'), file('4n.ndjson')];
  await writeLines(short, manyCalls(count / EVENTS_A_CALL));
  await writeLines(long, manyCalls((4 * count) / EVENTS_A_CALL));
  await writeLines(file('call.ndjson'), manyCalls(1));
  let run = 0;
  const db = () => file(`${run++}.db`);
  const took = await alternate(
    rounds,
    {
      idle: () => probe('library'),
      short: () => probe('library', short, count),
      long: () => probe('library', long, 4 * count),
      idleCommand: () => probe('command', file('call.ndjson')),
      shortCommand: () => probe('command', short),
      longCommand: () => probe('command', long),
      shortStored: () => probe('command', short, '--db', db()),
      longStored: () => probe('command', long, '--db', db()),
    },
    { warmUp: false },
  );
  const mib = (bytes: number[]) => `${(median(bytes) / MIB).toFixed(0)} MiB`;
  const answers = (how: string, idle: number[], n: number[], n4: number[]): Answer[] => [
    {
      question: `replay of ${(4 * count).toLocaleString('en')}, ${how}: peak memory over idle / 64 MiB`,
      ratios: n4.map((peak, round) => (peak - idle[round]!) / REPLAY_LIMIT),
      goal: { atMost: 1 },
      figures: `${mib(n4)}, idle ${mib(idle)}`,
    },
    {
      question: `replay of ${(4 * count).toLocaleString('en')} / ${count.toLocaleString('en')}, ${how}: peak memory`,
      ratios: ratios(n4, n),
      goal: { atMost: 1.1 },
      figures: `${mib(n4)}, ${mib(n)}`,
    },
  ];
  return [
    ...answers('replayFiles', took.idle, took.short, took.long),
    ...answers('command', took.idleCommand, took.shortCommand, took.longCommand),
    ...answers('command --db', took.idleCommand, took.shortStored, took.longStored),
  ];
}
