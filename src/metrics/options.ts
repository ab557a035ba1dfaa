/** What a user may set of how metrics are measured. Durations in seconds. */
import type { Price } from './prices.ts';

export interface EngagementWeights {
  presence: number;
  voice: number;
  visual: number;
  continuity: number;
}

export interface MeasureOptions {
  /** Humans who waited longer for an agent that never came were let down: `agent.noShow`. */
  noShowAfter: number;
  /** A human left alone by the last agent for longer was left first: `agent.leftFirst`. */
  leftFirstGrace: number;
  /** Whether an agent is expected; null, or undefined of a room, leaves it to the rule of metrics.md. */
  agentExpected: ((room: { sid: string; name: string | null }) => boolean | undefined) | null;
  engagementWeights: EngagementWeights;
  /** Of the models that agents use. */
  prices: readonly Price[];
  /** `masked` keeps the last two digits of phone numbers. */
  phoneNumbers: 'masked' | 'plain';
}
