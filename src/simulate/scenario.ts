import { seeded } from '../random.ts';
import type { Call, Mode, Person } from './call.ts';
import { openStage, type Stage } from './stage.ts';

const NAMES = ['ana', 'ben', 'cara', 'dov', 'eli', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim', 'leo'];
/** Reasons of leaves that neither the room nor a new connection caused. */
const LEAVES = ['CLIENT_INITIATED', 'CLIENT_INITIATED', 'CONNECTION_TIMEOUT', 'SIGNAL_CLOSE', 'PARTICIPANT_REMOVED'];

/** An agent that answers and stays with the caller; it goes at once, soon after, or is left inside until the room closes. */
function serve(stage: Stage, from: number, callerLeft: number): Person {
  const { after, agent, random, speak } = stage;
  const who = agent();
  speak(who, from, random.chance(0.6) ? after(callerLeft, 0, 3) : null);
  return who;
}

function job(stage: Stage, from: number, to: number | null, identity: string, outcome: 'SUCCESS' | 'FAILED'): void {
  stage.call.jobs.push({ id: stage.id('AJ_'), dispatchId: stage.id('AD_'), identity, from, to, outcome });
}

function inboundPhone(stage: Stage): Person {
  return stage.person(`sip_+1555010${stage.random.int(1000, 9999)}`, 'SIP', {
    attributes: {
      'sip.callID': stage.id('SCL_'),
      'sip.trunkID': stage.id('ST_'),
      'sip.ruleID': stage.id('SDR_'),
      'sip.phoneNumber': '+15550100001',
      'sip.trunkPhoneNumber': '+15550100099',
      'sip.callStatus': 'active',
    },
  });
}

function outboundPhone(stage: Stage): Person {
  return stage.person('callee', 'SIP', {
    attributes: {
      'sip.callID': stage.id('SCL_'),
      'sip.trunkID': stage.id('ST_'),
      'sip.phoneNumber': '+15550100002',
      'sip.callStatus': 'dialing',
    },
  });
}

/** A few people who come within some seconds and talk; returns when the first half and the last of them leave. */
function meet(stage: Stage, count: number): { people: Person[]; joined: number; thinned: number; over: number } {
  const { after, connect, person, publish, random, start } = stage;
  const joined = after(start, 1, 3);
  const thinned = after(joined, 60, 120);
  const over = after(thinned, 30, 200);
  const people = NAMES.slice(0, count).map((name, seat) => {
    const who = person(name, random.pick(['STANDARD', 'STANDARD', 'STANDARD', 'STANDARD', 'CONNECTOR', 'BRIDGE']));
    const leave = seat === 0 ? over : after(thinned, 0, Math.floor((over - thinned) / 1000));
    const session = connect(who, seat === 0 ? joined : after(joined, 0, 40), leave, random.pick(LEAVES));
    if (random.chance(0.85)) publish(session, random.chance(0.9) ? 'MICROPHONE' : 'UNKNOWN');
    if (random.chance(0.5)) publish(session, 'CAMERA', undefined, random.chance(0.4) ? after(thinned, 0) : null);
    return who;
  });
  return { people, joined, thinned, over };
}

/** Each plays one kind of call on the stage. */
export const SCENARIOS = {
  support(stage) {
    const { after, random, start, person, speak, idleOut } = stage;
    const joined = after(start, 1, 10);
    const left = after(joined, 20, 300);
    speak(person('caller'), joined, left);
    const early = random.chance(0.3);
    const served = early ? start : after(joined, 1, 9);
    const agent = serve(stage, served, left);
    if (random.chance(0.5)) job(stage, served, after(left, 3, 6), agent.identity, 'SUCCESS');
    idleOut();
  },

  noShow(stage) {
    const { abort, after, agent, idleOut, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    speak(person('caller'), joined, after(joined, 5, 90));
    if (random.chance(0.3)) job(stage, joined, after(joined, 2, 8), 'agent-lost', 'FAILED');
    if (random.chance(0.3)) abort(agent(), after(joined, 1), 'JOIN_FAILURE');
    idleOut();
  },

  agentLeavesFirst(stage) {
    const { after, agent, idleOut, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    const gone = after(joined, 30, 120);
    speak(agent(), after(joined, 0, 5), gone, random.pick(['CLIENT_INITIATED', 'AGENT_ERROR', 'CONNECTION_TIMEOUT']));
    speak(person('caller'), joined, after(gone, 0, 30));
    idleOut();
  },

  silentAgent(stage) {
    const { after, agent, connect, idleOut, person, speak, start } = stage;
    const joined = after(start, 1, 3);
    const left = after(joined, 10, 60);
    speak(person('caller'), joined, left);
    connect(agent(), after(joined, 1, 5), after(left, 0, 2));
    idleOut();
  },

  handoff(stage) {
    const { after, agent, idleOut, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    const handed = after(joined, 20, 90);
    const left = after(handed, 20, 90);
    speak(person('caller'), joined, left);
    speak(agent('triage'), after(joined, 1, 5), handed);
    const taken = random.pick([handed, after(handed, 1, 12), after(handed, -10, -1)]);
    speak(agent('billing'), taken, random.chance(0.5) ? after(left, 1, 3) : null);
    idleOut();
  },

  /** A second human phones in, and the agent goes. */
  transfer(stage) {
    const { after, agent, idleOut, person, speak, start } = stage;
    const joined = after(start, 1, 3);
    const dialled = after(joined, 30, 60);
    const left = after(dialled, 40, 120);
    speak(person('caller'), joined, left);
    speak(agent(), after(joined, 1, 4), after(dialled, 10, 20));
    speak(inboundPhone(stage), dialled, after(left, 0, 4));
    idleOut();
  },

  sipInbound(stage) {
    const { after, idleOut, speak, start } = stage;
    const joined = after(start, 0, 2);
    const left = after(joined, 10, 200);
    speak(inboundPhone(stage), joined, left);
    serve(stage, after(joined, 1, 6), left);
    idleOut();
  },

  sipOutbound(stage) {
    const { after, agent, connect, idleOut, publish, speak, start } = stage;
    const dialled = after(start, 2, 5);
    const answered = after(dialled, 3, 25);
    const left = after(answered, 20, 120);
    speak(agent(), after(start, 0, 1), after(left, 0, 2));
    const phone = outboundPhone(stage);
    phone.answeredAt = answered;
    publish(connect(phone, dialled, left), 'MICROPHONE', answered);
    idleOut();
  },

  sipUnanswered(stage) {
    const { after, agent, connect, idleOut, random, speak, start } = stage;
    const dialled = after(start, 2, 5);
    const given = after(dialled, 4, 30);
    speak(agent(), after(start, 0, 1), after(given, 1, 4));
    const reason = random.pick(['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE']);
    connect(outboundPhone(stage), dialled, given, reason);
    idleOut();
  },

  meeting(stage) {
    const { after, idleOut, publish, random } = stage;
    const { people, joined, thinned } = meet(stage, random.int(2, NAMES.length));
    if (random.chance(0.4)) {
      publish(people[0]!.sessions[0]!, 'SCREEN_SHARE', after(joined, 5, 30), after(thinned, -20, 20));
    }
    idleOut();
  },

  webinar(stage) {
    const { after, connect, idleOut, person, publish, random, speak, start } = stage;
    const over = after(start, 1200, 1800);
    const host = speak(person('host'), after(start, 1, 3), over);
    publish(host, 'CAMERA');
    publish(host, 'SCREEN_SHARE', after(host.active, 30, 60), after(over, -60, -30));
    speak(person('panelist'), after(start, 5, 20), after(over, -20, 5));
    for (let seat = 1; seat <= 198; seat++) {
      const from = after(start, 5, 600);
      connect(person(`guest-${seat}`), from, after(from, 60, 560), random.pick(LEAVES));
    }
    idleOut();
  },

  reconnect(stage) {
    const { after, idleOut, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    const over = after(joined, 150, 300);
    const mobile = person('mobile');
    let from = joined;
    for (let times = random.int(1, 3); times > 0; times--) {
      const back = after(from, 20, 40);
      // The old connection is thrown out by the new one, or was lost before it.
      if (random.chance(0.5)) speak(mobile, from, after(back, 0, 2), 'DUPLICATE_IDENTITY');
      else speak(mobile, from, after(back, -9, -1), random.pick(['CONNECTION_TIMEOUT', 'SIGNAL_CLOSE']));
      from = back;
    }
    speak(mobile, from, over);
    if (random.chance(0.5)) speak(person('desk'), after(joined, 1, 20), after(over, -20, 20));
    else serve(stage, after(joined, 1, 10), over);
    idleOut();
  },

  aborted(stage) {
    const { abort, after, idleOut, person, random, speak, start } = stage;
    const tried = after(start, 1, 2);
    const joined = after(tried, 16, 20);
    const left = after(joined, 30, 90);
    const caller = person('caller');
    abort(caller, tried, random.pick(['JOIN_FAILURE', 'SIGNAL_CLOSE']));
    speak(caller, joined, left);
    if (random.chance(0.6)) abort(person('stranger'), after(joined, 1, 5), 'MEDIA_FAILURE');
    serve(stage, after(joined, 1, 5), left);
    idleOut();
  },

  recorded(stage) {
    const { after, idleOut, random, record } = stage;
    const { joined, thinned, over } = meet(stage, random.int(2, 4));
    const asked = after(joined, 0, 20);
    const stop = after(asked, 20, Math.floor((thinned - asked) / 1000) + 20);
    const plot = random.pick(['complete', 'failed', 'aborted', 'limit', 'toTheEnd', 'two']);
    if (plot === 'failed') record(asked, 'FAILED', stop);
    if (plot === 'aborted') record(asked, 'ABORTED', after(asked, 20, 30));
    if (plot === 'limit') record(asked, 'LIMIT_REACHED', stop);
    if (plot === 'complete' || plot === 'two') record(asked, 'COMPLETE', stop);
    if (plot === 'two' || plot === 'aborted') record(after(asked, 31, 40), 'COMPLETE', after(over, -5, 0));
    if (plot === 'toTheEnd') record(asked, null);
    idleOut();
  },

  ingress(stage) {
    const { after, call, connect, id, idleOut, person, publish, random } = stage;
    const { joined, thinned } = meet(stage, 3);
    const from = after(joined, 2, 20);
    const to = after(thinned, -20, 0);
    const feed = connect(person('feed-1', 'INGRESS'), from, to);
    publish(feed, 'CAMERA');
    publish(feed, 'MICROPHONE');
    const outcome = random.pick(['INACTIVE', 'ERROR', 'COMPLETE'] as const);
    call.ingresses.push({ id: id('IN_'), resourceId: id('RT_'), identity: 'feed-1', from: feed.active, to, outcome });
    idleOut();
  },

  screenShare(stage) {
    const { after, idleOut, publish, random } = stage;
    const { people, joined, thinned } = meet(stage, 3);
    const presenter = people[0]!.sessions[0]!;
    const from = after(joined, 5, 30);
    const to = random.chance(0.5) ? after(thinned, -10, 20) : null;
    publish(presenter, 'SCREEN_SHARE', from, to);
    if (random.chance(0.5)) publish(presenter, 'SCREEN_SHARE_AUDIO', from, to);
    idleOut();
  },

  republish(stage) {
    const { after, connect, idleOut, person, publish, start } = stage;
    const joined = after(start, 1, 3);
    const left = after(joined, 120, 200);
    const caller = connect(person('caller'), joined, left);
    const gap = after(joined, 20, 50);
    publish(caller, 'MICROPHONE', after(joined, 2, 5), gap);
    publish(caller, 'MICROPHONE', after(gap, 2, 30));
    // A second microphone beside the first counts once.
    publish(caller, 'MICROPHONE', after(gap, 20, 50), after(gap, 55, 60));
    serve(stage, after(joined, 1, 5), left);
    idleOut();
  },

  avatar(stage) {
    const { after, agent, connect, idleOut, person, publish, speak, start } = stage;
    const joined = after(start, 1, 3);
    const left = after(joined, 60, 120);
    speak(person('caller'), joined, left);
    const mind = connect(agent(), after(joined, 1, 3), left);
    const { identity } = stage.call.people.at(-1)!;
    const face = person('avatar-worker', 'AGENT', { attributes: { 'lk.publish_on_behalf': identity } });
    const session = connect(face, after(mind.active, 1, 4), mind.to);
    publish(session, 'MICROPHONE');
    publish(session, 'CAMERA');
    idleOut();
  },

  hidden(stage) {
    const { after, connect, idleOut, person, speak, start } = stage;
    const joined = after(start, 2, 3);
    const left = after(joined, 60, 120);
    speak(person('caller'), joined, left);
    serve(stage, after(joined, 1, 8), left);
    connect(person('supervisor', 'STANDARD', { hidden: true }), after(joined, 5, 20), after(joined, 30, 50));
    idleOut();
  },

  /** The sid lives twice: it finished, or its node closed it without a word, and the room is started anew. */
  twoLives(stage) {
    const { after, call, end, idleOut, person, random, speak, start } = stage;
    const caller = person('caller');
    const desk = person('desk');
    const joined = after(start, 1, 3);
    const broken = after(joined, 30, 60);
    speak(caller, joined, broken, 'SIGNAL_CLOSE');
    speak(desk, after(joined, 1, 5), broken, 'SIGNAL_CLOSE');
    if (random.chance(0.5)) end(after(broken, 2, 20));
    const again = after(broken, 25, 60);
    call.room.starts.push(again);
    const over = after(again, 40, 90);
    speak(caller, after(again, 0, 3), over);
    speak(desk, after(again, 3, 9), after(over, 0, 5));
    idleOut();
  },

  neverJoined(stage) {
    if (stage.random.chance(0.3)) stage.abort(stage.person('stranger'), stage.after(stage.start, 5, 9), 'JOIN_FAILURE');
    stage.idleOut();
  },

  deleted(stage) {
    const { after, agent, end, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    const deleted = after(joined, 30, 90);
    const endReason = random.chance(0.5) ? 'ROOM_END_API_DELETE' : undefined;
    speak(person('caller'), joined);
    speak(agent(), after(joined, 1, 5));
    end(deleted, 'ROOM_DELETED', endReason);
  },

  shutdown(stage) {
    const { after, end, person, random, speak, start } = stage;
    const joined = after(start, 1, 3);
    speak(person('ana'), joined);
    speak(person('ben'), after(joined, 1, 9));
    end(after(joined, 30, 90), 'SERVER_SHUTDOWN', random.chance(0.5) ? 'ROOM_END_SERVER_SHUTDOWN' : undefined);
  },

  open(stage) {
    const { after, agent, person, random, record, speak, start, call } = stage;
    const joined = after(start, 1, 3);
    speak(person('caller'), joined);
    if (random.chance(0.7)) speak(agent(), after(joined, 1, 5), random.chance(0.3) ? after(joined, 20, 40) : null);
    if (random.chance(0.4)) record(after(joined, 1, 5), null);
    call.now = after(joined, 60, 300);
  },

  /** Everybody has gone, and room_finished was never sent. */
  expired(stage) {
    const { after, call, person, speak, start } = stage;
    const joined = after(start, 1, 3);
    const left = after(joined, 30, 120);
    speak(person('caller'), joined, left);
    const { identity } = serve(stage, after(joined, 1, 5), left);
    const agent = call.people.find((who) => who.identity === identity)!.sessions[0]!;
    if (agent.to === null) Object.assign(agent, { to: after(left, 0, 2), reason: 'CLIENT_INITIATED' });
    call.now = after(left, 3600, 7200);
  },
} satisfies Record<string, (stage: Stage) => void>;

export type Scenario = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as Scenario[];

/** So long that a room whose end got lost on the way is given up (`staleAfter`), too. */
const LONG_AFTER_MS = 2 * 86_400_000;

/** Unless asked for, no webinar: two hundred people cost as much as all other calls together. */
const USUAL = SCENARIO_NAMES.filter((name) => name !== 'webinar');

export interface CallOptions {
  mode?: Mode;
  scenario?: Scenario;
  /** When its room is created; a whole second in that mode. */
  start?: number;
}

/** The same for the same seed, but for when it takes place. */
export function simulateCall(seed: number, options: CallOptions = {}): Call {
  const { mode = 'whole', scenario = seeded(~seed).pick(USUAL), start } = options;
  const stage = openStage({ seed, mode, scenario, start });
  SCENARIOS[scenario](stage);
  const { call } = stage;
  const finished = call.room.ends.at(-1);
  return finished === undefined ? call : { ...call, now: finished + LONG_AFTER_MS };
}
