/**
 * How wrong the metrics of calls would be, had some of their events been lost: calls of which nothing is missing are
 * measured again without some of their webhooks, many times, and compared with what they are with all of them.
 */

import { knownPaths } from '../metrics/explain.ts';
import type { LeafUnit } from '../metrics/leaves.ts';
import type { Bounds, Value } from '../metrics/verdict.ts';
import type { Loss } from './trust/loss.ts';
import { MAIN_PATHS } from './trust/mainPaths.ts';
import { calibrationOf, PathTally, type PathTrust } from './trust/pathTally.ts';
import type { Judged, Trial } from './trust/trial.ts';

/** A value that is wrong without saying so: `--sid`, `--seed`, the loss and one run give it again. */
export interface TrustDefect {
  roomSid: string;
  loss: Loss;
  seed: number;
  path: string;
  found: Value;
  truth: Value;
  bounds: Bounds | null;
}

/** What one loss does. */
export interface LossTrust {
  loss: Loss;
  /** Calls that were measured with events lost: each call, `runs` times. */
  trials: number;
  webhooks: number;
  lost: number;
  /** Trials that lost nothing. */
  untouched: number;
  /** Trials of which no event was left: of these there is nothing to compare. */
  unheard: number;
  /** Trials in which a person, connection, track, egress, ingress or job left no event, and so cannot be known of. */
  unseen: number;
  /** Over the values of all paths. */
  all: Pick<
    PathTrust,
    'n' | 'exact' | 'unknown' | 'flagged' | 'undeclared' | 'unseen' | 'bounded' | 'calibration' | 'calibrationUnseen'
  >;
  /** By path, `*` for what differs from call to call; the main ones first. */
  paths: (PathTrust & { main: boolean })[];
}

export interface TrustReport {
  seed: number;
  runs: number;
  /** Calls that were tried, of those that are finished and complete; the other calls of the period; those left out, since some of their payloads were not understood. */
  calls: { tried: number; complete: number; others: number; quarantined: number };
  losses: LossTrust[];
  /** The first of the values that are wrong without saying so: a few of each path. */
  defects: TrustDefect[];
}

/** Of one path, and of all: a list to look into, not to read to its end. */
const OF_A_PATH = 3;
const OF_ALL = 50;

export class TrustTally {
  readonly #losses: LossTally[];
  readonly #defects: TrustDefect[] = [];
  readonly #listed = new Map<string, number>();

  constructor(losses: readonly Loss[]) {
    this.#losses = losses.map((loss) => new LossTally(loss));
  }

  add(roomSid: string, trials: readonly Trial[], webhooks: number): void {
    for (const [i, trial] of trials.entries()) {
      const tally = this.#losses[i]!;
      tally.add(trial, webhooks);
      if (trial.unseen) continue;
      for (const value of trial.values ?? [])
        if (value.verdict === 'outside') this.#list({ roomSid, loss: tally.loss, seed: trial.seed }, value);
    }
  }

  #list(where: Pick<TrustDefect, 'roomSid' | 'loss' | 'seed'>, { general, path, found, truth, bounds }: Judged): void {
    const listed = this.#listed.get(general) ?? 0;
    if (listed >= OF_A_PATH || this.#defects.length >= OF_ALL) return;
    // what is lost at 1 % is lost at 5 % as well: the smallest loss that does it is enough
    const { roomSid, seed } = where;
    if (this.#defects.some((one) => one.roomSid === roomSid && one.seed === seed && one.path === path)) return;
    this.#listed.set(general, listed + 1);
    this.#defects.push({ ...where, path, found, truth, bounds });
  }

  report(about: Omit<TrustReport, 'losses' | 'defects'>): TrustReport {
    return { ...about, losses: this.#losses.map((tally) => tally.trust), defects: this.#defects };
  }
}

/** How many values are wrong without saying so. */
export const undeclaredIn = ({ losses }: TrustReport): number =>
  losses.reduce((sum, { all }) => sum + all.undeclared, 0);

class LossTally {
  readonly loss: Loss;
  #trials = 0;
  #webhooks = 0;
  #lost = 0;
  #untouched = 0;
  #unheard = 0;
  #unseen = 0;
  readonly #paths = new Map<string, PathTally>();

  constructor(loss: Loss) {
    this.loss = loss;
  }

  add({ lost, unseen, values }: Trial, webhooks: number): void {
    this.#trials++;
    this.#webhooks += webhooks;
    this.#lost += lost;
    if (lost === 0) this.#untouched++;
    if (values === null) this.#unheard++;
    else if (unseen) this.#unseen++;
    for (const value of values ?? []) this.#of(value.general, value.unit).add(value, unseen);
  }

  #of(path: string, unit: LeafUnit): PathTally {
    let tally = this.#paths.get(path);
    if (tally === undefined) {
      tally = new PathTally(path, unit);
      this.#paths.set(path, tally);
    }
    return tally;
  }

  get trust(): LossTrust {
    const tallies = [...this.#paths.values()];
    const paths = tallies.map(({ trust }) => ({ ...trust, main: MAIN_PATHS.includes(trust.path) }));
    const sum = (of: (path: PathTrust) => number) => paths.reduce((total, path) => total + of(path), 0);
    const bounds = (of: 'bounds' | 'boundsUnseen') =>
      calibrationOf({
        all: tallies.reduce((total, tally) => total + tally[of].all, 0),
        held: tallies.reduce((total, tally) => total + tally[of].held, 0),
      });
    return {
      loss: this.loss,
      trials: this.#trials,
      webhooks: this.#webhooks,
      lost: this.#lost,
      untouched: this.#untouched,
      unheard: this.#unheard,
      unseen: this.#unseen,
      all: {
        n: sum(({ n }) => n),
        exact: sum(({ exact }) => exact),
        unknown: sum(({ unknown }) => unknown),
        flagged: sum(({ flagged }) => flagged),
        undeclared: sum(({ undeclared }) => undeclared),
        unseen: sum(({ unseen }) => unseen),
        bounded: sum(({ bounded }) => bounded),
        calibration: bounds('bounds'),
        calibrationUnseen: bounds('boundsUnseen'),
      },
      paths: paths.sort((a, b) => placeOf(a.path) - placeOf(b.path)),
    };
  }
}

/** Made when first needed. */
let places: Map<string, number> | undefined;

function placeOf(path: string): number {
  places ??= new Map([...new Set([...MAIN_PATHS, ...knownPaths().map(({ path }) => path)])].map((one, i) => [one, i]));
  return places.get(path) ?? places.size;
}
