import { cell, cut } from './cell.ts';

const LONGEST_VALUE = 300;

/** Any JSON value for people to read: a key a line, lists and objects indented below theirs. */
export function outline(value: object): string[] {
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  const width = Math.max(...entries.map(([key]) => key.length));
  return entries.flatMap(([key, child]) => {
    if (typeof child !== 'object' || child === null) return [`${cell(key, width, 'left')}  ${scalar(child)}`];
    if (Array.isArray(child) && child.every((item) => typeof item !== 'object' || item === null))
      return [`${cell(key, width, 'left')}  ${child.map(scalar).join(', ') || 'none'}`];
    const lines = Array.isArray(child) ? child.flatMap(item) : outline(child);
    return [cut(key, LONGEST_VALUE), ...lines.map((line) => `  ${line}`)];
  });
}

function item(value: object): string[] {
  return outline(value).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`);
}

function scalar(value: unknown): string {
  return value === null ? '-' : cut(String(value), LONGEST_VALUE);
}
