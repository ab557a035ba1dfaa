/** Phone numbers as they are shown: masked, unless they are asked for. */
import type { Person } from './resolved.ts';

/** Keeps a plus sign and the last two digits: enough to tell legs apart, too little to dial. */
export function maskNumber(number: string): string {
  return number.replace(/\d(?=(?:\D*\d){2})/g, '*');
}

/** A phone's number stands in LiveKit's default name of its participant, too. */
export function shownName({ name, kind }: Person, phoneNumbers: 'masked' | 'plain'): string | null {
  return name === null || phoneNumbers === 'plain' || kind !== 'SIP' ? name : maskNumber(name);
}
