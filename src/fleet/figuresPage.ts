/**
 * The figures of many calls as one text, a line for each figure: of a million calls only the lines that a summary asks for are
 * read, and a line of numbers is read many times as fast as the same numbers in as many texts. Made of what is kept of each
 * call, and droppable as that is.
 */
import { type CallFigures, FIGURES_VERSION } from './figures.ts';

/** All of them: their order is the format, and another order is another FIGURES_VERSION. */
const COLUMNS = Object.keys({
  roomSid: true,
  roomName: true,
  status: true,
  startedAt: true,
  endedAt: true,
  duration: true,
  endReason: true,
  agents: true,
  tags: true,
  metadata: true,
  completeness: true,
  offered: true,
  answered: true,
  abandoned: true,
  waited: true,
  humans: true,
  joinLatency: true,
  agentHumanDuration: true,
  callDuration: true,
  connectedDuration: true,
  engagement: true,
  peak: true,
  participantSeconds: true,
  arrivals: true,
  departures: true,
  responseLatency: true,
  audioGrade: true,
  audioIssues: true,
  recordingCoverage: true,
  toolCalls: true,
  toolErrors: true,
  usage: true,
  bounds: true,
  uncertain: true,
} satisfies Record<keyof CallFigures, true>) as (keyof CallFigures)[];

/** Many figures are the same in all calls of a page: then they are written once. */
const SAME = '=';

export function pageText(calls: readonly CallFigures[]): string {
  const lines = COLUMNS.map((name) => {
    const texts = calls.map((call) => JSON.stringify(call[name]));
    const first = texts[0];
    return first !== undefined && texts.every((text) => text === first) ? `${SAME}${first}` : `[${texts.join(',')}]`;
  });
  return [headOf(calls.length), ...lines].join('\n');
}

const headOf = (calls: number) => `${FIGURES_VERSION} ${calls}`;

/** null: it is of another version, or none: to be made anew. */
export function figuresOnPage(text: string): CallFigures[] | null {
  const [version, calls] = text.slice(0, Math.max(0, text.indexOf('\n'))).split(' ');
  if (version !== String(FIGURES_VERSION)) return null;
  const page = new Page(text, Number(calls));
  if (!page.isWhole) return null;
  return Array.from({ length: page.calls }, (_, place) => new CallOnPage(page, place) as unknown as CallFigures);
}

type Column = readonly unknown[];

class Page {
  readonly calls: number;
  readonly columns: (Column | undefined)[] = COLUMNS.map(() => undefined);
  readonly #text: string;
  /** Where each line begins; the last ends with the text. */
  readonly #begins: number[] = [];

  constructor(text: string, calls: number) {
    this.calls = calls;
    this.#text = text;
    for (let begin = text.indexOf('\n') + 1; begin > 0; begin = text.indexOf('\n', begin) + 1) this.#begins.push(begin);
  }

  get isWhole(): boolean {
    return this.#begins.length === COLUMNS.length;
  }

  read(column: number): Column {
    const begin = this.#begins[column]!;
    const next = this.#begins[column + 1];
    const line = this.#text.slice(begin, next === undefined ? undefined : next - 1);
    const values = line.startsWith(SAME)
      ? new Array<unknown>(this.calls).fill(JSON.parse(line.slice(SAME.length)))
      : (JSON.parse(line) as Column);
    this.columns[column] = values;
    return values;
  }
}

/** Has a getter for each column: it is a CallFigures. */
class CallOnPage {
  readonly page: Page;
  readonly place: number;

  constructor(page: Page, place: number) {
    this.page = page;
    this.place = place;
  }
}
for (const [column, name] of COLUMNS.entries())
  Object.defineProperty(CallOnPage.prototype, name, {
    get(this: CallOnPage) {
      return (this.page.columns[column] ?? this.page.read(column))[this.place];
    },
  });
