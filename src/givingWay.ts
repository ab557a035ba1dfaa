/** Long work in one process with others: it stops every few milliseconds for whoever else has something to do. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Others wait no longer than for this and one piece of the work, ms. */
const AT_A_STRETCH = 10;

/** @returns to be awaited after each piece. @param onPause called when the time is up, before others have their turn */
export function givingWay(onPause?: () => void): () => Promise<void> | undefined {
  let begun = performance.now();
  return () => {
    if (performance.now() - begun < AT_A_STRETCH) return undefined;
    onPause?.();
    return nextTurn().then(() => {
      begun = performance.now();
    });
  };
}
