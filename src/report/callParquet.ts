/** Calls as a Parquet file. Loaded only where one is written, for its library's sake. */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { type ColumnType, callColumns } from './callColumns.ts';

/** Rows are held in memory until a group of them is complete. */
const ROWS_IN_GROUP = 5_000;

type Physical = Omit<SchemaElement, 'name'>;
const PHYSICAL: Record<ColumnType, Physical> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
};

/** What the library takes for a value that is not null. */
const TAKEN: Partial<Record<ColumnType, (value: unknown) => unknown>> = {
  integer: (value) => BigInt(value as number),
  instant: (value) => new Date(value as string),
};

export class CallParquet {
  readonly #columns = callColumns();
  readonly #writer: ParquetWriter;
  #rows: unknown[][] = [];

  /** @param write takes the bytes of the file, piece by piece; they are its own only until it has resolved */
  constructor(write: (bytes: Uint8Array) => Promise<void> | undefined) {
    this.#writer = new ParquetWriter({
      writer: new Pieces(write),
      // all may be null: a file of a later version can then be read along with this one
      schema: [
        { name: 'calls', num_children: this.#columns.length },
        ...this.#columns.map(
          ({ path, type }): SchemaElement => ({ name: path, repetition_type: 'OPTIONAL', ...PHYSICAL[type] }),
        ),
      ],
    });
  }

  add(call: CallMetrics): Promise<void> | undefined {
    const row = this.#columns.map(({ type, read }) => {
      const value = read(call);
      return value === null ? null : (TAKEN[type]?.(value) ?? value);
    });
    return this.#rows.push(row) < ROWS_IN_GROUP ? undefined : this.#writeGroup();
  }

  async end(): Promise<void> {
    if (this.#rows.length > 0) await this.#writeGroup();
    await this.#writer.finish();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await this.#writer.write({
      columnData: this.#columns.map(({ path, type }, i) => ({
        name: path,
        data: rows.map((row) => row[i]),
        statistics: type !== 'json', // its least and its greatest would stand in the footer as a whole
      })),
      rowGroupSize: rows.length,
    });
  }
}

/** Hands on what it holds whenever a group of rows is complete. */
class Pieces extends ByteWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void> | undefined;

  constructor(write: (bytes: Uint8Array) => Promise<void> | undefined) {
    super();
    this.#write = write;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes();
    this.index = 0;
    await this.#write(bytes);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}
