import { z } from 'zod';
import { ingestSchema } from '../ingestView.ts';
import { route } from '../route.ts';

export const ingest = route({
  path: '/v1/ingest',
  name: 'getIngest',
  summary: 'How it stands with what comes in: lag, volumes, repeats, forgeries, quarantine, queue',
  readers: 'readers of all',
  params: z.object({}),
  query: z.object({}),
  answer: { name: 'Ingest', says: 'The counts.', schema: ingestSchema },
  problems: [],
  handle: (_, { ingest }) => ingest(),
});
