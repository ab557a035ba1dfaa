/** How right one metric was, over many calls of which events were lost. */
import type { LeafUnit } from '../../metrics/leaves.ts';
import { numeric } from '../../metrics/verdict.ts';
import { Pool } from '../pool.ts';
import type { Judged } from './trial.ts';

export interface PathTrust {
  path: string;
  unit: LeafUnit;
  /** Values that were compared: those that are known with all events, or were given without them. */
  n: number;
  /** Of these, the true ones, to the digits that are shown. */
  exact: number;
  /** Null, though it is known with all events. */
  unknown: number;
  /** Not the true one, and listed in `evidence.uncertain`, or within the resolution of its clock. */
  flagged: number;
  /** Wrong without a word: a defect of the engine. */
  undeclared: number;
  /** Wrong where somebody or something left no event at all: nobody could have said so. */
  unseen: number;
  /** Given with bounds. */
  bounded: number;
  /** Share of the bounds that hold the truth, where all left some event; null where none were given. */
  calibration: number | null;
  /** The same of the values of calls of which something left no event. */
  calibrationUnseen: number | null;
  /** |found - true| in the value's unit, instants in seconds, exact ones counted as 0; null for flags and enums. */
  meanAbsoluteError: number | null;
  p95AbsoluteError: number | null;
  /** Of the bounds, in the value's unit; null where none were given, or half of them have an end that is not known. */
  medianWidth: number | null;
}

/** Values of which each is kept; of more a sketch tells the percentiles, to 1 %. */
const EXACT_UP_TO = 10_000;

export class PathTally {
  readonly #path: string;
  readonly #unit: LeafUnit;
  n = 0;
  exact = 0;
  unknown = 0;
  flagged = 0;
  undeclared = 0;
  unseen = 0;
  readonly bounds = { all: 0, held: 0 };
  readonly boundsUnseen = { all: 0, held: 0 };
  readonly #errors = new Pool(EXACT_UP_TO);
  readonly #widths = new Pool(EXACT_UP_TO);

  constructor(path: string, unit: LeafUnit) {
    this.#path = path;
    this.#unit = unit;
  }

  /** @param unseen of a trial in which something left no event */
  add({ truth, found, verdict, bounds, held }: Judged, unseen: boolean): void {
    this.n++;
    if (verdict === 'exact') this.exact++;
    else if (verdict === 'outside') unseen ? this.unseen++ : this.undeclared++;
    else if (found !== null && bounds === null) this.flagged++;
    if (found === null) this.unknown++;
    const [one, other] = [numeric(found), numeric(truth)];
    if (typeof one === 'number' && typeof other === 'number') this.#errors.add(Math.abs(one - other));
    if (bounds === null || truth === null) return;
    const those = unseen ? this.boundsUnseen : this.bounds;
    those.all++;
    if (held) those.held++;
    const [low, high] = [numeric(bounds[0]), numeric(bounds[1])];
    this.#widths.add(
      typeof low === 'number' && typeof high === 'number' ? Math.max(0, high - low) : Number.POSITIVE_INFINITY,
    );
  }

  get trust(): PathTrust {
    const { n, exact, unknown, flagged, undeclared, unseen, bounds, boundsUnseen } = this;
    const widths = this.#widths;
    const width = widths.count > 0 ? widths.quantile(0.5) : Number.POSITIVE_INFINITY;
    return {
      path: this.#path,
      unit: this.#unit,
      n,
      exact,
      unknown,
      flagged,
      undeclared,
      unseen,
      bounded: bounds.all + boundsUnseen.all,
      calibration: calibrationOf(bounds),
      calibrationUnseen: calibrationOf(boundsUnseen),
      meanAbsoluteError: this.#errors.count > 0 ? toMicro(this.#errors.mean) : null,
      p95AbsoluteError: this.#errors.count > 0 ? toMicro(this.#errors.quantile(0.95)) : null,
      medianWidth: Number.isFinite(width) ? toMicro(width) : null,
    };
  }
}

/** Beyond that, floating point speaks. */
const toMicro = (value: number) => Math.round(value * 1e6) / 1e6;

export const calibrationOf = ({ all, held }: { all: number; held: number }): number | null =>
  all > 0 ? held / all : null;
