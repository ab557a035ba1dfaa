import type { Made } from '../report/periodReport.ts';
import { version } from './version.ts';

/** By what a page is made, and when: now, to the second. */
export function made(): Made {
  return { at: Math.floor(Date.now() / 1000) * 1000, version: version() };
}
