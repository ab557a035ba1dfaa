/** How a call counts in the figures of a contact centre (field.md E20 to E24), and how it might count. */
import { type CallFigures, isUncertain } from './figures.ts';
import { type Judgement, judged, NO, OUT, YES } from './outcomes.ts';
import { limitsOf, type Range } from './range.ts';
import type { SummarySettings } from './summaryOptions.ts';

export interface Contact {
  /** A human was connected where an agent was expected. */
  offered: Judgement;
  answered: Judgement;
  /** Offered and not answered, whenever the human gave up. */
  abandoned: Judgement;
  /** Abandoned, of those offered. */
  abandonment: Judgement;
  /** Answered within the threshold. */
  serviceLevel: Judgement;
  /** Without escalation, of those answered. */
  contained: Judgement;
}

type Settings = Pick<SummarySettings, 'serviceLevel' | 'shortAbandon' | 'containment'>;

/** The ways in which a call may have gone. */
interface Ways {
  offered: boolean;
  answered: boolean;
  mayBeAnswered: boolean;
  mayBeInVain: boolean;
  /** NO and OUT where it may not have been offered at all, else nothing. */
  no: number;
  out: number;
}

export function contactOf(figures: CallFigures, settings: Settings): Contact {
  if (figures.status === 'active') return STILL_ON;
  const { offered, answered } = figures;
  const offerMayTurn = offered === null || isUncertain(figures, 'offered');
  if (offered === false && !offerMayTurn) return NEVER_OFFERED;
  const answerMayTurn = answered === null || isUncertain(figures, 'answered');
  const contact = judge(figures, settings, {
    offered: offered === true,
    answered: answered === true,
    mayBeAnswered: answered === true || answerMayTurn,
    mayBeInVain: answered !== true || answerMayTurn,
    no: offerMayTurn ? NO : 0,
    out: offerMayTurn ? OUT : 0,
  });
  return offered === null ? unknown(contact) : contact;
}

const ACTIVE = judged(OUT, OUT, 'active');
const STILL_ON: Contact = {
  offered: ACTIVE,
  answered: ACTIVE,
  abandoned: ACTIVE,
  abandonment: ACTIVE,
  serviceLevel: ACTIVE,
  contained: ACTIVE,
};
const NOT_OFFERED = judged(NO, NO, 'notOffered');
const LEFT_OUT = judged(OUT, OUT, 'notOffered');
const NEVER_OFFERED: Contact = {
  offered: NOT_OFFERED,
  answered: NOT_OFFERED,
  abandoned: NOT_OFFERED,
  abandonment: LEFT_OUT,
  serviceLevel: LEFT_OUT,
  contained: LEFT_OUT,
};

/** Left out of all, and it might be any of what it might be. */
function unknown(contact: Contact): Contact {
  const left = ({ may }: Judgement) => judged(OUT, may | OUT, 'notKnowable');
  return {
    offered: left(contact.offered),
    answered: left(contact.answered),
    abandoned: left(contact.abandoned),
    abandonment: left(contact.abandonment),
    serviceLevel: left(contact.serviceLevel),
    contained: left(contact.contained),
  };
}

function judge(figures: CallFigures, settings: Settings, ways: Ways): Contact {
  const { offered, answered, mayBeAnswered, mayBeInVain, no } = ways;
  const why = offered ? 'abandoned' : 'notOffered';
  const yes = mayBeAnswered ? YES : 0;
  return {
    offered: judged(offered ? YES : NO, YES | no, 'notOffered'),
    answered: judged(offered && answered ? YES : NO, yes | (mayBeInVain ? NO : 0) | no, why),
    abandoned: judged(offered && !answered ? YES : NO, (mayBeInVain ? YES : 0) | (mayBeAnswered ? NO : 0) | no, why),
    abandonment: abandonment(figures, settings, ways),
    serviceLevel: serviceLevel(figures, settings, ways),
    contained: contained(figures, settings, ways),
  };
}

/** Whether a number is above a limit, may be, may be not. */
interface Comparison {
  is: boolean;
  may: boolean;
  mayNot: boolean;
}
const CERTAINLY: Comparison = { is: true, may: true, mayNot: false };
const NEVER: Comparison = { is: false, may: false, mayNot: true };

function above(value: number | null, range: Range | undefined, limit: number): Comparison {
  if (range === undefined && value !== null) return value > limit ? CERTAINLY : NEVER;
  const [low, high] = limitsOf(0, range ?? [0, null]);
  return { is: (value ?? 0) > limit, may: high > limit, mayNot: low <= limit };
}

function atLeast(value: number, range: Range | undefined, limit: number): Comparison {
  const [low, high] = limitsOf(value, range);
  return { is: value >= limit, may: high >= limit, mayNot: low < limit };
}

/** Whether one who gave up counts: those who did within a moment may not be meant. */
function gaveUp({ waited, bounds }: CallFigures, moment: number): Comparison {
  return moment === 0 ? CERTAINLY : above(waited, bounds?.waited, moment);
}

function abandonment(figures: CallFigures, { shortAbandon }: Settings, ways: Ways): Judgement {
  const { offered, answered, mayBeAnswered, mayBeInVain, out } = ways;
  let may = out | (mayBeAnswered ? NO : 0);
  const late = mayBeInVain ? gaveUp(figures, shortAbandon) : NEVER;
  if (mayBeInVain) may |= (late.may ? YES : 0) | (late.mayNot ? OUT : 0);
  if (!offered) return judged(OUT, may, 'notOffered');
  return answered ? judged(NO, may, 'abandoned') : judged(late.is ? YES : OUT, may, 'shortAbandon');
}

function serviceLevel(figures: CallFigures, { serviceLevel, shortAbandon }: Settings, ways: Ways): Judgement {
  const { threshold, denominator } = serviceLevel;
  const { offered, answered, mayBeAnswered, mayBeInVain, out } = ways;
  let may = out;
  const late = mayBeAnswered ? above(figures.joinLatency, figures.bounds?.joinLatency, threshold) : NEVER;
  if (mayBeAnswered) may |= (late.may ? NO : 0) | (late.mayNot ? YES : 0);
  const ofAnswered = denominator === 'answered';
  const moment = denominator === 'offered' ? shortAbandon : Math.max(threshold, shortAbandon);
  const counts = mayBeInVain && !ofAnswered ? gaveUp(figures, moment) : NEVER;
  if (mayBeInVain) may |= (counts.may ? NO : 0) | (counts.mayNot ? OUT : 0);
  if (!offered) return judged(OUT, may, 'notOffered');
  if (answered) return judged(late.is ? NO : YES, may, 'abandoned');
  const why = ofAnswered ? 'abandoned' : denominator === 'offered' ? 'shortAbandon' : 'earlyAbandon';
  return judged(counts.is ? NO : OUT, may, why);
}

function contained(figures: CallFigures, { containment }: Settings, ways: Ways): Judgement {
  const { minDuration, secondHuman, escalationTags } = containment;
  const { humans, tags, agentHumanDuration, bounds } = figures;
  const { offered, answered, mayBeAnswered, mayBeInVain, out } = ways;
  const tagged = tags.length > 0 && tags.some((tag) => escalationTags.includes(tag));
  const several = tagged ? CERTAINLY : secondHuman ? above(humans, bounds?.humans, 1) : NEVER;
  const long =
    minDuration === 0 ? CERTAINLY : atLeast(agentHumanDuration ?? 0, bounds?.agentHumanDuration, minDuration);
  let may = out | (mayBeInVain || long.mayNot ? OUT : 0);
  if (mayBeAnswered && long.may) may |= (several.may ? NO : 0) | (several.mayNot ? YES : 0);
  if (!offered || !answered) return judged(OUT, may, offered ? 'abandoned' : 'notOffered');
  return long.is ? judged(several.is ? NO : YES, may, 'abandoned') : judged(OUT, may, 'tooShort');
}
