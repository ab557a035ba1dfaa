/** JSON that goes over lines -> its values. */
import { type InputLine, NEWLINE, OpenRecord, pushLines } from './lines.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * JSON that goes over lines: an event, an array of events, or several of these one after another (`cat *.json`). Only
 * nesting and strings are followed, so each event's text stays as it came and an array may be as long as it likes.
 */
export async function* splitValues(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<InputLine[]> {
  const open = new OpenRecord();
  let value = 0;
  let inArray = false;
  let inValue = false;
  let inString = false;
  let escaped = false;
  let depth = 0;
  for await (const chunk of chunks) {
    const batch: InputLine[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      if (!inValue) {
        if (byte <= SPACE || byte === COMMA || BYTE_ORDER_MARK.includes(byte)) continue;
        if (byte === (inArray ? CLOSE_ARRAY : OPEN_ARRAY)) {
          inArray = !inArray;
          continue;
        }
        inValue = true;
        from = at;
      }
      let end = -1;
      if (depth === 0 && (byte === COMMA || byte === NEWLINE || (byte === CLOSE_ARRAY && inArray))) {
        end = at; // of a number or a word, which no bracket closes
        if (byte === CLOSE_ARRAY) inArray = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth <= 0) end = at + 1;
      if (end === -1) continue;
      open.push(chunk.subarray(from, end));
      open.close(file, ++value, batch);
      inValue = false;
      depth = 0;
    }
    if (inValue) open.push(chunk.subarray(from));
    if (batch.length > 0) yield batch;
  }
  const batch: InputLine[] = [];
  if (inValue) {
    // A value that never ended may be a broken line that swallowed the good ones after it.
    const rest = open.bytes();
    if (
      rest
        .toString()
        .split('\n')
        .some((text) => isWholeObject(text.trim()))
    )
      pushLines(rest, file, value, batch);
    else open.close(file, ++value, batch);
  } else if (inArray) {
    // The last bracket is missing, so events may be: the first one alone is no event, and the engine says so.
    batch.push({ file, line: value + 1, text: '[' });
  }
  if (batch.length > 0) yield batch;
}

/** Whether a text is one event, whole. */
export function isWholeObject(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
