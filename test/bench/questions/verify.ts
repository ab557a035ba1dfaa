import { hash } from 'node:crypto';
import { AccessToken, TokenVerifier, WebhookReceiver } from 'livekit-server-sdk';
import { keysFrom } from '../../../src/server/webhook/keys.ts';
import { verify, verifyToken } from '../../../src/server/webhook/verify.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { KEY, SECRET } from '../webhookPump.ts';
import { EVENTS_A_CALL, manyCalls } from '../workload.ts';

/** What knowing LiveKit's webhooks from others costs, beside what LiveKit's own SDK takes for it. */
export async function ask({ rounds, size }: Bench): Promise<Answer[]> {
  const count = size(4_000, 20_000);
  const sent: { authorization: string; body: string; bytes: Uint8Array }[] = [];
  for (const body of manyCalls(count / EVENTS_A_CALL)) {
    const token = new AccessToken(KEY, SECRET, { ttl: 3_600 });
    token.sha256 = hash('sha256', body, 'base64');
    sent.push({ authorization: await token.toJwt(), body, bytes: Buffer.from(body) });
  }
  const keys = keysFrom({ keys: { [KEY]: SECRET, APIbefore: `${SECRET}-before` } });
  const strangers = keysFrom({ keys: { [KEY]: `${SECRET}-other` } });
  const receiver = new WebhookReceiver(KEY, SECRET);
  const verifier = new TokenVerifier(KEY, SECRET);
  const all = (letsThrough: (one: (typeof sent)[number]) => boolean | Promise<boolean>) => () =>
    secondsOf(async () => {
      let good = 0;
      for (const one of sent) if (await letsThrough(one)) good++;
      expectCount('let through', good, count);
    });
  const took = await alternate(rounds, {
    receive: all(async ({ authorization, body }) => (await receiver.receive(body, authorization)).event !== ''),
    tokenVerifier: all(async ({ authorization, bytes }) => {
      const { sha256 } = await verifier.verify(authorization, 60);
      return sha256 === hash('sha256', bytes, 'base64');
    }),
    verify: all(({ authorization, bytes }) => verify(authorization, bytes, keys, Date.now()).ok),
    refuse: all(({ authorization }) => !verifyToken(authorization, strangers, Date.now()).ok),
  });
  const receive = `receive ${speed(count, took.receive)}`;
  return [
    {
      question: 'verify / WebhookReceiver.receive',
      ratios: ratios(took.receive, took.verify),
      goal: { atLeast: 3.5 },
      figures: `${speed(count, took.verify)}, ${receive}`,
    },
    {
      question: 'the SDK’s TokenVerifier and crypto.hash / receive',
      ratios: ratios(took.receive, took.tokenVerifier),
      goal: null,
      figures: speed(count, took.tokenVerifier),
    },
    {
      question: 'refuse a forged token / receive a good one',
      ratios: ratios(took.receive, took.refuse),
      goal: null,
      figures: speed(count, took.refuse),
    },
  ];
}
