/** Which web pages of other origins may read the answers: none, unless they are named. */

/** Header fields for a request; none for an origin that is not named. */
export type Cors = (request: Request) => Record<string, string>;

/** @param origins such as https://dashboard.example.com; `*` is any */
export function cors(origins: readonly string[]): Cors {
  const any = origins.includes('*');
  return ({ headers }): Record<string, string> => {
    const origin = headers.get('origin');
    if (origins.length === 0 || origin === null) return {};
    if (any) return { 'access-control-allow-origin': '*' };
    return { vary: 'Origin', ...(origins.includes(origin) && { 'access-control-allow-origin': origin }) };
  };
}

/** A browser asks before it sends a token along. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('access-control-request-method');

export const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'authorization, last-event-id',
  'access-control-max-age': '600',
};
