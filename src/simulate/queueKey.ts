import type { WebhookBody } from './emit.ts';

/** LiveKit keeps a queue for each of these: only within one are webhooks sent in order (protocol: webhook/notifier.go, EventKey). */
export function queueKey({ egressInfo, ingressInfo, room, participant, track }: WebhookBody): string {
  const said = [
    textIn(egressInfo, 'egressId'),
    textIn(ingressInfo, 'ingressId'),
    textIn(room, 'name'),
    textIn(participant, 'identity'),
    textIn(track, 'sid'),
  ];
  return said.find((text) => text !== undefined) ?? 'default';
}

function textIn(message: unknown, field: string): string | undefined {
  return (message as Record<string, string> | undefined)?.[field];
}
