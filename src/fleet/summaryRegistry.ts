/** Every figure of a summary, in the order in which CallSummary shows them. */
import { CONTACT_CENTRE_FIGURES } from './contactCentre.ts';
import { CONTENT_FIGURES } from './content.ts';
import { DURATION_FIGURES } from './durations.ts';
import { VOLUME_FIGURES } from './volume.ts';

export const SUMMARY_FIGURES = [
  ...VOLUME_FIGURES,
  ...CONTACT_CENTRE_FIGURES,
  ...DURATION_FIGURES,
  ...CONTENT_FIGURES,
] as const;
