/**
 * What keys, passwords and tokens are called, in camelCase or snake_case: a regular expression's alternatives, to be used
 * without regard to case. None of them is a name that decode reads.
 */
export const SECRET_NAMES = [
  'turn_?password', // of a room
  'stream_?key', // of an ingress
  'access_?key(?:_?id)?|secret|secret_?(?:access_?)?key|session_?token', // S3
  'account_?key|(?:google_?|gcp_?)?credentials?', // Azure, Google, AliOSS
  'password|(?:proxy|auth|user)_?password|passwd|pass_?phrase', // proxies, SIP trunks, SRT
  'signing_?key|webhook_?secret', // webhooks of a request
  'token|(?:access|refresh|id|auth|bearer|api|sas)_?token|jwt|authorization',
  '(?:api|private|encryption|shared)_?key|(?:api|client|shared)_?secret',
].join('|');
