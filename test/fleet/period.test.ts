import { describe, expect, test } from 'vitest';
import { type PeriodUnit, periodsBetween, periodsOf } from '../../src/fleet/period.ts';
import { TimeZone } from '../../src/fleet/timeZone.ts';

const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const shown = ({ from, until, label }: { from: number; until: number; label: string }) =>
  `${label} ${new Date(from).toISOString().slice(0, 16)} ${(until - from) / HOUR}h`;
const periodAt = (unit: PeriodUnit, zone: string, iso: string) => shown(periodsOf(unit, new TimeZone(zone))(at(iso)));

describe('a day', () => {
  test.each([
    ['Europe/Berlin', '2026-10-12T12:00:00Z', '2026-10-12 2026-10-11T22:00 24h'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29 2026-03-28T23:00 23h'],
    ['Europe/Berlin', '2026-10-25T22:59:59Z', '2026-10-25 2026-10-24T22:00 25h'],
    ['Europe/Berlin', '2026-10-25T23:00:00Z', '2026-10-26 2026-10-25T23:00 24h'],
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08 2026-03-08T05:00 23h'],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01 2026-11-01T04:00 25h'],
    ['America/New_York', '2026-11-02T04:59:59Z', '2026-11-01 2026-11-01T04:00 25h'],
    ['Asia/Kathmandu', '2026-10-12T18:14:59Z', '2026-10-12 2026-10-11T18:15 24h'],
    ['Asia/Kathmandu', '2026-10-12T18:15:00Z', '2026-10-13 2026-10-12T18:15 24h'],
    ['UTC', '2028-02-29T23:59:59Z', '2028-02-29 2028-02-29T00:00 24h'],
    // clocks that leap over midnight, or back over it
    ['Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-24 2026-04-23T22:00 23h'],
    ['America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04 2018-11-04T03:00 23h'],
    ['America/Sao_Paulo', '2019-02-17T02:30:00Z', '2019-02-16 2019-02-16T02:00 25h'],
    ['America/Havana', '2026-11-01T04:30:00Z', '2026-11-01 2026-11-01T04:00 25h'],
    // by a minute after midnight, so that the day before came back
    ['America/St_Johns', '2005-10-30T02:45:00Z', '2005-10-30 2005-10-30T02:30 25h'],
    // a day that never was
    ['Pacific/Apia', '2011-12-30T09:59:00Z', '2011-12-29 2011-12-29T10:00 24h'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31 2011-12-30T10:00 24h'],
  ])('in %s at %s', (zone, iso, period) => {
    expect(periodAt('day', zone, iso)).toBe(period);
  });
});

describe('an hour', () => {
  test.each([
    ['Europe/Berlin', '2026-10-25T00:59:59Z', '2026-10-25T02:00+02:00 2026-10-25T00:00 1h'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', '2026-10-25T02:00+01:00 2026-10-25T01:00 1h'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00+02:00 2026-03-29T01:00 1h'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T01:00-04:00 2026-11-01T05:00 1h'],
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T01:00-05:00 2026-11-01T06:00 1h'],
    ['Asia/Kathmandu', '2026-10-12T12:00:00Z', '2026-10-12T17:00+05:45 2026-10-12T11:15 1h'],
    // clocks that are put back by half an hour: 01:30 to 02:00 comes twice
    ['Australia/Lord_Howe', '2026-04-04T14:59:00Z', '2026-04-05T01:00+11:00 2026-04-04T14:00 1h'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05T01:30+10:30 2026-04-04T15:00 0.5h'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-04T02:30+11:00 2026-10-03T15:30 0.5h'],
  ])('in %s at %s', (zone, iso, period) => {
    expect(periodAt('hour', zone, iso)).toBe(period);
  });
});

test.each([
  ['week', '2026-10-25T12:00:00Z', '2026-W43 2026-10-18T22:00 169h'],
  ['week', '2026-10-26T12:00:00Z', '2026-W44 2026-10-25T23:00 168h'],
  ['week', '2027-01-03T12:00:00Z', '2026-W53 2026-12-27T23:00 168h'],
  ['week', '2027-01-04T12:00:00Z', '2027-W01 2027-01-03T23:00 168h'],
  ['month', '2026-10-31T22:59:59Z', '2026-10 2026-09-30T22:00 745h'],
  ['month', '2026-10-31T23:00:00Z', '2026-11 2026-10-31T23:00 720h'],
  ['month', '2028-02-29T12:00:00Z', '2028-02 2028-01-31T23:00 696h'],
  ['month', '2026-12-31T23:30:00Z', '2027-01 2026-12-31T23:00 744h'],
] as const)('a %s in Berlin at %s', (unit, iso, period) => {
  expect(periodAt(unit, 'Europe/Berlin', iso)).toBe(period);
});

describe.each(['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'])(
  'in %s',
  (name) => {
    test.each(['hour', 'day', 'week', 'month'] as const)(
      'every instant lies in one %s, whichever is asked for first',
      (unit) => {
        // over a change of the clocks, or two
        const [begin, days] =
          unit === 'hour'
            ? [at(name === 'Pacific/Apia' ? '2011-12-01T00:00:00Z' : '2026-03-05T00:00:00Z'), 40]
            : [at(name === 'Pacific/Apia' ? '2011-06-01T00:00:00Z' : '2026-01-01T00:00:00Z'), 400];
        const periods = [...periodsBetween(periodsOf(unit, new TimeZone(name)), begin, begin + days * 24 * HOUR)];
        expect(periods.length).toBeGreaterThan(12);
        for (const [i, { from, until }] of periods.entries()) {
          expect(from).toBeLessThan(until);
          if (i > 0) expect(from).toBe(periods[i - 1]!.until);
        }
        const periodOf = periodsOf(unit, new TimeZone(name));
        for (const period of periods.filter((_, i) => i % 7 === 0).toReversed()) {
          expect(periodOf(period.until - 1)).toEqual(period);
          expect(periodOf(period.from)).toBe(periodOf(period.until - 1)); // the same object
        }
      },
    );

    test('wall clocks are those of Intl', () => {
      const zone = new TimeZone(name);
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
      for (let ms = at('2026-01-01T00:00:00Z'); ms < at('2027-01-01T00:00:00Z'); ms += 13.7 * HOUR)
        expect(new Date(zone.wallAt(ms)).toISOString().slice(0, 19).replace('T', ' ')).toBe(clock.format(ms));
    });
  },
);

test('a zone that is none is named, with the fix', () => {
  expect(() => new TimeZone('Europe/Berln')).toThrow(
    'timeZone: "Europe/Berln" is no time zone that is known here. Give an IANA name such as Europe/Berlin.',
  );
});
