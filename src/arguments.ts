/** What callers of the public methods hand in, checked. Each throws `bad_option`, with what was expected and found. */
import { inspect } from 'node:util';
import { CallEvaluatorError } from './errors.ts';
import type { Incoming } from './intake.ts';

/** A Date, epoch milliseconds, or ISO 8601 text. */
export type Instant = Date | number | string;

export function instant(at: Instant | null | undefined): number | undefined {
  if (at === undefined || at === null) return undefined;
  const ms = new Date(at).getTime();
  if (Number.isNaN(ms))
    throw new CallEvaluatorError(
      'bad_option',
      `Not an instant: ${shown(at)}. Give a Date, epoch milliseconds, or ISO text such as 2026-01-01T00:00:00Z.`,
    );
  return ms;
}

export function assertSid(roomSid: unknown): void {
  if (typeof roomSid !== 'string' || roomSid === '')
    throw new CallEvaluatorError('bad_option', `Not a room's sid: ${shown(roomSid)}. Give a text such as RM_abc.`);
}

export function listed(events: unknown): Iterable<Incoming> | AsyncIterable<Incoming> {
  const iterable = typeof events === 'object' && events !== null && !ArrayBuffer.isView(events);
  if (iterable && (Symbol.iterator in events || Symbol.asyncIterator in events)) return events as Iterable<Incoming>;
  throw new CallEvaluatorError(
    'bad_option',
    `processEvents: expected a list of events, found ${shown(events)}. Give an array; a single event goes to processEvent.`,
  );
}

export async function* batches(events: AsyncIterable<Incoming>, size: number): AsyncGenerator<Incoming[]> {
  let batch: Incoming[] = [];
  for await (const event of events) {
    if (batch.push(event) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

export const shown = (value: unknown) =>
  inspect(value, { depth: 0, maxStringLength: 40, breakLength: Number.POSITIVE_INFINITY });
