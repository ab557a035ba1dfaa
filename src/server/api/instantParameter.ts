import { isValid } from 'date-fns/isValid'; // by function: the whole of date-fns takes half a second to load
import { parseISO } from 'date-fns/parseISO';
import { z } from 'zod';

const DATE_ONLY = /^\d{4}-\d\d-\d\d$/;
const ZONE = /(z|[+-]\d\d(:?\d\d)?)$/i;
/** From 1973 on: fewer digits are epoch seconds, which would be taken for 1970. */
const EPOCH_MS = /^\d{12,14}$/;
/** ISO 8601 with four digits of a year. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** ISO 8601, UTC where no zone is written; or epoch ms. As epoch ms. */
export const instantParameter = (says: string): z.ZodType<number, string> =>
  z
    .string()
    .transform((text, context) => {
      const ms = epochMs(text);
      if (Number.isNaN(ms)) context.addIssue('no instant');
      return ms;
    })
    .meta({ description: `${says}; an instant such as 2026-01-01T00:00:00Z, or epoch ms`, format: 'date-time' });

function epochMs(text: string): number {
  if (EPOCH_MS.test(text)) return Number(text);
  const zoned = DATE_ONLY.test(text) ? `${text}T00:00:00Z` : ZONE.test(text) ? text : `${text}Z`;
  const found = parseISO(zoned);
  return isValid(found) && found.getTime() >= EARLIEST && found.getTime() <= LATEST ? found.getTime() : Number.NaN;
}
