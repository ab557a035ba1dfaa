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
  const formulaOf = linking(definitions);
  return html`<dl class="definitions">
${definitions.map(
  (definition) => html`<div id="${definition.id}">
<dt>${definition.title} <span class="soft">${code(definition.path)}, ${definition.unit}</span></dt>
<dd>${formulaOf(definition)}</dd>
<dd class="soft">${isSometimes(definition.nullWhen) && html`Empty where ${prose(definition.nullWhen)}. `}Source: ${withoutScheme(definition.source)}.</dd>
</div>
`,
)}</dl>`;
}

const isSometimes = (nullWhen: string) => nullWhen !== '' && !nullWhen.startsWith('never');

/** Where a definition speaks of another one of the page, it leads there. */
function linking(definitions: readonly Definition[]): (one: Definition) => Piece {
  const names = definitions
    .filter(({ id, path }) => id === `call-${path}` && path.includes('.'))
    .map(({ path }) => path);
  if (names.length === 0) return ({ formula }) => prose(formula);
  const written = names.map((path) => path.replaceAll('.', '\\.')).sort((a, b) => b.length - a.length);
  const named = new RegExp(`(?<![\\w.])(${written.join('|')})(?!\\w|\\.\\w)`);
  return ({ formula, path }) =>
    formula
      .split(named)
      .map((part, i) => (i % 2 === 0 || part === path ? prose(part) : html`<a href="#call-${part}">${part}</a>`));
}

/** Addresses are to be read and typed; the page itself leads nowhere outside. */
const withoutScheme = (text: string) => text.replace(/https?:\/\//g, '');
