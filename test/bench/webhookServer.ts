/** One of the servers of questions/http.ts, in a process of its own: `KIND FILE`. Its port, and whatever is asked, by IPC. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebhookReceiver } from 'livekit-server-sdk';
import { CallEvaluator } from '../../src/evaluator.ts';
import { intake } from '../../src/intake.ts';
import { createServer } from '../../src/server/index.ts';
import { IngestCounts } from '../../src/server/webhook/counts.ts';
import { nodeWebhook } from '../../src/server/webhook/node.ts';
import { receiver } from '../../src/server/webhook/receive.ts';
import { rawStore } from './ceilings.ts';
import { KEY, SECRET } from './webhookPump.ts';
import { rowOf } from './workload.ts';

export const SERVERS = ['product', 'unstored', 'commitEach', 'receive'] as const;
export type ServerKind = (typeof SERVERS)[number];

const KEYS = { [KEY]: SECRET };

/** The product's own way in, to something else than the product's store. */
function through(take: (body: Buffer) => string | null): RequestListener {
  const door = {
    take: async (body: Uint8Array) => ({ status: 'stored' as const, id: take(body as Buffer) }),
    waiting: () => 0,
    now: Date.now,
    counts: new IngestCounts(),
  };
  return nodeWebhook(receiver(door as never, { keys: KEYS }));
}

const MADE: Record<ServerKind, (file: string) => RequestListener | CallEvaluator> = {
  product: (file) => new CallEvaluator({ database: file }),
  /** Verified and decoded, and that is all. */
  unstored: () =>
    through((body) => {
      const taken = intake(body, Date.now());
      if (!taken.understood) throw new Error('not understood');
      return taken.event.id;
    }),
  /** As who has no group commit. */
  commitEach: (file) => {
    const store = rawStore(file);
    return through((body) => {
      const row = rowOf(body.toString());
      store.insert([row]);
      return row.id;
    });
  },
  /** As LiveKit's documentation has it, and nothing is kept. */
  receive: () => {
    const rival = new WebhookReceiver(KEY, SECRET);
    return async (request, response) => {
      await rival.receive((await buffer(request)).toString(), request.headers.authorization);
      response.end();
    };
  },
};

const [kind, file] = process.argv.slice(2) as [ServerKind, string];
const made = MADE[kind](file);
const http = made instanceof CallEvaluator ? createServer(made, { keys: KEYS }).http : createHttpServer(made);
http.listen(0, '127.0.0.1', () => process.send!((http.address() as AddressInfo).port));
process.on('message', async () => {
  const events = made instanceof CallEvaluator ? (await made.counts()).events : null;
  process.send!({ events, ...process.memoryUsage() });
});
process.on('disconnect', () => process.exit());
