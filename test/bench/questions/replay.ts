import { eventRow, intake, type Understood } from '../../../src/intake.ts';
import { replayFiles } from '../../../src/replay/replay.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { linesOf } from '../ceilings.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW, writeLines } from '../workload.ts';

/** A recording to the metrics of all calls in it. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const count = size(20_000, 200_000, 1_000_000);
  const recording = file('recording.ndjson');
  await writeLines(recording, manyCalls(count / EVENTS_A_CALL));
  let run = 0;

  const parse = () =>
    secondsOf(() => {
      let parsed = 0;
      for (const lines of linesOf(recording))
        for (const line of lines) if ((JSON.parse(line) as { event: string }).event) parsed++;
      expectCount('parsed', parsed, count);
    });
  const store = async () => {
    const sqlite = openSqlite({ file: file(`${run++}.db`) });
    const took = await secondsOf(async () => {
      for (const batch of inBatches(allLines(recording), 1_000))
        await sqlite.append(
          batch.map((line) => eventRow(intake(line, NOW) as Understood)),
          [],
          [],
        );
    });
    expectCount('events', (await sqlite.counts()).events, count);
    await sqlite.close();
    return took;
  };
  const replay = (db?: () => string) => async () => {
    let measured = 0;
    const onMetrics = (json: string) => {
      if (json.includes('"status":"finished"')) measured++;
    };
    const options = { now: new Date(NOW), onMetrics, ...(db && { db: db() }) };
    const took = await secondsOf(async () =>
      expectCount('events', (await replayFiles([recording], options)).events, count),
    );
    expectCount('measured', measured, count / EVENTS_A_CALL);
    return took;
  };
  const took = await alternate(rounds, { parse, replay: replay(), store, stored: replay(() => file(`${run++}.db`)) });
  return [
    {
      question: `replay of ${count.toLocaleString('en')}, nothing stored / JSON.parse of the lines`,
      ratios: ratios(took.parse, took.replay),
      goal: { atLeast: 0.5 },
      figures: `${speed(count, took.replay)}, parse ${speed(count, took.parse)}`,
    },
    {
      question: `replay of ${count.toLocaleString('en')}, stored / storing alone`,
      ratios: ratios(took.store, took.stored),
      goal: { atLeast: 0.75 },
      figures: `${speed(count, took.stored)}, storing ${speed(count, took.store)}`,
    },
  ];
}

function* allLines(file: string): Generator<string> {
  for (const lines of linesOf(file)) yield* lines;
}
