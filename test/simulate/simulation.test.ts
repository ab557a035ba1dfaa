import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makePlan } from '../../src/simulate/plan.ts';
import { reportOn } from '../../src/simulate/report.ts';
import { reportText } from '../../src/simulate/reportText.ts';
import { sendCalls, writeCalls } from '../../src/simulate/simulation.ts';
import { FAIR } from '../../src/simulate/weather.ts';
import { apiKey } from '../../src/simulate/webhookToken.ts';
import { type Received, Receiver } from './receiver.ts';

const KEY = apiKey('APIkey', 'a secret of some length');
const plan = makePlan({ calls: 20, mixes: ['support', 'meeting'], concurrent: 10, seed: 7 });
const FAST = { pace: { rate: 20_000 }, weather: FAIR };
const QUICK = { pauses: [5, 10, 20, 40], longestQueue: 200, longestWait: 30_000 };

async function withReceiver<T>(
  answer: Parameters<typeof Receiver.open>[0],
  work: (receiver: Receiver) => Promise<T>,
): Promise<T> {
  const receiver = await Receiver.open(answer);
  try {
    return await work(receiver);
  } finally {
    await receiver.close();
  }
}

const part = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());

/** By hand, as webhooks.md tells it. */
function checkSignature({ headers, body }: Received): void {
  const [header, claims, signature] = headers.authorization!.split('.') as [string, string, string];
  expect(part(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(signature).toBe(
    createHmac('sha256', 'a secret of some length').update(`${header}.${claims}`).digest('base64url'),
  );
  const { iat, nbf, exp, ...rest } = part(claims);
  expect(rest).toEqual({ iss: 'APIkey', sha256: createHash('sha256').update(body).digest('base64') });
  expect(rest.sha256).toMatch(/^.{43}=$/);
  expect(iat).toBe(nbf);
  expect(Math.abs(Date.now() / 1000 - nbf)).toBeLessThan(30);
  expect(exp).toBe(nbf + 300);
}

describe('calls that are sent', () => {
  test('arrive all, each once, as LiveKit sends them', async () => {
    await withReceiver(
      (response) => setTimeout(() => response.end(), 2),
      async (receiver) => {
        const { tally } = await sendCalls(plan, receiver.url, KEY, { ...FAST, connections: 8 });
        expect(tally.outcomes.delivered).toBe(plan.webhooks);
        expect(tally.retries).toBe(0);
        expect(new Set(receiver.received.map(({ body }) => JSON.parse(body).id)).size).toBe(plan.webhooks);
        expect(receiver.received).toHaveLength(plan.webhooks);
        for (const one of receiver.received) {
          checkSignature(one);
          expect(one.headers).toMatchObject({
            'content-type': 'application/webhook+json',
            'user-agent': 'LiveKit',
            'content-length': String(Buffer.byteLength(one.body)),
          });
          // Nothing is yet to come.
          expect(Number(JSON.parse(one.body).createdAt) * 1000).toBeLessThanOrEqual(Date.now());
        }
        expect(receiver.connections).toBeLessThanOrEqual(8);
        expect(receiver.most).toBeLessThanOrEqual(8);
        expect(receiver.most).toBeGreaterThan(1);
        expect(tally.times).toHaveLength(plan.webhooks);
      },
    );
  });

  test('at a speed, each when it happens or later', async () => {
    await withReceiver(
      (response) => response.end(),
      async (receiver) => {
        const started = Date.now();
        const speed = plan.span / 1500; // it takes a second and a half
        const { begin } = await sendCalls(plan, receiver.url, KEY, { pace: { speed }, weather: FAIR });
        expect(begin + plan.span).toBeGreaterThanOrEqual(started + 1499);
        expect(begin + plan.span).toBeLessThanOrEqual(Date.now());
        expect(Date.now() - started).toBeGreaterThan(1490);
      },
    );
  });

  test('come again after a 503 or a lost connection, with the same bytes and token; not after a 400', async () => {
    const met = new Map<string, Received[]>();
    await withReceiver(
      (response, received) => {
        const { id } = JSON.parse(received.body);
        const before = met.get(id) ?? [];
        met.set(id, [...before, received]);
        const nth = [...met.keys()].indexOf(id);
        if (before.length > 0 || nth % 4 === 0) response.end();
        else if (nth % 4 === 1) response.writeHead(503, { 'retry-after': '0' }).end();
        else if (nth % 4 === 2) response.writeHead(400).end();
        else response.destroy();
      },
      async (receiver) => {
        const simulation = await sendCalls(plan, receiver.url, KEY, { ...FAST, rules: QUICK });
        const of = (rest: number) => Math.floor((plan.webhooks + 3 - rest) / 4);
        const report = reportOn(simulation, null);
        expect(report).toMatchObject({
          calls: 20,
          webhooks: plan.webhooks,
          requests: plan.webhooks + of(1) + of(3),
          retries: of(1) + of(3),
          answers: { 200: plan.webhooks - of(2), 400: of(2), 503: of(1), ECONNRESET: of(3) },
          outcomes: { delivered: plan.webhooks - of(2), refused: of(2), gaveUp: 0, lost: 0 },
          truth: null,
        });
        expect(report.answerMs!.p99).toBeGreaterThanOrEqual(report.answerMs!.p50);
        for (const all of met.values()) {
          expect(new Set(all.map(({ body, headers }) => `${headers.authorization} ${body}`)).size).toBe(1);
        }
        expect(reportText(report)).toContain('refused: final to LiveKit');
      },
    );
  });

  test('that nobody takes are given up', async () => {
    const { tally } = await sendCalls(plan, new URL('http://127.0.0.1:9/webhook'), KEY, { ...FAST, rules: QUICK });
    expect(tally.outcomes.gaveUp).toBe(plan.webhooks);
    expect(tally.answers.get('ECONNREFUSED')).toBe(5 * plan.webhooks);
  });
});

describe('calls that are written', () => {
  const write = async (seed: number, more: object = {}) => {
    const bodies: string[] = [];
    const stormy = { loss: 0.05, duplicate: 0.1, disorder: 0.2, delay: 700, outage: 3000 };
    await writeCalls(
      makePlan({ calls: 20, mixes: ['support', 'sip'], concurrent: 10, seed }),
      (body) => bodies.push(body),
      {
        pace: { speed: 60, rate: 50 },
        weather: stormy,
        until: Date.UTC(2026, 9, 12, 9),
        ...more,
      },
    );
    return bodies;
  };

  test('are the same bytes in the same order for the same seed', async () => {
    const [one, again, other] = await Promise.all([write(3), write(3), write(4)]);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('are lost, repeated and in disorder by what was asked for alone', async () => {
    const all = await write(3, { weather: FAIR });
    const stormy = await write(3);
    const lossy = await write(3, { weather: { ...FAIR, loss: 0.05 } });
    expect(new Set(all).size).toBe(all.length);
    expect(lossy.length).toBeLessThan(all.length);
    const lost = all.filter((body) => !lossy.includes(body));
    expect(lossy).toEqual(all.filter((body) => !lost.includes(body)));
    // The same ones are lost, whatever else happens.
    expect(lost.filter((body) => stormy.includes(body))).toEqual([]);
    expect(stormy.length).toBeGreaterThan(new Set(stormy).size);
    expect(stormy.every((body) => all.includes(body))).toBe(true);
  });

  test('end when they are asked to', async () => {
    const last = Math.max(...(await write(3, { weather: FAIR })).map((body) => Number(JSON.parse(body).createdAt)));
    expect(last).toBe(Date.UTC(2026, 9, 12, 9) / 1000);
  });
});
