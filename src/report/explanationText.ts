import type { Explanation } from '../metrics/explain.ts';
import { cell, cut } from './cell.ts';
import { between, gapText } from './gap.ts';
import { outline } from './outline.ts';

/** An explanation for people: what the value is, then an event and a gap a line. */
export function explanationText({ eventCount, events, missingCount, missing, ...definition }: Explanation): string {
  return [
    ...outline({ ...definition, bounds: definition.bounds && between(definition.bounds) }),
    ...counted(
      'events',
      eventCount,
      events.map(({ id, at, tells }) => `${at}  ${cell(tells, 5, 'left')}  ${cut(id, 80)}`),
    ),
    ...counted('missing', missingCount, missing.map(gapText)),
  ].join('\n');
}

function counted(name: string, count: number, lines: string[]): string[] {
  const more = count > lines.length ? [`and ${count - lines.length} more`] : [];
  return [`${name} (${count})`, ...[...lines, ...more].map((line) => `  ${line}`)];
}
