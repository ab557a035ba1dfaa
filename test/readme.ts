/** The README's code, as it stands there: to be run, for what people copy has to work. */
import { tracingChannel } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TEXT = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

export interface Block {
  /** What its first line says it is, else the heading above it. */
  name: string;
  code: string;
}

/** All blocks of a language; '' is that of command lines. */
export function blocksOf(language: string): Block[] {
  return [...TEXT.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, written]) => written === language)
    .map(({ index, 2: code }) => ({ name: /^\/\/ (.+)/.exec(code!)?.[1] ?? headingBefore(index), code: code! }));
}

export function blockOf(language: string, name: string): Block {
  const found = blocksOf(language).find((block) => block.name.startsWith(name));
  if (!found) throw new Error(`The README has no block of ${language || 'command lines'} "${name}".`);
  return found;
}

function headingBefore(index: number): string {
  return TEXT.slice(0, index)
    .match(/^#+ .+$/gm)!
    .at(-1)!
    .replace(/^#+ /, '');
}

/** The commands of a block: their words, without `npx call-evaluator` and comments. */
export function commandsOf({ code }: Block): string[][] {
  return code
    .split('\n')
    .filter((line) => line.startsWith('npx call-evaluator '))
    .map((line) => line.replace(/ +#.*/, '').split(/ +/).slice(2));
}

const SOURCES: Record<string, URL> = {
  'call-evaluator': new URL('../src/index.ts', import.meta.url),
  'call-evaluator/server': new URL('../src/server/index.ts', import.meta.url),
};

/** Runs a block with the sources in the place of the package, in memory, on a free port; gives its `evaluator` too. */
export async function load<Exports>({ code }: Block): Promise<Exports> {
  const folder = mkdtempSync(join(tmpdir(), 'call-evaluator-readme-'));
  const file = join(folder, 'snippet.ts');
  const isKept = /^(const|let) evaluator\b/m.test(code);
  writeFileSync(
    file,
    code
      .replace(/(?<= from ')[^']+/g, (name) => String(SOURCES[name] ?? import.meta.resolve(name)))
      .replaceAll("'calls.db'", "':memory:'")
      .replaceAll('8787', '0') + (isKept ? 'export { evaluator }\n' : ''),
  );
  try {
    return (await import(file)) as Exports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs what makes a server listen, and tells where it does. */
export async function listening<Result>(
  run: () => Promise<Result>,
): Promise<{ result: Result; server: Server; url: string }> {
  const listen = tracingChannel('net.server.listen');
  let subscriber!: Parameters<typeof listen.subscribe>[0];
  const begun = new Promise<Server>((settle) => {
    subscriber = { asyncEnd: (message) => settle((message as { server: Server }).server) } as typeof subscriber;
  });
  listen.subscribe(subscriber);
  try {
    const result = await run();
    const server = await begun;
    return { result, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  } finally {
    listen.unsubscribe(subscriber);
  }
}
