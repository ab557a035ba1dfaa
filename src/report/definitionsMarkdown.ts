import type { Definition } from './definitions.ts';

/** A list of what the numbers of the page mean. Formulas are ours, and hold code in backquotes. */
export function definitionsMarkdown(definitions: readonly Definition[]): string {
  return definitions
    .map(({ title, path, unit, formula, nullWhen, source }) => {
      const none = nullWhen === '' || nullWhen.startsWith('never') ? '' : ` Empty where ${nullWhen}.`;
      return `- **${title}** (\`${path}\`, ${unit}): ${ended(formula)}${none} Source: ${ended(source)}`;
    })
    .join('\n');
}

const ended = (text: string) => (text.endsWith('.') ? text : `${text}.`);
