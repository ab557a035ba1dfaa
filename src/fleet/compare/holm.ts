/**
 * Many figures are looked at at once, and of twenty that do not differ one does, by chance, at 95 %. Holm (1979): the least
 * chance has to be under 5 % / n, the next under 5 % / (n - 1), and so on until one is not; so that in 95 of 100 comparisons
 * no figure at all is called different that is not, however they hang together.
 * @returns for each, below which chance it would count, in the order given
 */
export function holm(chances: readonly number[], level: number): number[] {
  const order = [...chances.keys()].sort((a, b) => chances[a]! - chances[b]!);
  const thresholds = new Array<number>(chances.length);
  let left = chances.length;
  for (const place of order) {
    thresholds[place] = level / left;
    if (chances[place]! <= thresholds[place]!) left--;
  }
  return thresholds;
}
