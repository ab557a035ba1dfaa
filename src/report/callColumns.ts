/**
 * A call as a row: a column for each single value of CallMetrics, named by its path. They come from the schema, not from the
 * calls, so that every export has the same ones and files can be put together.
 */
import { z } from 'zod';
import { type CallMetrics, callMetricsSchema } from '../metrics/callMetrics.ts';
import { bare, descriptionOf, lies, pathsBelow } from '../metrics/paths.ts';

export type ColumnType = 'text' | 'integer' | 'number' | 'flag' | 'instant' | 'json';

export interface CallColumn {
  path: string;
  type: ColumnType;
  /** Its own, or that of the metric which it is a part of. */
  description: string;
  /** null: this call has none, or it cannot be known. An instant is ISO 8601; `json` gives the list or the object. */
  read(call: CallMetrics): unknown;
}

/**
 * Lists and maps that stay short however large the call: kept, as JSON. Those that grow with it (people, egresses, gaps) do
 * not fit into a cell of a spreadsheet, which holds 32,767 characters and spills the rest over other rows: NDJSON has them.
 */
const SHORT = [
  'participants.byKind',
  'tracks.bySource',
  'agent.jobs',
  'response.methods',
  'usage',
  'session.tags',
  'session.judgments',
];
const BOUNDS = 'evidence.bounds';
const UNCERTAIN = 'evidence.uncertain';

export function callColumns(): CallColumn[] {
  const { shape } = callMetricsSchema() as z.ZodObject<Record<string, z.ZodType>>;
  const columns = Object.entries(shape).flatMap(([key, schema]) => columnsBelow(key, schema));
  const isInRow = partsOfRow(columns.map(({ path }) => path));
  for (const column of columns) {
    if (column.path === BOUNDS)
      column.read = ({ evidence: { bounds } }) =>
        Object.fromEntries(Object.entries(bounds).filter(([path]) => isInRow(path)));
    if (column.path === UNCERTAIN) column.read = ({ evidence: { uncertain } }) => uncertain.filter(isInRow);
  }
  return columns;
}

function columnsBelow(key: string, schema: z.ZodType): CallColumn[] {
  const columns: CallColumn[] = [];
  const described: { path: string; description: string }[] = [];
  for (const { path, schema: below } of pathsBelow(key, schema)) {
    const own = descriptionOf(below);
    if (own !== undefined) described.push({ path, description: own });
    const type = path.includes('*') ? null : typeOf(path, bare(below));
    if (type === null) continue;
    const keys = path.split('.');
    columns.push({
      path,
      type,
      description: described.findLast((above) => lies(path, above.path))?.description ?? '',
      read: (call) => keys.reduce<unknown>(child, call),
    });
  }
  return columns;
}

/** null: no column, but what is below it may have some. */
function typeOf(path: string, schema: z.ZodType): ColumnType | null {
  if (schema instanceof z.ZodISODateTime) return 'instant';
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return 'text';
  if (schema instanceof z.ZodBoolean) return 'flag';
  if (schema instanceof z.ZodNumberFormat || schema instanceof z.ZodLiteral) return 'integer';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodObject) return null;
  return SHORT.includes(path) || path === BOUNDS || path === UNCERTAIN ? 'json' : null;
}

/** Whether a path is a column, has some below it, or lies in the JSON of one: the evidence of others would have no end. */
function partsOfRow(paths: readonly string[]): (path: string) => boolean {
  const known = new Set(paths.flatMap((path) => path.split('.').map((_, i, keys) => keys.slice(0, i + 1).join('.'))));
  return (path) => known.has(path) || SHORT.some((list) => lies(path, list));
}

function child(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | null)?.[key] ?? null;
}
