/** Tags of a session, its outcome and the verdicts of its judges: all of them as the tags that LiveKit's tagger makes of them. */
import { field, type Json } from '../webhook/read.ts';
import { isJson, word } from './read.ts';

/** Of a session's report or a summary of it; `session.tags` of a log record. */
export function tagsIn(told: Json): string[] | undefined {
  const tags = field(told, 'tags') ?? told['session.tags'];
  const outcome = outcomeTag(word(told, 'outcome'));
  const all = [...(Array.isArray(tags) ? tags.filter(isTag) : []), ...outcome];
  return all.length > 0 ? all : undefined;
}

/** Of a log record of the scope `evaluations`. */
export function evaluationTags(record: Json): string[] {
  const { evaluation, tag, outcome } = record;
  if (isJson(evaluation)) {
    const judge = word(evaluation, 'name');
    const verdict = word(evaluation, 'verdict');
    return judge !== undefined && verdict !== undefined ? [`lk.judge.${judge}:${verdict}`] : [];
  }
  if (isJson(tag)) return isTag(tag.name) ? [tag.name] : [];
  return isJson(outcome) ? outcomeTag(word(outcome, 'outcome')) : [];
}

const outcomeTag = (outcome: string | undefined): string[] =>
  outcome === 'success' || outcome === 'fail' ? [`lk.${outcome}`] : [];

const LONGEST = 256;
const isTag = (tag: unknown): tag is string => typeof tag === 'string' && tag !== '' && tag.length <= LONGEST;
