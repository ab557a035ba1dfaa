/** All routes of the API. */
import type { Route } from './route.ts';
import { call } from './routes/call.ts';
import { calls } from './routes/calls.ts';
import { compare } from './routes/compare.ts';
import { conversation } from './routes/conversation.ts';
import { document } from './routes/document.ts';
import { events } from './routes/events.ts';
import { explain } from './routes/explain.ts';
import { health } from './routes/health.ts';
import { home } from './routes/home.ts';
import { ingest } from './routes/ingest.ts';
import { live } from './routes/live.ts';
import { metrics } from './routes/metrics.ts';
import { quarantine } from './routes/quarantine.ts';
import { readiness } from './routes/readiness.ts';
import { series } from './routes/series.ts';
import { state } from './routes/state.ts';
import { summary } from './routes/summary.ts';
import { timeline } from './routes/timeline.ts';
import { timeseries } from './routes/timeseries.ts';
import { whatIf } from './routes/whatIf.ts';

export const ROUTES: readonly Route[] = [
  home,
  calls,
  call,
  events,
  timeline,
  conversation,
  state,
  explain,
  summary,
  timeseries,
  compare,
  whatIf,
  series,
  live,
  ingest,
  quarantine,
  metrics,
  health,
  readiness,
  document,
];
