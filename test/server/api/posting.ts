/** A whole server, and what its document tells of the routes to which others send. */
import { CallEvaluator } from '../../../src/evaluator.ts';
import { type CallServer, createServer, type ServerOptions } from '../../../src/server/serve.ts';
import { KEYS } from '../webhook/signed.ts';
import { TOKEN } from './recorded.ts';

export interface Operation {
  operationId: string;
  security: Record<string, []>[];
  requestBody?: { content: Record<string, object> };
  responses: Record<string, { content: Record<string, object> }>;
}
export type Document = {
  paths: Record<string, { get?: Operation; post?: Operation }>;
};

const opened: { server: CallServer; evaluator: CallEvaluator }[] = [];

export async function served(options: ServerOptions = {}) {
  const evaluator = new CallEvaluator();
  const server = createServer(evaluator, { env: {}, keys: KEYS, token: TOKEN, ...options });
  opened.push({ server, evaluator });
  const { url } = await server.listen(0);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const posts = Object.keys(document.paths).filter((path) => document.paths[path]!.post);
  return { url, document, posts };
}

export async function closeServers(): Promise<void> {
  for (const { server, evaluator } of opened.splice(0)) {
    await server.close();
    await evaluator.close();
  }
}
