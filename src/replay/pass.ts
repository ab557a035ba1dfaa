/** What both ways of replaying share. */
import type { MetricOptions } from '../options.ts';
import type { Misunderstood } from '../webhook/event.ts';
import type { InputLine } from './lines.ts';
import type { ReplayCounts } from './replay.ts';
import type { Scratch } from './scratch.ts';

export interface Pass {
  paths: readonly string[];
  now: number;
  metricOptions: MetricOptions;
  scratch: Scratch;
  counts: ReplayCounts;
  /** Hands all that can be read to `take`. @returns the error of an input that broke off half way */
  read(take: (lines: InputLine[]) => void | Promise<void>): Promise<unknown>;
  quarantine(line: InputLine, reason: Misunderstood): void;
  tell(): void;
}

export const contentOf = (line: InputLine): string | Uint8Array => ('text' in line ? line.text : line.bytes);
