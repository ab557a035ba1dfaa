/** Student's t: how wide an interval of 95 % has to be where the spread itself is known from few values. */

/** Of the standard normal distribution, 97.5 % lie below. */
const Z = 1.959963984540054;

/** The expansion of Cornish and Fisher: right to a thousandth from 3 degrees of freedom on, better beyond. */
const TERMS = [
  (Z ** 3 + Z) / 4,
  (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
  (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92_160,
];

/** @param freedom degrees of it, 3 or more. @returns below which 97.5 % lie */
export function student(freedom: number): number {
  return TERMS.reduce((sum, term, i) => sum + term / freedom ** (i + 1), Z);
}
