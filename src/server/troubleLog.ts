/** Webhooks and uploads that were not answered with 200, in the log: of each kind one line in a while, for strangers make as many as they like. */
import type { Log } from './api/options.ts';
import type { Trouble } from './webhook/trouble.ts';

const ONCE_IN_MS = 10_000;

interface Kind {
  toldAt: number;
  /** How often it happened since. */
  untold: number;
}

export function troubleLog(
  log: Log,
  now = () => performance.now(),
  what = 'webhook',
): (trouble: Trouble<string>) => void {
  // of as many kinds as there are checks, configured keys and codes
  const kinds = new Map<string, Kind>();
  return ({ status, code, refused, cause }) => {
    const check = refused?.check;
    const key = refused?.key ?? undefined;
    const name = [code, check, key].join(' ');
    const kind = kinds.get(name);
    if (kind && now() - kind.toldAt < ONCE_IN_MS) {
      kind.untold++;
      return;
    }
    kinds.set(name, { toldAt: now(), untold: 0 });
    const before = kind && kind.untold > 0 ? { before: kind.untold } : {};
    // no detail: it quotes what strangers send
    log.warn({ status, code, check, key, ...before, ...(cause !== undefined && { err: cause }) }, `${what} refused`);
  };
}
