/**
 * A page read strictly: far more strictly than browsers do, so that what a name does to it cannot go unseen. What it finds wrong
 * it throws.
 */
export interface Element {
  tag: string;
  attributes: Record<string, string>;
  /** All text within, as it is read. */
  text: string;
  children: Element[];
  parent: Element | null;
}

const VOID = ['meta', 'br', 'wbr'];
const NAME = '[a-z][a-zA-Z0-9]*';
const ATTRIBUTE = ` [a-zA-Z][a-zA-Z0-9-]*="[^"<]*"`;
const TOKEN = new RegExp(`<(${NAME})((?:${ATTRIBUTE})*)(/?)>|</(${NAME})>|([^<]+)`, 'y');
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;
const READ: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

export function documentOf(page: string): Element {
  const DOCTYPE = '<!doctype html>\n';
  if (!page.startsWith(DOCTYPE)) throw new Error('It begins with no doctype.');
  const root: Element = { tag: '', attributes: {}, text: '', children: [], parent: null };
  let at = root;
  TOKEN.lastIndex = DOCTYPE.length;
  while (TOKEN.lastIndex < page.length) {
    const begin = TOKEN.lastIndex;
    const [, open, attributes, closed, close, text] = TOKEN.exec(page) ?? [];
    if (open !== undefined) {
      const element = { tag: open, attributes: attributesIn(attributes!), text: '', children: [], parent: at };
      at.children.push(element);
      if (closed === '' && !VOID.includes(open)) at = element;
    } else if (close !== undefined) {
      if (at.tag !== close) throw new Error(`</${close}> closes <${at.tag}>: ${page.slice(begin - 200, begin + 20)}`);
      at = at.parent!;
    } else if (text !== undefined) {
      if (text.includes('>') && at.tag !== 'style') throw new Error(`A > by itself in: ${text.slice(0, 80)}`);
      const said = read(text);
      for (let within: Element | null = at; within !== null; within = within.parent) within.text += said;
    } else throw new Error(`No HTML from ${begin} on: ${page.slice(begin, begin + 80)}`);
  }
  if (at !== root) throw new Error(`<${at.tag}> is not closed.`);
  return root.children[0]!;
}

function attributesIn(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/ ([a-zA-Z0-9-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(found, name!)) throw new Error(`${name} twice:${text}`);
    found[name!] = read(value!);
  }
  return found;
}

function read(text: string): string {
  if (text.replace(ENTITY, '').includes('&')) throw new Error(`An unknown entity in: ${text.slice(0, 80)}`);
  return text.replace(ENTITY, (entity) => READ[entity]!);
}

/** Itself, and all below it, in their order. */
export function within(element: Element, found: Element[] = []): Element[] {
  found.push(element);
  for (const child of element.children) within(child, found);
  return found;
}

export const all = (element: Element, tag: string): Element[] => within(element).filter((one) => one.tag === tag);
export const byId = (element: Element, id: string): Element | undefined =>
  within(element).find(({ attributes }) => attributes.id === id);
