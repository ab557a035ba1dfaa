import { isAudio } from './cast.ts';
import { distribution } from './distribution.ts';
import { anyAt, countAt, type Scene, secondsOf, sum } from './scene.ts';
import { covers } from './slices.ts';
import type { Put } from './values.ts';

const NO_SHOW_AFTER_S = 20;
const LEFT_FIRST_GRACE_MS = 2000;

/** Returns `agent.noShow`, which the end's reason asks for. */
export function putAgent(scene: Scene, put: Put): boolean | null {
  const { agents, call, grain, humans, members, slices } = scene;
  const agentThere = (instant: number) => anyAt(agents, instant);
  const humanThere = (instant: number) => anyAt(humans, instant);
  const agentCame = agents.length > 0;
  const joins = humans.flatMap(({ presence }) => presence.map(({ from }) => from));
  const humanJoined = joins.length > 0 ? Math.min(...joins) : null;
  const sinceJoin = (holds: (instant: number) => boolean) => {
    const first = humanJoined === null ? null : slices.first(humanJoined, holds);
    return first === null ? null : (first - humanJoined!) / 1000;
  };

  const agentEdges = sum(agents, ({ presence }) => grain.presence(presence));
  const humanEdges = sum(humans, ({ presence }) => grain.presence(presence));
  put('agent.unique', agents.length);
  put('agent.presentSeconds', slices.seconds(agentThere), agentEdges);
  put('agent.joinLatency', sinceJoin(agentThere), 2 * grain.join);
  const heard = (instant: number) => humanThere(instant) && agentAudible(scene, instant);
  put('agent.firstAudioLatency', sinceJoin(heard), 2 * grain.join + 1);
  put('agent.silent', agentCame ? !agents.some(({ published }) => published.some(isAudio)) : null);
  put(
    'agent.aloneSeconds',
    agentCame ? slices.seconds((instant) => agentThere(instant) && !humanThere(instant)) : null,
    agentEdges + humanEdges,
  );
  const gap = agents.length < 2 ? null : handoffGap(scene);
  if (gap !== undefined) put('agent.handoffGap', gap, 2 * grain.join + 2);

  const visible = call.people.filter((person) => !person.hidden);
  const humansCame = members.filter(({ role }) => role === 'human').length;
  const asked = call.jobs.length > 0 || visible.some(({ kind }) => kind === 'SIP');
  const expected = agentCame || asked || humansCame < 2;
  // Two humans, and an agent that tried in vain: did it come?
  if (expected || !visible.some(({ kind }) => kind === 'AGENT')) put('agent.expected', expected);

  // A phone rang, and no other human was there: `null` and `false` are both fair.
  if (humans.length === 0 && humansCame > 0) return null;
  put('agent.leftFirst', agentCame && humanJoined !== null ? leftFirst(scene) : null);
  const waited = slices.seconds(humanThere);
  const noShow = humanJoined === null || !expected ? null : !agentCame && waited > NO_SHOW_AFTER_S;
  // metrics.md says humans waited "all together": read as the time with any of them there, or as the sum of their times.
  // It is judged only where both readings give the same.
  const summed = sum(humans, ({ presence }) => secondsOf(scene, presence));
  if (noShow !== false || agentCame || summed <= NO_SHOW_AFTER_S) put('agent.noShow', noShow);
  return noShow;
}

export function putResponses(scene: Scene, put: Put): void {
  const { agents, grain, humans, members, slices } = scene;
  const latencies = humans.flatMap(({ sessions }) =>
    sessions.flatMap((session) => {
      const heard = (instant: number) => covers([session], instant) && agentAudible(scene, instant);
      const first = slices.first(session.from, heard);
      return first === null ? [] : [(first - session.from) / 1000];
    }),
  );
  // Did a phone that only rang "come"?
  if (members.every(({ ringing }) => !ringing)) {
    put('response.source', humans.length > 0 && agents.length > 0 ? 'tracks' : 'none');
  }
  put('agentResponseCount', latencies.length);
  put('response.count', latencies.length);
  for (const [name, value] of Object.entries(distribution(latencies))) {
    put(`response.latency.${name}`, value, name === 'count' ? 0 : grain.join + 1);
  }
}

const agentAudible = ({ agents }: Scene, instant: number): boolean =>
  agents.some(({ published }) => covers(published.filter(isAudio), instant));

function leftFirst({ agents, humans, life, slices }: Scene): boolean {
  const gone = slices.stops((instant) => anyAt(agents, instant)).at(-1);
  // At the call's end nobody can be left behind.
  if (gone === undefined || gone >= life.to) return false;
  const stayer = humans.find(({ presence }) => covers(presence, gone));
  if (stayer === undefined) return false;
  const alone = (instant: number) => countAt(humans, instant) === 1 && covers(stayer.presence, instant);
  const over = slices.first(gone, (instant) => !alone(instant)) ?? life.to;
  return over - gone > LEFT_FIRST_GRACE_MS;
}

/** Undefined where some agent stands on both sides of a gap that has others too: "different" has two readings then. */
function handoffGap({ agents, humans, life, slices }: Scene): number | undefined {
  const agentsAt = (instant: number) => agents.filter(({ presence }) => covers(presence, instant));
  let before: typeof agents = [];
  let stretch = 0;
  let longestInGap = 0;
  let longest = 0;
  for (const [index, cut] of slices.cuts.entries()) {
    const there = agentsAt(cut);
    if (there.length === 0) {
      const next = slices.cuts[index + 1] ?? life.to;
      stretch = anyAt(humans, cut) ? stretch + (next - cut) / 1000 : 0;
      longestInGap = Math.max(longestInGap, stretch);
      continue;
    }
    if (before.length > 0 && longestInGap > 0) {
      const both = there.filter((agent) => before.includes(agent)).length;
      if (both > 0 && there.length + before.length > 2) return undefined;
      if (both === 0) longest = Math.max(longest, longestInGap);
    }
    before = there;
    stretch = 0;
    longestInGap = 0;
  }
  return longest;
}
