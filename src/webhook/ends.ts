/** Where a value ends, in text that is JSON or resembles it. By hand: a regular expression overflows the stack on megabytes. */

const BRACKET = /["{}[\]]/g;
const BARE = /[^\s,}\]]*/g;

/** The next match from there on; `pattern.lastIndex` is its end. */
export function nextMatch(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** Behind the value that begins at `from`, of whichever type. */
export function endOfValue(json: string, from: number): number {
  if (json[from] === '"') return endOfText(json, from + 1) + 1;
  if (json[from] === '{' || json[from] === '[') return endOfContainer(json, from);
  nextMatch(BARE, json, from);
  return BARE.lastIndex;
}

/**
 * Where a text's closing quote begins, or the end of a payload that was cut.
 * @param from the text's first character
 * @param slashes how many backslashes the opening quote has: JSON within JSON within JSON has 0, 1, 3. At each depth the
 * backslashes before a quote double, so the lowest bit that is set in their number + 1 tells the depth of the quote.
 */
export function endOfText(text: string, from: number, quote = '"', slashes = 0): number {
  const depth = lowestBit(slashes + 1);
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    let begin = at;
    while (begin > from && text[begin - 1] === '\\') begin--;
    if (lowestBit(at - begin + 1) <= depth) return Math.max(begin, at - slashes);
  }
  return text.length;
}

const lowestBit = (number: number) => number & -number;

/** Behind the object or list that begins at `from`. */
export function endOfContainer(json: string, from: number): number {
  let depth = 0;
  for (let found = nextMatch(BRACKET, json, from); found; found = nextMatch(BRACKET, json, from)) {
    from = found[0] === '"' ? endOfText(json, found.index + 1) + 1 : found.index + 1;
    if (found[0] === '{' || found[0] === '[') depth++;
    else if (found[0] !== '"' && --depth === 0) return from;
  }
  return json.length;
}
