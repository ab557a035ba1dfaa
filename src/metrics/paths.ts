/** Where a path such as `participants.list[identity=ana].presentSeconds` leads: in a call's values, and in their schema. */
import { z } from 'zod';
import { type NumberUnit, numberSchema } from './metric.ts';

export interface Place {
  /** As evidence spells it: a list's entry by its identity or id, where it has one. */
  path: string;
  /** null also where this call has nothing there. */
  value: unknown;
  schema: z.ZodType;
  /** It may be null, or not be there, in a metric that is. */
  optional: boolean;
  /** Whose entry of a list it lies in. */
  identity: string | null;
}

/** The last place on a way that goes on to nowhere, and the rest of the way. */
export interface Astray {
  at: Place;
  rest: string;
}

/** Whether a path is another one, or leads below it. */
export function lies(path: string, above: string): boolean {
  const after = path[above.length];
  return path.startsWith(above) && (after === undefined || after === '.' || after === '[');
}

/** @param rest what follows the place's own path: `.key` and `[0]` or `[key=value]`, in any number */
export function follow(from: Place, rest: string): Place | Astray {
  let at = from;
  let left = rest;
  while (left !== '') {
    const next = step(at, left);
    if (next === null) return { at, rest: left };
    at = next.place;
    left = left.slice(next.length);
  }
  return at;
}

type Step = { place: Place; length: number } | null;

function step(at: Place, rest: string): Step {
  const schema = bare(at.schema);
  return rest.startsWith('[') ? toEntry(at, schema, rest) : toKey(at, schema, rest);
}

function toEntry(at: Place, schema: z.ZodType, rest: string): Step {
  const found = Array.isArray(at.value)
    ? entryAt(at.value, rest)
    : at.value === null
      ? entryOfNone(schema, rest)
      : null;
  if (found === null) return null;
  const { entry, selector } = found;
  const identity = textOf(entry, 'identity');
  const id = textOf(entry, 'id');
  const name = identity !== null ? `[identity=${identity}]` : id !== null ? `[id=${id}]` : selector;
  const below = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : z.unknown();
  return {
    place: child(at, `${at.path}${name}`, entry, below, identity ?? at.identity),
    length: selector.length,
  };
}

/** Where a list is not known, neither are its entries. */
function entryOfNone(schema: z.ZodType, rest: string): { entry: unknown; selector: string } | null {
  const selector = schema instanceof z.ZodArray ? /^\[(\d+|\w+=[^[\]]*)\]/.exec(rest)?.[0] : undefined;
  return selector === undefined ? null : { entry: null, selector };
}

/** Of several that fit, the one with the longest name: an identity may hold brackets. */
function entryAt(list: readonly unknown[], rest: string): { entry: unknown; selector: string } | null {
  const number = /^\[\d+\]/.exec(rest)?.[0];
  if (number !== undefined) {
    const index = Number(number.slice(1, -1));
    return index < list.length ? { entry: list[index], selector: number } : null;
  }
  const key = /^\[(\w+)=/.exec(rest)?.[1];
  let best: { entry: unknown; selector: string } | null = null;
  if (key === undefined) return best;
  for (const entry of list) {
    const selector = `[${key}=${textOf(entry, key) ?? ''}]`;
    if (lies(rest, selector) && selector.length > (best?.selector.length ?? 0)) best = { entry, selector };
  }
  return best;
}

function toKey(at: Place, schema: z.ZodType, rest: string): Step {
  const steps = keysOf(at)
    .map((key) => `.${key}`)
    .filter((written) => lies(rest, written));
  // LiveKit's names of kinds are keys of a map; those that this call has not seen are known as well
  const anyKey = schema instanceof z.ZodRecord && !(schema.keyType instanceof z.ZodEnum);
  const written = longest(steps) ?? (anyKey ? /^\.[^.[\]]+/.exec(rest)?.[0] : undefined);
  if (written === undefined) return null;
  const key = written.slice(1);
  const value = own(at.value, key);
  const path = `${at.path}${written}`;
  if (schema instanceof z.ZodRecord) {
    const place = child(at, path, value, schema.valueType as z.ZodType, at.identity);
    return { place: { ...place, optional: true }, length: written.length };
  }
  const below = schema instanceof z.ZodObject ? (schema.shape[key] as z.ZodType) : z.unknown();
  return { place: child(at, path, value, below, at.identity), length: written.length };
}

function child(at: Place, path: string, value: unknown, schema: z.ZodType, identity: string | null): Place {
  const optional = at.optional || schema instanceof z.ZodNullable;
  return { path, value: value ?? null, schema, optional, identity };
}

/** The keys below a place: those of its schema, and those that this call has. */
export function keysOf({ schema, value }: Place): string[] {
  const kind = bare(schema);
  if (kind instanceof z.ZodObject) return Object.keys(kind.shape);
  const seen = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const named =
    kind instanceof z.ZodRecord && kind.keyType instanceof z.ZodEnum ? kind.keyType.options.map(String) : [];
  return [...new Set([...named, ...seen])];
}

/** Every path below a schema, itself included; `*` stands for what differs from call to call. */
export function* pathsBelow(path: string, schema: z.ZodType): Generator<{ path: string; schema: z.ZodType }> {
  yield { path, schema };
  const kind = bare(schema);
  if (kind instanceof z.ZodObject)
    for (const [key, below] of Object.entries(kind.shape)) yield* pathsBelow(`${path}.${key}`, below as z.ZodType);
  else if (kind instanceof z.ZodRecord) yield* pathsBelow(`${path}.*`, kind.valueType as z.ZodType);
  else if (kind instanceof z.ZodArray) {
    const element = kind.element as z.ZodType;
    const key = nameOfEntries(element);
    yield* pathsBelow(`${path}[${key === null ? '*' : `${key}=*`}]`, element);
  }
}

/** What tells the entries of a list apart; null: their number alone. */
export function nameOfEntries(element: z.ZodType): string | null {
  const kind = bare(element);
  if (!(kind instanceof z.ZodObject)) return null;
  // an identity that may be missing (audio.issues) is no name
  return (
    ['identity', 'sid'].find((key) => kind.shape[key] instanceof z.ZodString) ?? ('id' in kind.shape ? 'id' : null)
  );
}

const NUMBER_UNITS: readonly NumberUnit[] = ['s', 'share', 'score', 'mean', 'n'];

/** In the registry's words. */
export function unitOf(schema: z.ZodType): string {
  const kind = bare(schema);
  // one that has a description of its own is a copy with the same definition
  const unit = NUMBER_UNITS.find((one) => numberSchema(one).def === kind.def);
  if (unit) return unit;
  if (kind instanceof z.ZodISODateTime) return 'instant';
  if (kind instanceof z.ZodString) return 'text';
  if (kind instanceof z.ZodEnum) return 'enum';
  if (kind instanceof z.ZodBoolean) return 'flag';
  if (kind instanceof z.ZodArray) return 'list';
  if (kind instanceof z.ZodRecord) return 'map';
  if (kind instanceof z.ZodObject) return 'object';
  return kind instanceof z.ZodLiteral ? 'n' : 'any';
}

/** The description of the value itself, where the schema has one. */
export function descriptionOf(schema: z.ZodType): string | undefined {
  return schema.description ?? bare(schema).description;
}

export function bare(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodNullable ? bare(schema.unwrap() as z.ZodType) : schema;
}

function longest(texts: readonly string[]): string | undefined {
  return texts.reduce<string | undefined>((best, one) => (one.length > (best?.length ?? 0) ? one : best), undefined);
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : null;
}

export function textOf(entry: unknown, key: string): string | null {
  const found = own(entry, key);
  return found === null || found === undefined ? null : String(found);
}
