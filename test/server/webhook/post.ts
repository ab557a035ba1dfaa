/** A POST over the wire; two Authorization headers go as two lines, which fetch would join. */
import { request } from 'node:http';
import type { Sent } from './signed.ts';

export interface Answered {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: { [key: string]: unknown };
}

export function post(
  url: string,
  { authorization, body }: Sent,
  headers: Record<string, string> = {},
): Promise<Answered> {
  return new Promise((settle, fail) => {
    const sending = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/webhook+json', ...headers },
    });
    if (authorization !== undefined) sending.setHeader('authorization', authorization);
    sending.on('error', fail).on('response', async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      const isJson = response.headers['content-type']?.includes('json');
      settle({
        status: response.statusCode!,
        headers: response.headers,
        body: isJson && text ? JSON.parse(text) : { text },
      });
    });
    sending.end(body);
  });
}
