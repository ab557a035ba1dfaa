/** What agents said of how their sessions went. */
import { z } from 'zod';
import { byText } from './byText.ts';
import { value } from './metric.ts';
import type { Scene } from './scene.ts';

const VERDICTS = ['pass', 'fail', 'maybe'] as const;
const sessionSchema = z
  .object({
    outcome: z
      .enum(['success', 'fail'])
      .nullable()
      .describe('as the agent’s tagger said; fail where several sessions differ; null: none said'),
    tags: z.array(z.string()).describe('the user’s own, of all sessions'),
    judgments: z
      .array(z.object({ judge: z.string(), verdict: z.enum(VERDICTS) }))
      .describe('verdicts of LiveKit’s judges (JudgeGroup)'),
  })
  .nullable();

const JUDGMENT = new RegExp(`^lk\\.judge\\.(.+):(${VERDICTS.join('|')})$`, 's');

function sessionOf({ resolved }: Scene): z.infer<typeof sessionSchema> {
  const talks = [...resolved.call.talks.values()];
  if (talks.length === 0) return null;
  const all = [...new Set(talks.flatMap(({ tags }) => [...tags]))].sort(byText);
  return {
    outcome: all.includes('lk.fail') ? 'fail' : all.includes('lk.success') ? 'success' : null,
    tags: all.filter((tag) => tag !== 'lk.fail' && tag !== 'lk.success' && !JUDGMENT.test(tag)),
    judgments: all.flatMap((tag) => {
      const [, judge, verdict] = JUDGMENT.exec(tag) ?? [];
      return judge === undefined ? [] : [{ judge, verdict: verdict as (typeof VERDICTS)[number] }];
    }),
  };
}

export const SESSION_METRICS = [
  value({
    path: 'session',
    toldByUploads: true,
    unit: 'object',
    formula: 'Outcome, tags and verdicts that agents gave their sessions, over all jobs of the call.',
    nullWhen: 'no telemetry',
    needs: [],
    source: 'LiveKit Agents (Tagger, JudgeGroup)',
    schema: sessionSchema,
    compute: sessionOf,
  }),
] as const;
