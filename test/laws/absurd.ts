/** What no metrics may say of any call, however odd its events. */
import { type CallMetrics, callMetricsSchema } from '../../src/index.ts';
import { kindOf, TOLERANCES, valueAt } from '../simulate/index.ts';

const schema = callMetricsSchema();

/** One sentence for each thing that is absurd. */
export function absurdities(metrics: CallMetrics): string[] {
  const { bounds, events } = metrics.evidence;
  const numbers = numbersIn(metrics).filter(
    ([, number]) => !(number >= 0 && number < Infinity) || Object.is(number, -0),
  );
  const sum = events.received === events.distinct + events.duplicates ? [] : ['received is not distinct + duplicates'];
  return [
    ...numbers.map(([path, number]) => `${path} is ${Object.is(number, -0) ? '-0' : number}`),
    ...breaches(metrics),
    ...Object.entries(bounds).flatMap(([path, bound]) => outOfBounds(path, bound, valueAt(metrics, path))),
    ...sum,
  ];
}

function numbersIn(value: unknown, path = ''): [path: string, number: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => numbersIn(inside, path === '' ? key : `${path}.${key}`));
}

/** How it breaks the schema, which also knows the ceilings, and what is counted. */
function breaches(metrics: CallMetrics): string[] {
  const said = JSON.stringify(metrics);
  const { data, error } = schema.safeParse(JSON.parse(said));
  if (error) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return JSON.stringify(data) === said ? [] : ['there is more, or in another order, than the schema knows'];
}

function outOfBounds(path: string, bound: CallMetrics['evidence']['bounds'][string], value: unknown): string[] {
  const [low, found, high] = [measured(bound[0]) ?? -Infinity, measured(value), measured(bound[1]) ?? Infinity];
  const slack = TOLERANCES[kindOf(path)];
  const holds = low <= high && (found === undefined || (low - slack <= found && found <= high + slack));
  return holds ? [] : [`${path}: ${value} is not within ${JSON.stringify(bound)}`];
}

/** A number, or an instant in seconds. */
function measured(value: unknown): number | undefined {
  if (typeof value === 'string') return Date.parse(value) / 1000;
  return typeof value === 'number' ? value : undefined;
}
