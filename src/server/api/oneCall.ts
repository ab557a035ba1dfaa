/** What all routes below /v1/calls/{roomSid} share: who may read that call, and what is said of a call that is not there. */
import { z } from 'zod';
import type { CallEvaluator } from '../../evaluator.ts';
import type { Reader } from './access.ts';
import { Problem, type ProblemKind } from './problem.ts';
import { type Api, type Asked, type Route, route } from './route.ts';

const oneRoom = z.object({ roomSid: z.string().min(1).describe('LiveKit’s sid of the room: one call is one sid') });

interface OneCallRoute<Query extends z.ZodObject, Schema extends z.ZodType> {
  /** What follows the call's own path. */
  below: '' | `/${string}`;
  name: string;
  summary: string;
  description?: string;
  query: Query;
  answer: { name: string; says: string; schema: Schema };
  problems?: readonly ProblemKind[];
  /** null: nothing is known of the call. */
  ask(evaluator: CallEvaluator, roomSid: string, query: z.infer<Query>): Promise<z.input<Schema> | null>;
}

export function oneCall<Query extends z.ZodObject, Schema extends z.ZodType>({
  below,
  ask,
  problems = [],
  ...rest
}: OneCallRoute<Query, Schema>): Route {
  return route({
    ...rest,
    path: `/v1/calls/{roomSid}${below}`,
    readers: 'somebody',
    params: oneRoom,
    problems: ['unknown-room', ...problems],
    async handle({ params, query, reader }: Asked<typeof oneRoom, Query>, api: Api) {
      await assertReads(reader, params.roomSid, api);
      const found = await ask(api.evaluator, params.roomSid, query);
      if (found === null) throw await unknownRoom(api.evaluator, params.roomSid);
      return found;
    },
  });
}

/** Of a call that is not there and of another room's it says the same: a token of one room tells nothing of others. */
export async function assertReads({ room }: Reader, roomSid: string, { names }: Pick<Api, 'names'>): Promise<void> {
  if (room === null || room === (await names.of(roomSid))) return;
  throw new Problem(
    'forbidden',
    `The token reads the calls of room ${JSON.stringify(room)} alone, and this is none that is known: /v1/calls lists them. A token with roomList reads all.`,
  );
}

const NAMESAKES = 5;

async function unknownRoom(evaluator: CallEvaluator, given: string): Promise<Problem> {
  const sids = given.startsWith('RM_') ? [] : (await evaluator.roomsNamed(given)).slice(-NAMESAKES).reverse();
  const metrics = await Promise.all(sids.map((roomSid) => evaluator.getMetrics(roomSid)));
  const calls = metrics.flatMap((call) => (call ? [{ roomSid: call.roomSid, startedAt: call.startedAt }] : []));
  const room = JSON.stringify(given);
  if (calls.length === 0)
    return new Problem(
      'unknown-room',
      `No event of room ${room} is stored. /v1/calls lists the calls, with their sids.`,
    );
  return new Problem(
    'unknown-room',
    `${room} is the name of a room, and a call goes by the room's sid. The last of that room: ${calls.map(({ roomSid }) => roomSid).join(', ')}.`,
    { calls },
  );
}
