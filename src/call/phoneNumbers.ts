/** Phone numbers as they are shown: masked, unless they are asked for. */
import type { Call } from './call.ts';
import type { Person } from './resolved.ts';

/** Keeps a plus sign and the last two digits: enough to tell legs apart, too little to dial. */
export function maskNumber(number: string): string {
  return number.replace(/\d(?=(?:\D*\d){2})/g, '*');
}

/** A phone's number stands in LiveKit's default name of its participant, too. */
export function shownName({ name, kind }: Person, phoneNumbers: 'masked' | 'plain'): string | null {
  return name === null || phoneNumbers === 'plain' || kind !== 'SIP' ? name : maskNumber(name);
}

/** The numbers of telephone participants by identity, plain: to know who it is, not to be shown. */
export function phoneNumbersIn({ sessions }: Call): Map<string, string> {
  const numbers = new Map<string, string>();
  for (const { identity, attributes } of sessions.values()) {
    const number = attributes?.['sip.phoneNumber'];
    // of two connections with two numbers the same one in whatever order they are told
    if (number && number < (numbers.get(identity) ?? '\uffff')) numbers.set(identity, number);
  }
  return numbers;
}
