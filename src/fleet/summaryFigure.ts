/**
 * What a figure of a summary is: the one place that holds its name, unit, formula, when it is null, where its definition comes
 * from, its type, and how calls are added up to it. Tables, schemas and reports are made from these.
 */
import type { z } from 'zod';
import type { Contact } from './contact.ts';
import type { CallFigures } from './figures.ts';
import type { SummarySettings } from './summaryOptions.ts';

/** A call on its way into a summary. */
export interface Counted {
  figures: CallFigures;
  contact: Contact;
  /** Its completeness is 1. */
  complete: boolean;
}

/** What of many calls is kept to make a figure of: adding calls one by one, and merging parts, give the same in any order. */
export interface Gathered<Self> {
  merge(other: Self): void;
}

export interface SummaryText<Path extends string = string> {
  path: Path;
  unit: string;
  /** What it says, in a sentence or two that a user understands. */
  formula: string;
  nullWhen: string;
  /** Where the definition comes from. */
  source: string;
  schema: z.ZodType;
}

export interface SummaryFigure<Path extends string, Shown, State extends Gathered<State>> extends SummaryText<Path> {
  schema: z.ZodType<Shown>;
  begin(settings: SummarySettings): State;
  add(state: State, call: Counted): void;
  shown(state: State, settings: SummarySettings): Shown;
}

export function summaryFigure<const Path extends string, Shown, State extends Gathered<State>>(
  figure: SummaryFigure<Path, Shown, State>,
): SummaryFigure<Path, Shown, State> {
  return figure;
}
