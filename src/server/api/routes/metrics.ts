import { z } from 'zod';
import { route } from '../route.ts';

export const metrics = route({
  path: '/metrics',
  name: 'prometheus',
  summary: 'The same and more for Prometheus: ingest, lag, queue, open rooms, latency of this API, completeness',
  readers: 'readers of all',
  params: z.object({}),
  query: z.object({}),
  answer: { contentType: 'text/plain', says: 'Prometheus’ text format.' },
  problems: [],
  async handle(_, { prometheus }) {
    return new Response(await prometheus.text(), { headers: { 'content-type': prometheus.contentType } });
  },
});
