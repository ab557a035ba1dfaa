/**
 * Secrets that LiveKit leaks into payloads: the room's TURN password, an ingress' stream key, an egress' storage keys
 * (webhooks.md 6.18). They are masked in the text itself, so that all else stays byte for byte as it came.
 */
const NAMES = [
  'turnPassword',
  'turn_password',
  'streamKey',
  'stream_key',
  'accessKey',
  'access_key',
  'secret',
  'secretKey',
  'secret_key',
  'sessionToken',
  'session_token',
  'accountKey',
  'account_key',
  'credentials',
  'credential',
  'password',
  'proxyPassword',
  'token',
  'accessToken',
  'access_token',
  'apiSecret',
  'api_secret',
  'authToken',
  'auth_token',
];
const SECRET = new RegExp(`("(?:${NAMES.join('|')})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)+"`, 'g');

export function maskSecrets(json: string): string {
  return json.replace(SECRET, '$1"***"');
}
