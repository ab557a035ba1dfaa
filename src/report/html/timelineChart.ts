/**
 * A call as lanes: who was there, what was published, recorded and said. What a webhook told is solid; where an end had to be
 * inferred, all that it could be is hatched, and a line stands where it most likely was.
 */
import type { Mark, Stretch, Timeline } from '../../call/timeline.ts';
import type { ConversationLog } from '../../metrics/conversationLog.ts';
import { cut } from '../cell.ts';
import type { Clock } from '../instantText.ts';
import { inWords } from '../inWords.ts';
import { type Html, html, type Piece } from './html.ts';
import { figure, legend, percentOf } from './plot.ts';
import { TimeAxis } from './timeAxis.ts';

/** More would be no drawing any more. */
const MOST_LANES = 40;
/** Somebody whose connection is lost all the time has thousands. */
const MOST_STRETCHES = 500;
/** In words. */
const MOST_TOLD = 8;
const LABEL = 17;
const TEXT_BASE = 12;
const GAP = 9;
const LONGEST_NAME = 60;

interface Strip {
  mark: string;
  height: number;
  stretches: readonly { stretch: Stretch; hint: string }[];
}
interface Lane {
  title: string;
  strips: readonly Strip[];
}

const SOURCE_MARKS: Record<string, string> = {
  microphone: 'blue',
  camera: 'green',
  screenShare: 'purple',
  screenShareAudio: 'purple',
};

/** @param now until when what is still on is drawn, epoch ms */
export function timelineChart(
  timeline: Timeline,
  conversation: ConversationLog | null,
  now: number,
  clock: Clock,
): Html {
  const { room, people } = timeline;
  const axis = new TimeAxis(Date.parse(room.start.at), room.end === null ? now : Date.parse(room.end.at));
  const hintOf = (what: string, stretch: Stretch) => `${what}: ${spanText(stretch, clock)}`;
  const strip = (mark: string, height: number, what: string, stretches: readonly Stretch[]): Strip => ({
    mark,
    height,
    stretches: stretches.slice(0, MOST_STRETCHES).map((stretch) => ({ stretch, hint: hintOf(what, stretch) })),
  });
  const shown = people.slice(0, MOST_LANES);
  const lanes: Lane[] = [
    { title: 'Room', strips: [strip('grey', 6, 'room', [room])] },
    ...shown.map(({ identity, role, name, sessions, tracks, aborted }): Lane => {
      const bySource = Map.groupBy(tracks, ({ source }) => source);
      const tries = aborted.length > 0 ? `, ${aborted.length} tries that failed` : '';
      return {
        title: `${cut(name ?? identity, LONGEST_NAME)} (${role})${tries}`,
        strips: [
          strip('grey', 10, 'present', sessions),
          ...[...bySource].map(([source, those]) => strip(SOURCE_MARKS[source] ?? 'orange', 6, inWords(source), those)),
        ],
      };
    }),
    ...turnLanes(conversation, clock),
    ...timeline.egresses.slice(0, MOST_LANES).map((egress): Lane => {
      const what = `Recording ${cut(egress.id, 24)}${egress.failed ? ' (failed)' : ''}`;
      return { title: what, strips: [strip('orange', 6, what, [egress])] };
    }),
    ...timeline.ingresses.slice(0, MOST_LANES).map((ingress): Lane => {
      const what = `Ingress ${cut(ingress.id, 24)}`;
      return { title: what, strips: [strip('orange', 6, what, [ingress])] };
    }),
  ];
  let top = 0;
  const drawn = lanes.map(({ title, strips }) => {
    const lane = html`<text x="0" y="${top + TEXT_BASE}">${title}</text>\n`;
    top += LABEL;
    const rows = strips.map(({ mark, height, stretches }) => {
      const row = stretches.map(({ stretch, hint }) => bar(stretch, axis, { mark, top, height, hint }));
      const bed = html`<rect class="track-bed" x="0" width="100%" y="${top}" height="${height}"/>`;
      top += height + 3;
      return html`${bed}${row}\n`;
    });
    top += GAP;
    return html`<g>${lane}${rows}</g>\n`;
  });
  const sources = new Set(shown.flatMap(({ tracks }) => tracks.map(({ source }) => source)));
  const isInferred = lanes.some(({ strips }) =>
    strips.some(({ stretches }) => stretches.some(({ stretch }) => !isObserved(stretch))),
  );
  const most = Math.max(
    ...shown.flatMap(({ sessions, tracks }) => [sessions.length, tracks.length]),
    conversation?.turns.length ?? 0,
  );
  const isCut = most > MOST_STRETCHES;
  const keys = [
    { mark: 'grey', text: 'present' },
    ...[...sources].map((source) => ({ mark: SOURCE_MARKS[source] ?? 'orange', text: inWords(source).toLowerCase() })),
    ...(conversation && conversation.turns.length > 0 ? [{ mark: 'median', text: 'speaks' }] : []),
    ...(timeline.egresses.length > 0 ? [{ mark: 'orange', text: 'recording' }] : []),
  ];
  const chart = html`<svg class="lanes" role="img" aria-labelledby="timeline-title timeline-desc" width="100%" height="${top + 22}">
<title id="timeline-title">Timeline of the call</title>
<desc id="timeline-desc">${describe(timeline, axis, clock)}</desc>
<defs><pattern id="hatch" class="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6"/><path d="M0 6L6 0"/></pattern></defs>
${axis.ticks(top)}${drawn}</svg>`;
  const notes = [
    legend(keys),
    isInferred &&
      html`<p class="soft"><svg class="inline" width="24" height="12" aria-hidden="true"><rect class="inferred" width="24" height="12" fill="url(#hatch)"/></svg> Hatched: its end was inferred, and lies anywhere in it; the line is where it most likely was.</p>`,
    isCut && html`<p class="soft">Of a lane the first ${MOST_STRETCHES} stretches are drawn.</p>`,
    people.length > shown.length &&
      html`<p class="soft">The first ${MOST_LANES} of ${people.length.toLocaleString('en')} are drawn.</p>`,
  ];
  return figure(html`Since ${clock.instant(axis.from)}`, chart, ...notes);
}

const isObserved = ({ start, end }: Stretch) => start.observed && (end === null || end.observed);

function bar(
  { start, end }: Stretch,
  axis: TimeAxis,
  { mark, top, height, hint }: { mark: string; top: number; height: number; hint: string },
): Html {
  const [startLow, startHigh] = rangeOf(start, axis);
  const [endLow, endHigh] = end === null ? [1, 1] : rangeOf(end, axis);
  const rect = (kind: Piece, from: number, to: number) =>
    to > from &&
    html`<rect ${kind} x="${percentOf(from)}" width="${percentOf(to - from)}" y="${top}" height="${height}"/>`;
  const hatched = (from: number, to: number) =>
    html`${rect(html`class="${mark} faded"`, from, to)}${rect(html`class="inferred" fill="url(#hatch)"`, from, to)}`;
  const line = (one: Mark | null) => {
    if (one === null || one.observed) return null;
    const x = percentOf(axis.place(Date.parse(one.at)));
    return html`<line class="told" x1="${x}" x2="${x}" y1="${top - 1}" y2="${top + height + 1}"/>`;
  };
  // where both could lie, neither is certain
  const solidTo = Math.max(startHigh, endLow);
  return html`<g><title>${hint}</title>${hatched(startLow, startHigh)}${hatched(Math.max(endLow, startHigh), endHigh)}${rect(html`class="${mark}"`, startHigh, solidTo)}${line(start)}${line(end)}</g>`;
}

/** Where an end may lie. */
function rangeOf({ at, observed, range }: Mark, axis: TimeAxis): [number, number] {
  const place = axis.place(Date.parse(at));
  if (observed || range === null) return [place, place];
  const [low, high] = range;
  return [low === null ? 0 : axis.place(Date.parse(low)), high === null ? 1 : axis.place(Date.parse(high))];
}

function turnLanes(conversation: ConversationLog | null, clock: Clock): Lane[] {
  if (conversation === null) return [];
  const lane = (side: 'human' | 'agent', title: string): Lane[] => {
    const spoken = conversation.turns.filter((turn) => turn.side === side && turn.at !== null && turn.until !== null);
    const stretches = spoken.slice(0, MOST_STRETCHES).map(({ at, until, latency, interrupted }) => {
      const stretch = { start: told(at!), end: told(until!) };
      const after = latency === null ? '' : `, after ${latency} s`;
      return {
        stretch,
        hint: `${title.toLowerCase()}: ${spanText(stretch, clock)}${after}${interrupted ? ', cut off' : ''}`,
      };
    });
    return spoken.length === 0 ? [] : [{ title, strips: [{ mark: 'median', height: 8, stretches }] }];
  };
  return [...lane('human', 'Human speaks'), ...lane('agent', 'Agent speaks')];
}

const told = (at: string): Mark => ({ at, observed: true, range: null, eventId: null });

function spanText({ start, end }: Stretch, clock: Clock): string {
  const side = ({ at, observed, range }: Mark) => {
    if (observed || range === null) return clock.time(at);
    const limits = range.map((limit) => (limit === null ? '?' : clock.time(limit))).join(' and ');
    return `${clock.time(at)} (inferred, between ${limits})`;
  };
  return `${side(start)} to ${end === null ? 'now' : side(end)}`;
}

function describe({ people, egresses }: Timeline, axis: TimeAxis, clock: Clock): string {
  const who = people.slice(0, MOST_TOLD).map(({ identity, role, sessions }) => {
    const spans = sessions.slice(0, MOST_TOLD).map((session) => spanText(session, clock));
    const more = sessions.length > spans.length ? [`and ${sessions.length - spans.length} more`] : [];
    return `${cut(identity, LONGEST_NAME)}, ${role}: ${[...spans, ...more].join('; ') || 'never connected'}`;
  });
  const more = people.length > MOST_TOLD ? ` And ${people.length - MOST_TOLD} more: the table of people has all.` : '';
  const recordings = egresses.length > 0 ? ` Recordings: ${egresses.length}.` : '';
  return `${Math.round(axis.seconds)} seconds from ${clock.instant(axis.from)}. ${who.join('. ')}.${more}${recordings}`;
}
