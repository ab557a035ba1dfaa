/**
 * What passwords, keys and tokens are called. Names are told by how they end, in any case and however their words are
 * joined: `token` is user_token, joinToken and AUTHTOKEN too, `api-key` is OPENAI_API_KEY and x.apiKey. None of them is a
 * name that decode reads: it reads tokens that were counted, in the plural.
 */
const MANY = [
  'password passwd pwd pass-phrase pass-code secret cookie credential',
  'access-key account-key api-key auth-key client-key encryption-key hmac-key livekit-key master-key private-key',
  'secret-key service-key shared-key signing-key storage-key stream-key subscription-key',
].flatMap((line) => line.split(' '));
// of the key's id every spelling, for the sake of LAST_LETTERS
const ONE = 'token jwt bearer authorization access-key-id access-key_id access-keyid'.split(' ');
const names = [...MANY, ...MANY.map((name) => `${name}s`), ...ONE];

const BETWEEN_WORDS = '[-_. ]?';
/** What a model's speed is told in: time_to_first_token, seconds_per_token. */
const COUNTED = `(?:first|last|per)${BETWEEN_WORDS}`;

/** The alternatives of a regular expression without regard to case. */
export const SECRET_NAMES = names
  .map((name) => (name === 'token' ? `(?<!${COUNTED})${name}` : name.replaceAll('-', BETWEEN_WORDS)))
  .join('|');

/** How they end. To look for these and then back for a name is quicker than to look for names, and done for each event. */
export const LAST_LETTERS = [...new Set(names.map((name) => name.slice(-3)))].join('|');
