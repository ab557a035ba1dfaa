/** How many of a group's calls a lost event may have put there. */
import { type CallFigures, isUncertain, type UncertainFigure } from './figures.ts';
import { NO, Outcomes, YES } from './outcomes.ts';

const DOUBTED = { is: YES, may: YES, why: 'notKnowable' } as const;
const SURE = { is: NO, may: NO, why: 'notKnowable' } as const;

/** Which calls may be in another group, by what they are grouped by. */
export class Placed {
  readonly outcomes = new Outcomes();
  readonly #doubts: readonly UncertainFigure[];

  constructor(by: readonly string[]) {
    this.#doubts = by.flatMap((one) => DOUBTS[one] ?? []);
  }

  add(figures: CallFigures, complete: boolean): void {
    const doubted = this.#doubts.some((doubt) => isUncertain(figures, doubt));
    this.outcomes.add(doubted ? DOUBTED : SURE, complete);
  }

  merge({ outcomes }: Placed): void {
    this.outcomes.merge(outcomes);
  }
}
/** What has to be certain for a call to be in its group. */
const DOUBTS: Readonly<Record<string, UncertainFigure>> = { endReason: 'endReason', kind: 'people', agent: 'people' };
