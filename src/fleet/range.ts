/** Between which limits a value lies, as evidence.bounds tells it; null = no limit known. */
export type Range = readonly [low: number | null, high: number | null];

/** As numbers: nothing that figures tell is below 0. @param range undefined where the value is exact */
export function limitsOf(value: number, range: Range | undefined): readonly [low: number, high: number] {
  return range === undefined ? [value, value] : [range[0] ?? 0, range[1] ?? Number.POSITIVE_INFINITY];
}
