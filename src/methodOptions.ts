/** The options of the public methods, checked as those of the constructor are. Each throws `bad_option`. */
import { z } from 'zod';
import { type Instant, instant } from './arguments.ts';
import { checked } from './badOption.ts';

export const limitSchema = z.int().min(1).max(10_000).default(100);
/** What it may be, instant() knows. */
export const instantSchema = z.custom<Instant>().optional();

const lookSchema = z.strictObject({ now: instantSchema });
export interface LookOptions {
  /** Until when a call that is on is measured; later events count all the same. The clock's now by default. */
  now?: Instant;
}

/** @returns undefined where it is not said */
export function lookedAtFrom(options: LookOptions): number | undefined {
  return instant(checked(options, { schema: lookSchema, example: ['now', '2026-01-01T00:00:00Z'] }).now);
}

const abortableSchema = z.strictObject({
  // by what it can do: it may come from another realm
  signal: z
    .custom<AbortSignal>((value) => typeof (value as AbortSignal | null)?.throwIfAborted === 'function')
    .optional(),
});
export interface Abortable {
  /** Once it is aborted, reading ends, and the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
}

export function signalIn(options: Abortable): AbortSignal | undefined {
  return checked(options, { schema: abortableSchema, example: ['signal', 'AbortSignal.timeout(5000)'] }).signal;
}

const quarantineSchema = z.strictObject({
  afterSeq: z.int().nonnegative().default(0),
  limit: limitSchema,
  newestFirst: z.boolean().default(false),
});
export type QuarantinePage = z.input<typeof quarantineSchema>;

export function quarantinePage(options: QuarantinePage): z.output<typeof quarantineSchema> {
  return checked(options, { schema: quarantineSchema, example: ['limit', '100'] });
}
