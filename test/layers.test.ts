/** Who may import whom (house.md): read from the import statements themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../src');
interface Import {
  /** As in src, or the name of a package. */
  of: string;
  typeOnly: boolean;
}
interface File {
  path: string;
  room: string;
  code: string;
  imports: Import[];
}

const IMPORT =
  /^(?:import|export)\s(?<typeOnly>type\s)?(?:[^'";]*?\sfrom\s)?'(?<of>[^']+)'|import\('(?<dynamic>[^']+)'\)/gm;

function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(IMPORT)].map(({ groups }) => {
    const of = groups!.of ?? groups!.dynamic!;
    const local = of.startsWith('.');
    return {
      of: local ? relative(SRC, resolve(SRC, dirname(path), of)) : of,
      typeOnly: groups!.typeOnly !== undefined,
    };
  });
}

const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
const files: File[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const code = withoutComments(readFileSync(join(SRC, path), 'utf8'));
    const room = path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
    return { path, room, code, imports: importsOf(path, code) };
  });
const within = (...rooms: string[]) => files.filter(({ room }) => rooms.includes(room));

/** `a imports b`, for each import that is none of the allowed. */
function trespasses(inside: File[], allowed: (one: Import) => boolean): string[] {
  return inside.flatMap(({ path, imports }) =>
    imports.filter((one) => !allowed(one)).map(({ of }) => `${path} imports ${of}`),
  );
}
const from =
  (...places: string[]) =>
  ({ of }: Import) =>
    places.some((place) => of === place || of.startsWith(`${place}/`));

test('all files are read, and their imports', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter(({ imports, path }) => imports.length === 0 && path.startsWith('cli/')).length).toBeLessThan(3);
});

describe('may import', () => {
  test.each([
    ['telemetry', ['telemetry', 'webhook/read.ts']],
    ['webhook', ['webhook', 'telemetry', 'zod', 'date-fns']],
    ['call', ['webhook', 'telemetry', 'call', 'zod', 'date-fns']],
    ['metrics', ['webhook', 'telemetry', 'call', 'metrics', 'errors.ts', 'zod', 'date-fns', 'fastest-levenshtein']],
    ['fleet', ['webhook', 'call', 'metrics', 'fleet', 'random.ts', 'errors.ts', 'glob.ts', 'zod']],
  ])('%s only %j', (room, places) => {
    expect(within(room).length).toBeGreaterThan(0);
    expect(trespasses(within(room), from(...places))).toEqual([]);
  });

  test('store only its driver, its contract, and of the core the types of what it keeps', () => {
    const own = from('store', 'better-sqlite3', 'errors.ts');
    const typesOfCore = from('webhook');
    const allowed = (one: Import) => own(one) || one.of.startsWith('node:') || (one.typeOnly && typesOfCore(one));
    expect(trespasses(within('store'), allowed)).toEqual([]);
  });

  test('the evaluator no driver: which there is, store/open.ts alone knows', () => {
    const driver = from('better-sqlite3');
    const allowed = (one: Import) =>
      !driver(one) && (one.typeOnly || !one.of.startsWith('store/') || one.of === 'store/open.ts');
    expect(
      trespasses(
        within('evaluator.ts', 'ingest.ts', 'rooms.ts', 'chosenCalls.ts', 'intake.ts', 'live.ts', 'options.ts'),
        allowed,
      ),
    ).toEqual([]);
  });

  test('cli and report no driver, and nobody imports cli', () => {
    const allowed = (one: Import) =>
      !from('better-sqlite3')(one) && (one.typeOnly || !one.of.startsWith('store/sqlite'));
    expect(trespasses(within('cli', 'report'), allowed)).toEqual([]);
    expect(
      trespasses(
        files.filter(({ room }) => room !== 'cli'),
        (one) => !from('cli')(one),
      ),
    ).toEqual([]);
  });

  test('report only what is measured: no store, no evaluator at run time', () => {
    const allowed = (one: Import) => one.typeOnly || !from('store', 'evaluator.ts', 'replay', 'cli')(one);
    expect(trespasses(within('report'), allowed)).toEqual([]);
  });
});

describe('the core is pure', () => {
  const IMPURE =
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bprocess\b|\bconsole\b|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\bawait\b|\bfetch\(/;

  test.each(within('telemetry', 'webhook', 'call', 'metrics', 'fleet').map(({ path, code }) => [path, code]))(
    '%s',
    (_, code) => {
      expect(IMPURE.exec(code)?.[0]).toBeUndefined();
    },
  );
});

test('no imports go round in a circle', () => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (way.includes(path) || done.has(path)) return;
    for (const { of, typeOnly } of byPath.get(path)?.imports ?? [])
      if (!typeOnly && byPath.has(of)) visit(of, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  expect(circles).toEqual([]);
});

test('what is imported from within is named with its extension, and is there', () => {
  const paths = new Set(files.map(({ path }) => path));
  const missing = files.flatMap(({ path, imports }) =>
    imports.filter(({ of }) => of.endsWith('.ts') && !paths.has(of)).map(({ of }) => `${path} imports ${of}`),
  );
  expect(missing).toEqual([]);
  expect(
    files.filter(({ code }) => /from '\.{1,2}\/[^']*(?<!\.ts|\.json)'/.test(code)).map(({ path }) => path),
  ).toEqual([]);
});
