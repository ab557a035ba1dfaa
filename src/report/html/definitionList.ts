/** The definitions of a page, and the way to them from each number. */
import { type Definition, definitionOf } from '../definitions.ts';
import { type Html, html, type Piece } from './html.ts';
import { code, prose } from './words.ts';

/** To the definition of a figure of many calls. */
export function figureTerm(path: string, text: Piece): Html {
  return html`<a class="term" href="#figure-${path}">${text}</a>`;
}

/** To the definition of a value of one call. */
export function metricTerm(path: string, text: Piece): Html {
  const definition = definitionOf(path);
  return definition === null ? html`${text}` : html`<a class="term" href="#${definition.id}">${text}</a>`;
}

export function definitionList(definitions: readonly Definition[]): Html {
  const names = definitions.filter(({ id }) => id.startsWith('call-'));
  return html`<dl class="definitions">
${definitions.map(
  (definition) => html`<div id="${definition.id}">
<dt>${definition.title} <span class="soft">${code(definition.path)}, ${definition.unit}</span></dt>
<dd>${linked(definition, names)}</dd>
<dd class="soft">${isSometimes(definition.nullWhen) && html`Empty where ${prose(definition.nullWhen)}. `}Source: ${withoutScheme(definition.source)}.</dd>
</div>
`,
)}</dl>`;
}

const isSometimes = (nullWhen: string) => nullWhen !== '' && !nullWhen.startsWith('never');

/** Where a definition speaks of another one of the page, it leads there. */
function linked({ formula, id }: Definition, names: readonly Definition[]): Piece {
  const others = names.filter((one) => one.id !== id && one.path.includes('.'));
  if (others.length === 0) return prose(formula);
  const written = others.map(({ path }) => path.replaceAll('.', '\\.')).sort((a, b) => b.length - a.length);
  const parts = formula.split(new RegExp(`(?<![\\w.])(${written.join('|')})(?!\\w|\\.\\w)`));
  return parts.map((part, i) => (i % 2 === 0 ? prose(part) : html`<a href="#call-${part}">${part}</a>`));
}

/** Addresses are to be read and typed; the page itself leads nowhere outside. */
const withoutScheme = (text: string) => text.replace(/https?:\/\//g, '');
