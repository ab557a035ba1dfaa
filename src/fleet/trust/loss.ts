/** What may be lost of a call's webhooks. What agents upload comes by another road, and what LiveKit was asked is no webhook: both are kept. */
import type { Random } from '../../random.ts';
import type { WebhookEvent } from '../../webhook/event.ts';

export type Loss =
  /** Each webhook by itself, with this probability, 0..1. */
  | { share: number }
  /** All of a stretch of so many seconds, which lies anywhere over the call. */
  | { outage: number };

export const isWebhook = ({ telemetry, answer }: WebhookEvent): boolean =>
  telemetry === undefined && answer === undefined;

/** The events that are left. The draws are as many at every share: what is lost at 1 % is lost at 5 % as well. */
export function lose(events: readonly WebhookEvent[], loss: Loss, random: Random): WebhookEvent[] {
  if ('share' in loss) return events.filter((event) => !isWebhook(event) || !(random.next() < loss.share));
  const instants = events.filter(isWebhook).map(({ at }) => at.ms);
  const first = instants.reduce((a, b) => Math.min(a, b));
  const last = instants.reduce((a, b) => Math.max(a, b));
  const length = loss.outage * 1000;
  const from = first - length + random.next() * (last - first + length);
  return events.filter((event) => !isWebhook(event) || event.at.ms < from || event.at.ms >= from + length);
}
