/**
 * Figures as the text that is kept of each call, and back. A line for each use: of a summary's million calls the first line is
 * all that most figures need, and what agents used, said and had as labels is read only where it is asked for.
 */
import { type CallFigures, FIGURES_VERSION } from './figures.ts';

type Usage = NonNullable<CallFigures['usage']>[number];
const rowOf = (used: Usage) =>
  [
    used.kind,
    used.provider,
    used.model,
    used.inputTokens,
    used.cachedInputTokens,
    used.outputTokens,
    used.audioSeconds,
    used.characters,
    used.requests,
    used.cost,
    used.currency,
  ] as const;
const usedIn = (row: ReturnType<typeof rowOf>): Usage => ({
  kind: row[0],
  provider: row[1],
  model: row[2],
  inputTokens: row[3],
  cachedInputTokens: row[4],
  outputTokens: row[5],
  audioSeconds: row[6],
  characters: row[7],
  requests: row[8],
  cost: row[9],
  currency: row[10],
});

/** The first line. Their order is the format: another order is another FIGURES_VERSION. */
const FIRST = [
  'roomSid',
  'roomName',
  'status',
  'startedAt',
  'endedAt',
  'duration',
  'endReason',
  'agents',
  'completeness',
  'offered',
  'answered',
  'abandoned',
  'waited',
  'humans',
  'joinLatency',
  'agentHumanDuration',
  'callDuration',
  'connectedDuration',
  'engagement',
  'peak',
  'participantSeconds',
  'audioGrade',
  'audioIssues',
  'recordingCoverage',
  'toolCalls',
  'toolErrors',
  'bounds',
  'uncertain',
] as const satisfies (keyof CallFigures)[];

/** The same figures give the same text. */
export function storedText(figures: CallFigures): string {
  const { tags, metadata, arrivals, departures, responseLatency, usage } = figures;
  const lines = [
    [FIGURES_VERSION, ...FIRST.map((name) => figures[name])],
    [tags, metadata],
    [arrivals, departures],
    responseLatency,
    usage?.map(rowOf) ?? null,
  ];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** null: it is of another version, or none: the call has to be measured anew. */
export function figuresIn(text: string): CallFigures | null {
  const end = text.indexOf('\n');
  if (!text.startsWith(VERSION) || end < 0) return null;
  return new StoredFigures(JSON.parse(text.slice(0, end)), text, end + 1);
}
const VERSION = `[${FIGURES_VERSION},`;

type ValuesOf<Names extends readonly (keyof CallFigures)[]> = { [I in keyof Names]: CallFigures[Names[I]] };
type First = [version: number, ...ValuesOf<typeof FIRST>];

type Labels = [tags: string[], metadata: Record<string, string>];
type Presence = [arrivals: number[] | null, departures: number[] | null];

/** What later lines tell is read when it is first asked for. */
class StoredFigures implements CallFigures {
  readonly roomSid: string;
  readonly roomName: CallFigures['roomName'];
  readonly status: CallFigures['status'];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly duration: number;
  readonly endReason: CallFigures['endReason'];
  readonly agents: string[];
  readonly completeness: number;
  readonly offered: boolean | null;
  readonly answered: boolean | null;
  readonly abandoned: boolean | null;
  readonly waited: number | null;
  readonly humans: number;
  readonly joinLatency: number | null;
  readonly agentHumanDuration: number | null;
  readonly callDuration: number | null;
  readonly connectedDuration: number | null;
  readonly engagement: number | null;
  readonly peak: number;
  readonly participantSeconds: Record<string, number>;
  readonly audioGrade: CallFigures['audioGrade'];
  readonly audioIssues: string[];
  readonly recordingCoverage: number | null;
  readonly toolCalls: number | null;
  readonly toolErrors: number | null;
  readonly bounds: CallFigures['bounds'];
  readonly uncertain: CallFigures['uncertain'];
  readonly #text: string;
  /** Where the second line begins. */
  readonly #second: number;
  #labels: Labels | undefined;
  #presence: Presence | undefined;

  constructor(first: First, text: string, second: number) {
    this.roomSid = first[1];
    this.roomName = first[2];
    this.status = first[3];
    this.startedAt = first[4];
    this.endedAt = first[5];
    this.duration = first[6];
    this.endReason = first[7];
    this.agents = first[8];
    this.completeness = first[9];
    this.offered = first[10];
    this.answered = first[11];
    this.abandoned = first[12];
    this.waited = first[13];
    this.humans = first[14];
    this.joinLatency = first[15];
    this.agentHumanDuration = first[16];
    this.callDuration = first[17];
    this.connectedDuration = first[18];
    this.engagement = first[19];
    this.peak = first[20];
    this.participantSeconds = first[21];
    this.audioGrade = first[22];
    this.audioIssues = first[23];
    this.recordingCoverage = first[24];
    this.toolCalls = first[25];
    this.toolErrors = first[26];
    this.bounds = first[27];
    this.uncertain = first[28];
    this.#text = text;
    this.#second = second;
  }

  /** @param line from the second on */
  #line(line: number): unknown {
    let begin = this.#second;
    for (let i = 2; i < line; i++) begin = this.#text.indexOf('\n', begin) + 1;
    const end = this.#text.indexOf('\n', begin);
    return JSON.parse(this.#text.slice(begin, end < 0 ? undefined : end));
  }

  #ofLabels(): Labels {
    this.#labels ??= this.#line(2) as Labels;
    return this.#labels;
  }
  get tags(): string[] {
    return this.#ofLabels()[0];
  }
  get metadata(): Record<string, string> {
    return this.#ofLabels()[1];
  }

  #ofPresence(): Presence {
    this.#presence ??= this.#line(3) as Presence;
    return this.#presence;
  }
  get arrivals(): number[] | null {
    return this.#ofPresence()[0];
  }
  get departures(): number[] | null {
    return this.#ofPresence()[1];
  }

  get responseLatency(): number[] | null {
    return this.#line(4) as number[] | null;
  }

  get usage(): CallFigures['usage'] {
    const rows = this.#line(5) as ReturnType<typeof rowOf>[] | null;
    return rows?.map(usedIn) ?? null;
  }
}
