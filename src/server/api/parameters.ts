/** What is written behind `?`, as the values that a route's schema asks for. */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { Problem } from './problem.ts';

const LONGEST_SHOWN = 80;

/**
 * @param query with its `?`, as it stands in the URL
 * @throws Problem `bad-parameter`, naming the parameter and, where it or its value is misspelt, the nearest right one
 */
export function parseParameters<Schema extends z.ZodObject>(query: string, schema: Schema): z.infer<Schema> {
  assertDecodable(query);
  const search = new URLSearchParams(query);
  const found = schema.safeParse(Object.fromEntries(collect(search, schema)));
  if (found.success) return found.data;
  throw refusal(found.error.issues[0]!, schema, search);
}

/** URLSearchParams would take U+FFFD for what it cannot decode, and look for that. */
function assertDecodable(query: string): void {
  for (const part of query.slice(1).split('&'))
    try {
      decodeURIComponent(part);
    } catch {
      const parameter = part.split('=', 1)[0]!.slice(0, LONGEST_SHOWN);
      throw new Problem('bad-parameter', `${shown(part)} is not percent-encoded UTF-8.`, { parameter });
    }
}

type Written = string | number | string[] | Record<string, string> | { [name: string]: Written };

/** `name=text`, `name[key]=text` of records and objects, `name[key][key]=text` of records in objects. */
const NAMED = /^([^[\]]+)(?:\[([^[\]]+)\])?(?:\[([^[\]]+)\])?$/;

function collect(search: URLSearchParams, schema: z.ZodObject): Map<string, Written> {
  const values = new Map<string, Written>();
  for (const [written, text] of search) {
    const keys = NAMED.exec(written)
      ?.slice(1)
      .filter((key) => key !== undefined) ?? [written];
    put(values, schema, keys, text, { written, schema });
  }
  return values;
}

type Whole = { written: string; schema: z.ZodObject };

function put(values: Map<string, Written>, { shape }: z.ZodObject, keys: string[], text: string, whole: Whole): void {
  const [name, key] = keys as [string, string | undefined];
  const type = Object.hasOwn(shape, name) ? bare(shape[name]) : undefined;
  const { written } = whole;
  if (key === '__proto__')
    throw new Problem('bad-parameter', `There is no ${written}: leave it out.`, { parameter: name });
  const before = values.get(name);
  if (type instanceof z.ZodObject && key !== undefined) {
    const part = new Map(Object.entries((before as Record<string, Written>) ?? {}));
    put(part, type, keys.slice(1), text, whole);
    values.set(name, Object.fromEntries(part));
    return;
  }
  const length = type instanceof z.ZodRecord ? 2 : 1;
  if (type === undefined || type instanceof z.ZodObject || keys.length !== length)
    throw unknownParameter(written, whole.schema);
  if (type instanceof z.ZodRecord) values.set(name, { ...(before as object), [key!]: text });
  else if (type instanceof z.ZodArray) values.set(name, [...((before as string[]) ?? []), ...text.split(',')]);
  else if (before !== undefined)
    throw new Problem('bad-parameter', `${written}: give it once.`, { parameter: written });
  else values.set(name, type instanceof z.ZodNumber ? number(text) : text);
}

/** Text that is no number stays text, which the schema then refuses. */
function number(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** How a schema is written in OpenAPI's words: `metadata[key]=value`; else `name=value`, lists with commas. */
export function styleOf(schema: unknown): { style: string; explode: boolean } {
  const type = bare(schema);
  return type instanceof z.ZodRecord || type instanceof z.ZodObject
    ? { style: 'deepObject', explode: true }
    : { style: 'form', explode: false };
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.unwrap());
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema;
}

function unknownParameter(written: string, { shape }: z.ZodObject): Problem {
  const known = Object.entries(shape).flatMap(([name, type]) => writtenAs(name, type));
  if (known.length === 0) return new Problem('bad-parameter', `${shown(written)}: this route takes no parameters.`);
  const nearest = closest(written.slice(0, LONGEST_SHOWN), known);
  return new Problem(
    'bad-parameter',
    `There is no parameter ${shown(written)}. Did you mean ${nearest}? There are ${known.join(', ')}.`,
    { parameter: written.slice(0, LONGEST_SHOWN), nearest },
  );
}

function writtenAs(name: string, schema: unknown): string[] {
  const type = bare(schema);
  if (type instanceof z.ZodRecord) return [`${name}[key]`];
  if (!(type instanceof z.ZodObject)) return [name];
  const parts = Object.entries(type.shape);
  return parts.map(([part, of]) => `${name}[${part}]${bare(of) instanceof z.ZodRecord ? '[key]' : ''}`);
}

function refusal(issue: z.core.$ZodIssue, { shape }: z.ZodObject, search: URLSearchParams): Problem {
  const [first, second] = issue.path.map(String);
  const whole = bare(shape[first!]);
  const isPart = whole instanceof z.ZodObject && second !== undefined;
  const parameter = isPart ? `${first}[${second}]` : first!;
  const type = isPart ? whole.shape[second] : shape[first!];
  const place = issue.path[isPart ? 2 : 1];
  const given = search.getAll(parameter).join(',');
  const value = place === undefined ? given : (given.split(',')[Number(place)] ?? given);
  if (value === '' && !search.has(parameter))
    return new Problem('bad-parameter', `${parameter} is missing: ${described(type)}.`, { parameter });
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const nearest = closest(value.slice(0, LONGEST_SHOWN), values);
    const detail = `${parameter}: there is no ${shown(value)}. Did you mean ${nearest}? There are ${values.join(', ')}.`;
    return new Problem('bad-parameter', detail, { parameter, nearest });
  }
  const detail = `${parameter}: ${shown(value)} is not what it takes: ${described(type)}.`;
  return new Problem('bad-parameter', detail, { parameter });
}

function described(schema: unknown): string {
  const { description } = schema as z.ZodType;
  return description ?? (schema instanceof z.ZodOptional ? described(schema.unwrap()) : 'see /openapi.json');
}

function shown(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
