import type { Random } from '../random.ts';
import type { Scenario } from './scenario.ts';

type Shares = Partial<Record<Scenario, number>>;

/** Kinds of traffic: the scenarios each is made of, and how often. All of them end with a room_finished. */
export const MIXES = {
  support: {
    support: 8,
    handoff: 3,
    transfer: 1,
    noShow: 2,
    agentLeavesFirst: 2,
    silentAgent: 1,
    avatar: 1,
    hidden: 1,
  },
  meeting: { meeting: 6, screenShare: 3, reconnect: 3, recorded: 3, republish: 1, ingress: 1 },
  webinar: { webinar: 1 },
  sip: { sipInbound: 4, sipOutbound: 2, sipUnanswered: 1 },
  trouble: { aborted: 2, twoLives: 1, neverJoined: 1, deleted: 1, shutdown: 1 },
} satisfies Record<string, Shares>;

export type Mix = keyof typeof MIXES;
export const MIX_NAMES = Object.keys(MIXES) as Mix[];

/** Every mix is as likely as the others; within one, a scenario is as likely as its share says. */
export function drawScenario(mixes: readonly Mix[], random: Random): Scenario {
  const shares = Object.entries(MIXES[random.pick(mixes)]) as [Scenario, number][];
  return random.pick(shares.flatMap(([scenario, share]) => Array<Scenario>(share).fill(scenario)));
}
