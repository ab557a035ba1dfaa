/** What is asked for when stored calls are measured by other options: checked, and put beside what holds otherwise. */
import { z } from 'zod';
import { checked, wrongOption } from './badOption.ts';
import { type SummaryOptions, summaryOptionsSchema } from './fleet/summaryOptions.ts';
import type { WhatIfSetting } from './fleet/whatIf.ts';
import type { Measuring } from './metrics/measure.ts';
import { METRICS_VERSION } from './metrics/registry.ts';
import { type CallEvaluatorOptions, type MetricOptions, parseOptions } from './options.ts';
import { type SummaryQuery, type SummarySelection, summarySelectionOf } from './summaryQuery.ts';

type MeasuringChanges = Omit<MetricOptions, 'phoneNumbers' | 'metrics'>;
type SummaryChanges = Pick<SummaryOptions, 'serviceLevel' | 'shortAbandon' | 'containment'>;

/** What is to be otherwise; of `engagementWeights`, `serviceLevel` and `containment` what is not named stays as it is. */
export interface WhatIfOptions extends MeasuringChanges, SummaryChanges {
  /** Of the rules of metrics: there is version 1 alone. */
  metricsVersion?: number;
}

export interface WhatIfQuestion {
  /** Which calls, and how they are summed up. A call is chosen by what it is by the options that hold. Default all. */
  query?: SummaryQuery;
  options?: WhatIfOptions;
  /** At most so many calls are measured again, else it is refused. No limit by default. */
  mostMeasured?: number;
}

export interface WhatIfPlan {
  selection: SummarySelection;
  mostMeasured: number;
  /** null: calls are measured as they are kept. */
  measuring: Measuring | null;
  summary: { before: SummaryOptions; after: SummaryOptions };
  set: WhatIfSetting[];
}

const anything = z.unknown().optional();
const { serviceLevel, shortAbandon, containment } = summaryOptionsSchema.shape;
/** What metric options may be, parseOptions says. */
const MEASURING = {
  staleAfter: anything,
  noShowAfter: anything,
  leftFirstGrace: anything,
  agentExpected: anything,
  classify: anything,
  engagementWeights: anything,
  neverSent: anything,
  prices: anything,
} satisfies Record<keyof MeasuringChanges, unknown>;
const SUMMARY = { serviceLevel, shortAbandon, containment };
const schema = z.strictObject({ ...MEASURING, ...SUMMARY, metricsVersion: anything });
const questionSchema = z.strictObject({ query: anything, options: anything, mostMeasured: z.int().min(0).optional() });

/**
 * @param own the options by which calls are measured otherwise, and `measuring` what they come to
 * @throws CallEvaluatorError `bad_option`
 */
export function whatIfPlan(asked: WhatIfQuestion, own: CallEvaluatorOptions, measuring: Measuring): WhatIfPlan {
  checked(asked, { schema: questionSchema, example: ['options', 'noShowAfter'] });
  const { query = {}, options = {}, mostMeasured = Number.POSITIVE_INFINITY } = asked;
  checked(options, { schema, example: ['agentExpected', 'support-*'] });
  assertVersion(options.metricsVersion);
  const selection = summarySelectionOf(query);
  const changes = given(options, MEASURING);
  const changed = { ...own, ...changes, ...(changes.engagementWeights && weights(own, changes)) };
  const other = parseOptions(changed).measuring;
  const before = summaryOptionsSchema.parse(selection.options);
  const after = summaryOptionsSchema.parse(merged(before, given(options, SUMMARY)));
  return {
    selection,
    mostMeasured,
    measuring: other.configHash === measuring.configHash && !hasFunction(changes) ? null : other,
    summary: { before, after },
    set: [
      ...leavesOf(given(options, { metricsVersion: anything })).map(setting({ metricsVersion: METRICS_VERSION })),
      ...leavesOf(changes).map(setting({ ...measuring, agentExpected: own.agentExpected, classify: own.classify })),
      ...leavesOf(given(options, SUMMARY)).map(setting(before)),
    ],
  };
}

function assertVersion(version: unknown): void {
  if (version === undefined || version === METRICS_VERSION) return;
  throw wrongOption(['metricsVersion'], String(version), `${METRICS_VERSION}, the one version that there is`);
}

/** What is said of these options; nothing of those that are undefined. */
function given<Name extends keyof WhatIfOptions>(
  options: WhatIfOptions,
  names: Readonly<Record<Name, unknown>>,
): Pick<WhatIfOptions, Name> {
  const entries = Object.entries(options).filter(([name, value]) => Object.hasOwn(names, name) && value !== undefined);
  return Object.fromEntries(entries) as Pick<WhatIfOptions, Name>;
}

function weights(own: MetricOptions, { engagementWeights }: MeasuringChanges): MeasuringChanges {
  if (!isRecord(engagementWeights)) return { engagementWeights }; // to be refused by its name
  return { engagementWeights: { ...own.engagementWeights, ...engagementWeights } };
}

function merged(before: SummaryOptions, changes: SummaryChanges): SummaryOptions {
  const both = { ...before, ...changes };
  if (changes.serviceLevel) both.serviceLevel = { ...before.serviceLevel, ...changes.serviceLevel };
  if (changes.containment) both.containment = { ...before.containment, ...changes.containment };
  return both;
}

/** Two functions of the same text may be two. */
const hasFunction = (changes: MeasuringChanges): boolean =>
  Object.values(changes).some((value) => typeof value === 'function');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]';

type Leaf = [option: string, value: unknown];

function leavesOf(options: object): Leaf[] {
  return Object.entries(options).flatMap(([name, value]): Leaf[] =>
    isRecord(value) ? leavesOf(value).map(([below, leaf]) => [`${name}.${below}`, leaf]) : [[name, value]],
  );
}

const setting =
  (before: object) =>
  ([option, after]: Leaf): WhatIfSetting => ({ option, before: shown(valueAt(before, option)), after: shown(after) });

const valueAt = (of: object, option: string): unknown =>
  option.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], of);

/** As JSON has it. */
function shown(value: unknown): unknown {
  return typeof value === 'function' || value instanceof RegExp ? String(value) : (value ?? null);
}
