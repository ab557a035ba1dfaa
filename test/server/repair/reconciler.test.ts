import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { type LiveKitApi, liveKitApi } from '../../../src/server/repair/liveKitApi.ts';
import { Reconciler, type Reconciliation } from '../../../src/server/repair/reconciler.ts';
import { BEGIN, iso, joined, left, ms, type Payload, SID, started } from '../../call/story.ts';

const open: CallEvaluator[] = [];
afterEach(async () => {
  for (const evaluator of open.splice(0)) await evaluator.close();
});

interface Asked {
  evaluator: CallEvaluator;
  reconciler: Reconciler;
  calls: string[];
  answers: Reconciliation[];
  at: (second: number) => void;
}

/** An evaluator that was told a story, beside a LiveKit that knows of the room what is given. */
async function asked(story: Payload[], livekit: Partial<LiveKitApi>): Promise<Asked> {
  let now = ms(100);
  const calls: string[] = [];
  const answers: Reconciliation[] = [];
  const evaluator = new CallEvaluator({ clock: () => now });
  open.push(evaluator);
  await evaluator.processEvents(story);
  const none = async () => [];
  const api: LiveKitApi = {
    rooms: async (names) => {
      calls.push(`rooms ${names.join()}`);
      return (livekit.rooms ?? none)(names);
    },
    participants: livekit.participants ?? none,
    egresses: livekit.egresses ?? none,
  };
  const reconciler = new Reconciler(evaluator, {
    api,
    liveKitNow: () => now,
    onAnswer: (answer) => answers.push(answer),
  });
  return {
    evaluator,
    reconciler,
    calls,
    answers,
    at: (second) => {
      now = ms(second);
    },
  };
}
const LOST_FINISH = [started(0), joined(2, 'ana'), left(20, 'ana')];
const LOST_LEAVE = [started(0), joined(2, 'ana')];

describe('a room whose room_finished was lost', () => {
  test('is asked about once, and ends by LiveKit’s answer', async () => {
    const { evaluator, reconciler, calls, answers } = await asked(LOST_FINISH, {});
    await reconciler.reconcile();
    await reconciler.reconcile();
    expect(calls).toEqual(['rooms story']);
    expect(answers).toEqual([{ roomSid: SID, why: 'overdue', exists: false }]);
    const metrics = (await evaluator.getMetrics(SID))!;
    expect(metrics.status).toBe('expired');
    expect(metrics.evidence.gaps).toContainEqual(
      expect.objectContaining({ missing: 'room_finished', resolvedBy: expect.stringContaining('no such room') }),
    );
    expect((await evaluator.getEvents(SID)).map(({ type }) => type)).toContain('reconciled');
  });

  test('is asked about again where LiveKit did not answer', async () => {
    let up = false;
    const rooms = async () => {
      if (!up) throw new Error('fetch failed');
      return [];
    };
    const { reconciler, answers } = await asked(LOST_FINISH, { rooms });
    await expect(reconciler.reconcile()).rejects.toThrow('fetch failed');
    up = true;
    await reconciler.reconcile();
    expect(answers).toHaveLength(1);
  });
});

test('a room that goes on keeps who is there; who is not has left', async () => {
  const { evaluator, reconciler, at } = await asked([...LOST_LEAVE, joined(3, 'ben')], {
    rooms: async () => [{ sid: SID, name: 'story', creationTime: String(BEGIN) }],
    participants: async () => [{ sid: 'PA_ben', identity: 'ben', state: 'ACTIVE' }],
  });
  at(3 * 3600);
  await reconciler.reconcile();
  const { participants } = (await evaluator.getState(SID))!;
  expect(participants.map(({ identity }) => identity)).toEqual(['ben']);
  const { evidence, status } = (await evaluator.getMetrics(SID))!;
  expect(status).toBe('active');
  expect(evidence.gaps).toContainEqual(expect.objectContaining({ sid: 'PA_ana', missing: 'participant_left' }));
});

test('the end of a recording is learnt', async () => {
  const info = { egressId: 'EG_1', roomId: SID, roomComposite: {}, status: 'EGRESS_COMPLETE' };
  const times = { startedAt: `${ms(5)}000000`, endedAt: `${ms(19)}000000` };
  const other = { ...info, egressId: 'EG_2', roomId: 'RM_of_that_name_before' };
  const { evaluator, reconciler } = await asked(LOST_FINISH, { egresses: async () => [{ ...info, ...times }, other] });
  await reconciler.reconcile();
  const { egresses } = (await evaluator.getMetrics(SID))!.recording;
  expect(egresses).toMatchObject([{ id: 'EG_1', endedAt: iso(19), duration: 14 }]);
});

test('a call that is well is left alone, and so is one of long ago', async () => {
  const well = await asked(LOST_LEAVE, {});
  await well.reconciler.reconcile();
  const old = await asked(LOST_FINISH, {});
  old.at(8 * 86_400);
  await old.reconciler.reconcile();
  expect([...well.calls, ...old.calls]).toEqual([]);
});

test('a stop leaves the round at the next room', async () => {
  const told = [1, 2, 3].flatMap(
    (n) => JSON.parse(JSON.stringify(LOST_FINISH).replaceAll(SID, `RM_${n}`)) as Payload[],
  );
  const answer = Promise.withResolvers<[]>();
  const egresses = vi.fn(() => answer.promise);
  const { reconciler, answers } = await asked(told, { egresses });
  const round = reconciler.reconcile();
  await vi.waitFor(() => expect(egresses).toHaveBeenCalledTimes(1));
  await reconciler.stop();
  answer.resolve([]);
  await round;
  expect([egresses.mock.calls.length, answers.length]).toEqual([1, 1]); // what was answered is kept
});

test('it tells how many rounds have failed one after the other', async () => {
  let up = false;
  const evaluator = new CallEvaluator({ clock: () => ms(100) });
  open.push(evaluator);
  await evaluator.processEvents(LOST_FINISH);
  const none = async () => [];
  const rooms = async () => (up ? [] : Promise.reject(new Error('fetch failed')));
  const reconciler = new Reconciler(evaluator, {
    api: { rooms, participants: none, egresses: none },
    liveKitNow: () => ms(100),
    everyMs: 5,
  });
  expect(reconciler.failing).toBeNull();
  reconciler.start();
  await vi.waitFor(() => expect(reconciler.failing?.rounds).toBeGreaterThan(2));
  expect(reconciler.failing!.since).toBeCloseTo(Date.now(), -4);
  up = true;
  await vi.waitFor(() => expect(reconciler.failing).toBeNull());
  await reconciler.stop();
});

test('an address with a password is refused, without a word of it', () => {
  for (const url of [
    'https://user:hidden@livekit.example',
    'wss://hidden@livekit',
    'ftp://a:hidden@b',
    'a:hidden@ b',
  ]) {
    expect(() => liveKitApi(url, 'key', 'secret')).toThrow(/holds a user or a password.*give it without/);
    expect(() => liveKitApi(url, 'key', 'secret')).not.toThrow(/hidden/);
  }
});

test.each(['', 'localhost', 'ftp://livekit'])('%j is refused as LiveKit’s address', (url) => {
  expect(() => liveKitApi(url, 'key', 'secret')).toThrow(/no address of a LiveKit server/);
});
