/** The webhook as Request -> Response: Hono, route handlers of Next.js, Bun, Deno. */
import { discardRequest, readRequest } from './body.ts';
import type { Receive } from './receive.ts';

/** Never rejects. */
export type FetchWebhook = (request: Request) => Promise<Response>;

export function fetchWebhook(receive: Receive): FetchWebhook {
  return async (request) => {
    const { status, headers, body } = await receive({
      method: request.method,
      header: (name) => request.headers.get(name),
      body: (limits) => readRequest(request, limits),
    });
    void discardRequest(request);
    return new Response(body, { status, headers });
  };
}
