/** Instants as people write them: behind an option of the command line, in a query. */
import { isValid } from 'date-fns/isValid'; // by function: the whole of date-fns takes half a second to load
import { parseISO } from 'date-fns/parseISO';

const DATE_ONLY = /^\d{4}-\d\d-\d\d$/;
const ZONE = /(z|[+-]\d\d(:?\d\d)?)$/i;
/** From 1973 on: fewer digits are epoch seconds, which would be taken for 1970. */
const EPOCH_MS = /^\d{12,14}$/;
/** By ISO 8601 the 30th century, and never meant. */
const CENTURY = /^\d{1,3}$/;

/**
 * ISO 8601, UTC where no zone is written, so that a result does not depend on where it is made; or epoch ms.
 * @returns epoch ms; NaN where it is no instant
 */
export function writtenInstant(text: string): number {
  if (EPOCH_MS.test(text)) return Number(text);
  if (CENTURY.test(text)) return Number.NaN;
  const zoned = DATE_ONLY.test(text) ? `${text}T00:00:00Z` : ZONE.test(text) ? text : `${text}Z`;
  const found = parseISO(zoned);
  return isValid(found) ? found.getTime() : Number.NaN;
}
