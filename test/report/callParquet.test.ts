import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeAll, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { callColumns } from '../../src/report/callColumns.ts';
import { CallParquet } from '../../src/report/callParquet.ts';
import { metricsOfCase } from './callMetrics.ts';

let call: CallMetrics;
beforeAll(async () => {
  call = await metricsOfCase('03-lost-joins');
});

async function written(calls: Iterable<CallMetrics>): Promise<{ file: ArrayBuffer; pieces: number }> {
  const pieces: Uint8Array[] = [];
  const parquet = new CallParquet(async (bytes) => {
    pieces.push(bytes.slice());
  });
  for (const each of calls) await parquet.add(each);
  await parquet.end();
  const file = new Uint8Array(Buffer.concat(pieces)).buffer;
  return { file, pieces: pieces.length };
}

test('what is read back is what was measured, column by column', async () => {
  const odd = { ...call, roomName: '=1+1,"\u0000\ud800 会議', endedAt: null, status: 'active' } as const;
  const { file } = await written([call, odd]);
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(2);
  for (const { path, type, read } of callColumns()) {
    const value = read(call);
    const there = rows[0]![path];
    if (value === null) expect(there, path).toBeNull();
    else if (type === 'integer') expect(there, path).toBe(BigInt(value as number));
    else if (type === 'instant') expect(there, path).toEqual(new Date(value as string));
    else expect(there, path).toEqual(value);
  }
  expect(rows[1]).toMatchObject({ roomName: '=1+1,"\u0000\ufffd 会議', endedAt: null, status: 'active' });
});

test('the types are the same whatever is in it, also where nothing is', async () => {
  const empty = parquetMetadata((await written([])).file);
  const one = parquetMetadata((await written([call])).file);
  expect(Number(empty.num_rows)).toBe(0);
  expect(empty.schema).toEqual(one.schema);
  expect(one.schema.find(({ name }) => name === 'startedAt')).toMatchObject({
    type: 'INT64',
    repetition_type: 'OPTIONAL',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  });
});

test('a group of rows is handed on when it is complete', async () => {
  const { file, pieces } = await written(Array.from({ length: 5_001 }, (_, i) => ({ ...call, revision: i })));
  const { row_groups } = parquetMetadata(file);
  expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([5_000, 1]);
  expect(pieces).toBeGreaterThan(2);
  const rows = await parquetReadObjects({ file, columns: ['revision'] });
  expect(rows.map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 5_001 }, (_, i) => i));
});
