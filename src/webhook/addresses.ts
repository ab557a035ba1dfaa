/** Secrets within addresses. None of these patterns can pass the end of an address, nor a quote or backslash. */

/** https://user:PASSWORD@host */
const PASSWORD = /(:\/\/[^\s/?#@:"'<>\\]*:)[^\s/?#@"'<>\\]+@/g;
/** rtmp://host/app/KEY; LiveKit's short forms mux://KEY and twitch://KEY */
const STREAM_KEY = /(rtmps?:\/\/[^\s/?#"'<>\\]+\/[^\s?#"'<>\\]*\/|(?:mux|twitch):\/\/)[^\s"'<>\\]+/gi;
/** ?access_token=TOKEN, X-Amz-Signature=…, srt's streamid and passphrase */
const PARAMETER =
  /([?&#][\w.-]*(?:token|key|keyid|secret|passw(?:or)?d|pass|passphrase|signature|sig|credentials?|auth|authorization|jwt|streamid)=)[^\s&#"'<>\\]+/gi;

export function maskAddresses(text: string): string {
  if (!text.includes('//')) return text;
  return text.replace(PASSWORD, '$1***@').replace(STREAM_KEY, '$1***').replace(PARAMETER, '$1***');
}
