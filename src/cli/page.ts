import { Option } from 'commander';
import { Output } from './output.ts';

const FORMATS = ['text', 'json'] as const;
export type PageFormat = (typeof FORMATS)[number];

/** Of commands that show one thing. */
export function pageOption(): Option {
  return new Option('--format <format>', 'for people, or JSON on one line').choices(FORMATS).default('text');
}

export async function showPage<T>(value: T, format: PageFormat, text: (value: T) => string): Promise<void> {
  const output = new Output();
  if (format === 'json') output.json(JSON.stringify(value));
  else output.line(text(value));
  await output.flush();
}
