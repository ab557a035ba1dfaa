import { intake } from '../../../src/intake.ts';
import { decode } from '../../../src/webhook/decode.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, manyCalls, NOW } from '../workload.ts';

/** What understanding an event costs beyond JSON.parse. */
export async function ask({ rounds, size }: Bench): Promise<Answer[]> {
  const count = size(10_000, 100_000);
  const texts = [...manyCalls(count / EVENTS_A_CALL)];
  const all = (understands: (text: string) => boolean) => () =>
    secondsOf(() => {
      let understood = 0;
      for (const text of texts) if (understands(text)) understood++;
      expectCount('understood', understood, count);
    });
  const took = await alternate(rounds, {
    parse: all((text) => (JSON.parse(text) as { event: string }).event !== ''),
    decode: all((text) => decode(JSON.parse(text)).ok),
    intake: all((text) => intake(text, NOW).understood),
  });
  const parse = `parse ${speed(count, took.parse)}`;
  return [
    {
      question: 'parse + decode / JSON.parse',
      ratios: ratios(took.parse, took.decode),
      goal: { atLeast: 0.55 },
      figures: `${speed(count, took.decode)}, ${parse}`,
    },
    {
      question: 'intake / JSON.parse',
      ratios: ratios(took.parse, took.intake),
      goal: { atLeast: 0.55 },
      figures: `${speed(count, took.intake)}, ${parse}`,
    },
  ];
}
