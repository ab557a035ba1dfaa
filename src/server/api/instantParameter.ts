import { z } from 'zod';
import { writtenInstant } from '../../writtenInstant.ts';

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
  const found = writtenInstant(text);
  return found >= EARLIEST && found <= LATEST ? found : Number.NaN;
}
