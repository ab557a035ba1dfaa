import type { Series, SeriesRow } from '../fleet/series.ts';
import { type CsvCell, csvLine } from './csv.ts';

const COLUMNS: Readonly<Record<string, (row: SeriesRow) => CsvCell>> = {
  roomSid: ({ roomSid }) => roomSid,
  roomName: ({ roomName }) => roomName,
  status: ({ status }) => status,
  startedAt: ({ startedAt }) => startedAt,
  endedAt: ({ endedAt }) => endedAt,
  duration: ({ duration }) => duration,
  humans: ({ humans }) => humans,
  new: (row) => row.new,
  returning: ({ returning }) => returning,
  unknown: ({ unknown }) => unknown,
  unique: ({ unique }) => unique,
  peak: ({ peak }) => peak,
  engagement: ({ engagement }) => engagement,
  recontacted: ({ recontacted }) => recontacted,
  recontactAfter: ({ recontactAfter }) => recontactAfter,
  recontactRoomSid: ({ recontactRoomSid }) => recontactRoomSid,
  completeness: ({ completeness }) => completeness,
  people: ({ people }) => JSON.stringify(people.map(({ identity }) => identity)),
};

/** The lines of a CSV: a head, and a row a call. */
export function seriesCsv({ calls }: Series): string[] {
  const shows = Object.values(COLUMNS);
  return [csvLine(Object.keys(COLUMNS)), ...calls.map((row) => csvLine(shows.map((show) => show(row))))];
}
