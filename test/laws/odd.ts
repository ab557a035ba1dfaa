/** Real payloads gone wrong: what stands in them, or they as a whole, replaced by whatever may come over a wire. */
import fc from 'fast-check';
import { anyCharacter } from '../anyCharacter.ts';

/** One change to one of the payloads; `event` and `field` say which, round and round. */
interface Change {
  event: number;
  field: number;
  to: { value: unknown } | { of: number } | 'nothing';
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...['-62167219200', '253402300799', '9223372036854775807', '-1', '1e3', '1.5', '0', '', ' ', 'NaN'], // instants, lengths
    ...[-1, -0, 0.5, 1e11, 1e308, 2 ** 53, -(2 ** 63), 253402300799000],
    ...[null, true, false, [], {}, [[]], { $numberLong: '-5' }, { toString: 1, valueOf: 2 }],
    ...['\0', '\ud800', '\udfff\ud800', '__proto__', 'constructor', 'a].b[c=d', '../../etc', '🦆'],
    ...['ACTIVE', 'EGRESS_FAILED', 'ENDPOINT_ERROR', 'JS_NEVER', 'STANDARD', 'AGENT', 'SIP', 'KIND_OF', 99],
  ),
  fc.constantFrom(1_000_000, 2000, 1025).map((length) => 'x'.repeat(length)),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
  fc.constantFrom(100, 10_000).map(nested),
  fc.integer({ min: -1e6, max: 1e6 }).map((seconds) => String(1772323200 + seconds)),
  fc.string({ unit: anyCharacter }),
  fc.jsonValue(),
);

const change: fc.Arbitrary<Change> = fc.record({
  event: fc.nat(1000),
  field: fc.nat(1000),
  to: fc.oneof(
    { weight: 6, arbitrary: odd.map((value) => ({ value })) },
    { weight: 2, arbitrary: fc.nat(1000).map((of) => ({ of })) },
    { weight: 1, arbitrary: fc.constant('nothing' as const) },
  ),
});

export const changes: fc.Arbitrary<Change[]> = fc.array(change, { minLength: 1, maxLength: 12 });

/** What no payload is at all. */
export const rubbish: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  fc.string(),
  fc.uint8Array({ maxLength: 20 }),
  fc.constantFrom('{', '[', '{"event":', '\ufeff{}', '{"event":"room_started"}', '{"body":{"body":{"body":"{}"}}}'),
  fc.constant('['.repeat(100_000)),
);

/** The payloads with the changes made: contradictory where one takes over what another says in the same place. */
export function changed(payloads: readonly object[], changes: readonly Change[]): object[] {
  const changed = payloads.map((payload) => structuredClone(payload));
  for (const { event, field, to } of changes) {
    const payload = changed[event % changed.length]!;
    const places = placesIn(payload);
    const { holder, key, path } = places[field % places.length]!;
    if (to === 'nothing') delete holder[key];
    else if ('value' in to) holder[key] = to.value;
    else {
      const there = placesIn(changed[to.of % changed.length]!).find((place) => place.path === path);
      if (there) holder[key] = there.holder[there.key];
    }
  }
  return changed;
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
  path: string;
}

/** Every field of a payload, however deep it lies (but not in what a change has put there). */
function placesIn(holder: object, path = '', depth = 0): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const here = { holder: holder as Record<string, unknown>, key, path: `${path}.${key}` };
    const inside =
      typeof value === 'object' && value !== null && depth < 5 ? placesIn(value, here.path, depth + 1) : [];
    return [here, ...inside];
  });
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { in: value };
  return value;
}
