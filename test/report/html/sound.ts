/** What holds of every page. */
import { expect } from 'vitest';
import { all, documentOf, type Element, within } from './document.ts';

const TAGS =
  'html head meta title style body main footer h1 h2 h3 p a nav ul li dl dt dd div section figure figcaption table caption thead tbody tfoot tr th td b bdi code span wbr svg g rect line circle path text desc defs pattern'.split(
    ' ',
  );
const ATTRIBUTES =
  'lang charset http-equiv content name id class href scope role tabindex aria-label aria-labelledby aria-hidden width height x y x1 x2 y1 y2 cx cy r d fill viewBox preserveAspectRatio patternUnits text-anchor'.split(
    ' ',
  );

/** Well-formed, self-contained, and to be read by everybody. @returns the page */
export function soundPage(page: string): Element {
  const html = documentOf(page);
  const elements = within(html);
  expect(page).not.toMatch(/https?:|\/\/[a-z]|@import|javascript:|data:|expression\(/i);
  expect(page.match(/url\([^)]*\)/g) ?? []).toEqual(
    (page.match(/url\([^)]*\)/g) ?? []).filter((one) => one.startsWith('url(#')),
  );
  expect(elements.filter(({ tag }) => !TAGS.includes(tag)).map(({ tag }) => tag)).toEqual([]);
  const names = new Set(elements.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...names].filter((name) => !ATTRIBUTES.includes(name))).toEqual([]); // no style, no on…

  expect(html.attributes.lang).toBe('en');
  expect(all(html, 'title')[0]!.text.trim()).not.toBe('');
  const policy = all(html, 'meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')!;
  expect(policy.attributes.content).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'/);

  const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  const told = new Map(elements.map((one) => [one.attributes.id, one]));
  const meant = elements.flatMap(({ attributes: { href, fill, 'aria-labelledby': label } }) => [
    ...(href === undefined ? [] : [href.slice(1)]),
    ...(fill?.startsWith('url(#') ? [fill.slice(5, -1)] : []),
    ...(label?.split(' ') ?? []),
  ]);
  expect(meant.filter((id) => !told.has(id))).toEqual([]);
  const labels = elements.flatMap(({ attributes }) => attributes['aria-labelledby']?.split(' ') ?? []);
  expect(labels.filter((id) => told.get(id)!.text.trim() === '')).toEqual([]);
  headings(html);
  for (const table of all(html, 'table')) soundTable(table);
  for (const svg of all(html, 'svg')) {
    if (isWithin(svg, 'svg') || svg.attributes['aria-hidden'] === 'true') continue;
    expect(svg.attributes.role).toBe('img');
    expect(svg.attributes['aria-labelledby']).toBeTruthy();
  }
  return html;
}

function isWithin({ parent }: Element, tag: string): boolean {
  return parent !== null && (parent.tag === tag || isWithin(parent, tag));
}

/** One of the first rank, and none is skipped. */
function headings(html: Element): void {
  const ranks = within(html)
    .filter(({ tag }) => /^h[1-6]$/.test(tag))
    .map(({ tag }) => Number(tag[1]));
  expect(ranks[0]).toBe(1);
  expect(ranks.filter((rank) => rank === 1)).toHaveLength(1);
  for (const [i, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual((ranks[i - 1] ?? 0) + 1);
}

function soundTable(table: Element): void {
  const heads = all(all(table, 'thead')[0]!, 'tr')[0]!.children;
  // a cell there is of the bars, which say nothing that the row does not
  const columns = heads.filter(({ tag }) => tag === 'th');
  expect(columns.filter(({ attributes, text }) => attributes.scope !== 'col' || text.trim() === '')).toEqual([]);
  const rows = all(table, 'tr').slice(1);
  expect(rows.filter(({ children }) => children.length !== heads.length)).toEqual([]);
  const cells = rows.flatMap(({ children }) => children);
  expect(cells.filter(({ tag, attributes }) => tag === 'th' && attributes.scope !== 'row')).toEqual([]);
}
