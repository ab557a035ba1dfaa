import type { CallEvaluator } from '../../evaluator.ts';

/** Anybody may ask, and each proof is a write to the disk: one in a second. */
const PROVEN_FOR_MS = 1_000;

/** Rejects while events cannot be stored. */
export function writability(evaluator: CallEvaluator): () => Promise<void> {
  let proof: { at: number; result: Promise<void> } | null = null;
  return () => {
    const now = performance.now();
    if (proof === null || now - proof.at >= PROVEN_FOR_MS) proof = { at: now, result: evaluator.assertWritable() };
    return proof.result;
  };
}
