import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactSum } from '../../src/fleet/exactSum.ts';

const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test('is exact where doubles are not', () => {
  const sum = new ExactSum();
  for (const number of [2 ** 53 - 1, 1, 1, 2 ** 53 - 1]) sum.add(number);
  expect([sum.limbs, sum.rest]).toEqual([8, 0]);
  expect(sum.value).toBe(2 ** 54);
});

test('says the same as whole numbers of any size, in any parts', () => {
  fc.assert(
    fc.property(fc.array(whole), fc.array(whole), (some, others) => {
      const [a, b] = [some, others].map((numbers) => {
        const sum = new ExactSum();
        for (const number of numbers) sum.add(number);
        return sum;
      });
      a!.merge(b!);
      const truth = [...some, ...others].reduce((sum, number) => sum + BigInt(number), 0n);
      expect(BigInt(a!.limbs) * 2n ** 51n + BigInt(a!.rest)).toBe(truth);
      expect(a!.rest).toBeLessThan(2 ** 51);
    }),
  );
});
