/**
 * What silence and its like tell: LiveKit gives no sign when its webhooks stop, are filtered, or are signed by another key.
 * Each rule is a pure function of what was counted; it gives a sentence with the fix in it, or null.
 */

/** What the rules look at. Instants in epoch ms. */
export interface Watched {
  now: number;
  /** When this process began to listen. */
  since: number;
  /** Authentic webhooks since then. */
  received: number;
  /** The first and last of the recent ones, and how many lie between; null: none came. */
  recent: { first: number; last: number; count: number } | null;
  openRooms: number;
  /** Rooms that nobody holds open and that have not finished. */
  overdue: readonly { roomSid: string; since: number }[];
  /** By type, in calls that are over: how often it came, how often others prove that it was lost. */
  types: ReadonlyMap<string, { came: number; lost: number }>;
  /** Refused requests since the last authentic one, by check and key. */
  refused: readonly { check: string; key: string; count: number }[];
  /** Webhooks answered with 503 since the last authentic one that was taken, by what was the matter. */
  unavailable: readonly { code: string; count: number }[];
  /** Rounds of asking LiveKit about rooms that failed one after the other; null: the last went well, or none is asked. */
  asking: { rounds: number; since: number } | null;
  /** How far LiveKit's clock is ahead of ours at least, by its own instants, ms; 0 where none shows. */
  ahead: number;
}

export type WarningCode =
  | 'nothing_received'
  | 'feed_stopped'
  | 'type_missing'
  | 'rooms_overdue'
  | 'forgeries'
  | 'unavailable'
  | 'asking_fails'
  | 'clock_ahead';

const MINUTE = 60_000;
/** A project may be quiet for so long after the start. */
const FIRST_WITHIN = 10 * MINUTE;
/** A feed that is silent for so many of its usual gaps has stopped, if it is so long and calls are on. */
const GAPS = 30;
const SHORTEST_SILENCE = 5 * MINUTE;
const ENOUGH_TO_KNOW_GAPS = 50;
const ENOUGH_LOST = 10;
/** A type of which no more than this share came. */
const HARDLY_EVER = 0.1;
const ENOUGH_REFUSED = 5;
/** Two events, each as often as LiveKit tries. */
const ENOUGH_UNAVAILABLE = 10;
const ENOUGH_ROUNDS = 3;
/** What only the holder of a key meets, whose clock is not ours, or who repeats what is old. */
const TIME_CHECKS = ['expired', 'not_yet_valid'];
const SET_CLOCKS =
  "If they are LiveKit's, its clock and this machine's are more than a minute apart, and what is refused is lost: set both by NTP.";
const ADD_KEY = "If LiveKit's API key or secret has changed, add the new one beside the old.";
const AHEAD_MATTERS = 5_000;
const NAMED = 5;

export const RULES: Record<WarningCode, (watched: Watched) => string | null> = {
  nothing_received: ({ now, since, received }) =>
    received > 0 || now - since < FIRST_WITHIN
      ? null
      : `No webhook has come since ${iso(since)}. Check that LiveKit knows this address (Cloud: project settings, Webhooks; self-hosted: webhook.urls), and that it can reach it.`,

  feed_stopped({ now, recent, openRooms }) {
    if (recent === null || recent.count < ENOUGH_TO_KNOW_GAPS || openRooms === 0) return null;
    const silence = now - recent.last;
    const gap = (recent.last - recent.first) / (recent.count - 1);
    if (silence < SHORTEST_SILENCE || silence < GAPS * gap) return null;
    return `Nothing has come since ${iso(recent.last)}, though one webhook in ${seconds(gap)} was usual, and ${openRooms} rooms are open. Check LiveKit and the way from it to here.`;
  },

  type_missing({ types }) {
    const missing = [...types]
      .filter(([, { came, lost }]) => lost >= ENOUGH_LOST && came <= HARDLY_EVER * (came + lost))
      .map(([type, { lost }]) => `${type} (${lost} times)`);
    return missing.length === 0
      ? null
      : `Events that others prove hardly ever come: ${missing.join(', ')}. If LiveKit's webhook.filter_params holds them back on purpose, say so with --never-sent; else let them through.`;
  },

  rooms_overdue: ({ overdue }) =>
    overdue.length === 0
      ? null
      : `${overdue.length} rooms should have closed by their timeouts, and no room_finished came: ${overdue
          .slice(0, NAMED)
          .map(({ roomSid, since }) => `${roomSid} (since ${iso(since)})`)
          .join(', ')}${overdue.length > NAMED ? ', …' : ''}. --reconcile asks LiveKit about such rooms.`,

  forgeries({ refused }) {
    const total = refused.reduce((sum, { count }) => sum + count, 0);
    if (total < ENOUGH_REFUSED) return null;
    const counts = refused.map(({ check, key, count }) => `${count} for ${check} (key ${key})`).join(', ');
    const remedies = new Set(refused.map(({ check }) => (TIME_CHECKS.includes(check) ? SET_CLOCKS : ADD_KEY)));
    return `${total} requests were refused and none was authentic since: ${counts}. ${[...remedies].join(' ')}`;
  },

  unavailable({ unavailable }) {
    const total = unavailable.reduce((sum, { count }) => sum + count, 0);
    if (total < ENOUGH_UNAVAILABLE) return null;
    const counts = unavailable.map(({ code, count }) => `${count} for ${code}`).join(', ');
    const where = unavailable.some(({ code }) => code.startsWith('store_'))
      ? '/readyz and the log say'
      : 'The log says';
    return `${total} webhooks were answered with 503 and none was taken since: ${counts}. LiveKit drops an event after five attempts. ${where} what is wrong and what to do.`;
  },

  asking_fails: ({ asking }) =>
    asking === null || asking.rounds < ENOUGH_ROUNDS
      ? null
      : `LiveKit could not be asked about rooms ${asking.rounds} times in a row, since ${iso(asking.since)}. Check the address given to --reconcile, that it can be reached from here, and that the API key is one of that server; the log says what went wrong.`,

  clock_ahead: ({ ahead }) =>
    ahead < AHEAD_MATTERS
      ? null
      : `LiveKit's clock is ${seconds(ahead)} ahead of this machine's, or more: calls that are on look shorter than they are. Set this machine's clock (NTP).`,
};

const iso = (ms: number) => new Date(ms).toISOString();
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
