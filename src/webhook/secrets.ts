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
const OPENING = new RegExp(`"(?:${NAMES.join('|')})"\\s*:\\s*"(?!")`, 'g');

export function maskSecrets(json: string): string {
  let masked = '';
  let kept = 0;
  for (const { index, 0: opening } of json.matchAll(OPENING)) {
    if (index < kept) continue;
    masked += `${json.slice(kept, index)}${opening}***`;
    kept = endOfText(json, index + opening.length);
  }
  return kept === 0 ? json : masked + json.slice(kept);
}

/** Where a JSON text ends: at its closing quote, or at the end of a payload that was cut. By hand: a regular expression overflows the stack on megabytes. */
function endOfText(json: string, from: number): number {
  for (let at = from; at < json.length; at++) {
    if (json[at] === '"') return at;
    if (json[at] === '\\') at++;
  }
  return json.length;
}
