/** Who came, so that it is known when they come again: by identity; on the telephone by the number, which is not shown for it. */

/** The number in LiveKit's identity of telephone participants. */
const BY_NUMBER = /^sip_(\+?\d{5,})$/;
/** So few digits are an extension, which others have too. */
const LEAST_DIGITS = 5;
/** What stands where a number was withheld: all who withhold theirs would be one. */
const WITHHELD = ['anonymous', 'restricted', 'unavailable', 'unknown', 'private', 'withheld'];
/**
 * With hide_phone_number LiveKit names a participant by a hash of the number: the same for the same caller, and one for all who
 * are `anonymous`, `Anonymous`, `restricted`, `unavailable`, `unknown`.
 */
const WITHHELD_HASHES = [
  '2f183a4e64493af3',
  'e7a8aa2df7e5d0b2',
  '7a0d91593df9293a',
  'ba691ba042bcedd9',
  'b23a6a8439c0dde5',
];

/**
 * @param number of the telephone, where it is one and LiveKit told it
 * @returns null: they cannot be told apart from others
 */
export function keyOf(identity: string, kind: string, number: string | undefined): string | null {
  if (kind !== 'SIP') return `identity ${identity}`;
  const told = digitsOf(number ?? BY_NUMBER.exec(identity)?.[1] ?? '');
  if (told.length >= LEAST_DIGITS) return `number ${told}`;
  const name = identity.replace(/^sip_/, '');
  if (name === '' || isWithheld(number ?? '') || isWithheld(name) || WITHHELD_HASHES.includes(name)) return null;
  return `identity ${identity}`;
}

/** Of a telephone number; a SIP user's name is none. */
const digitsOf = (number: string) => (/^[+\d\s().-]+$/.test(number) ? number.replace(/\D/g, '') : '');
const isWithheld = (text: string) => WITHHELD.includes(text.toLowerCase());

/** Whether the number has to be looked up to know who it is. */
export const tellsNumber = (identity: string): boolean => BY_NUMBER.test(identity);
