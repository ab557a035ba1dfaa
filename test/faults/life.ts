/**
 * A process to be killed. When it is up it says so, and waits to be told of a database and events on its standard input;
 * then it takes the events in, some at a time, and prints the id of each that was acknowledged.
 */
import { flushCompileCache } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { CallEvaluator } from '../../src/index.ts';
import type { WebhookBody } from '../simulate/index.ts';

const AT_A_TIME = 12;

flushCompileCache(); // it will not come to its end, at which Node.js would
console.log('up');
const told = await process.stdin.toArray();
const { database, events }: { database: string; events: WebhookBody[] } = JSON.parse(told.join(''));
const evaluator = new CallEvaluator({ database });
const waiting = events.values();
const work = async () => {
  for (const event of waiting) {
    await evaluator.processEvent(event);
    console.log(event.id);
  }
};
await Promise.all(Array.from({ length: AT_A_TIME }, work));
await wait(60_000);
