/** OTLP in its JSON, which spells each value with its type: as plain JSON. */
import { field, type Json } from '../webhook/read.ts';
import { isJson, objects } from './read.ts';

/** Attributes nested deeper than this tell nothing that is looked for. */
const DEEPEST = 32;

/** `[{key, value: {stringValue: …}}]` */
export function attributesOf(list: unknown, depth = 0): Json {
  const found: Json = {};
  for (const attribute of objects(list)) {
    const key = field(attribute, 'key');
    if (typeof key === 'string' && key !== '__proto__') found[key] = plainOf(field(attribute, 'value'), depth);
  }
  return found;
}

function plainOf(value: unknown, depth: number): unknown {
  if (!isJson(value) || depth > DEEPEST) return null;
  const [kind, held] = Object.entries(value)[0] ?? [];
  switch (kind) {
    case 'intValue':
      return typeof held === 'string' || typeof held === 'number' ? Number(held) : null;
    case 'kvlistValue':
      return isJson(held) ? attributesOf(held.values, depth + 1) : {};
    case 'arrayValue':
      return isJson(held) && Array.isArray(held.values) ? held.values.map((one) => plainOf(one, depth + 1)) : [];
    default:
      return held ?? null;
  }
}

/** A log record with the attributes of its scope and resource, which stand for what it does not say itself. */
export interface LogRecord {
  scope: string;
  attributes: Json;
  body: string;
}

export function logRecords(payload: Json): LogRecord[] {
  return objects(payload.resourceLogs).flatMap((resourceLogs) => {
    const resource = isJson(resourceLogs.resource) ? attributesOf(resourceLogs.resource.attributes) : {};
    return objects(resourceLogs.scopeLogs).flatMap((scopeLogs) => {
      const scope = isJson(scopeLogs.scope) ? scopeLogs.scope : {};
      const inherited = { ...resource, ...attributesOf(scope.attributes) };
      return objects(scopeLogs.logRecords).map((record) => ({
        scope: typeof scope.name === 'string' ? scope.name : '',
        attributes: { ...inherited, ...attributesOf(record.attributes) },
        body: textOf(plainOf(record.body, 0)),
      }));
    });
  });
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** A span with its attributes beside its own fields, which they do not hide; and what its resource says. */
export function flatSpans(payload: Json): Json[] {
  return objects(payload.resourceSpans).flatMap((resourceSpans) => {
    const resource = isJson(resourceSpans.resource) ? attributesOf(resourceSpans.resource.attributes) : {};
    return objects(resourceSpans.scopeSpans).flatMap((scopeSpans) =>
      objects(scopeSpans.spans).map(({ attributes, events, links, ...span }) => ({
        ...resource,
        ...attributesOf(attributes),
        ...span,
      })),
    );
  });
}
