/// <reference types="node" preserve="true" />
/** The public list. */

export type { Instant } from './arguments.ts';
export type { RoomState } from './call/state.ts';
export type { Suspicion } from './call/suspicion.ts';
export type { Timeline } from './call/timeline.ts';
export type { CallQuery, CallSort } from './callQuery.ts';
export { CallEvaluatorError, type ErrorCode } from './errors.ts';
export { CallEvaluator, type CallPage, type CallSummaryRow } from './evaluator.ts';
export type { CallSummary, Summaries } from './fleet/callSummary.ts';
export type { Series, SeriesRow } from './fleet/series.ts';
export type { LossTrust, TrustDefect, TrustReport } from './fleet/trust.ts';
export type { WhatIf } from './fleet/whatIf.ts';
export type { EvaluatorEvents, Receipt } from './ingest.ts';
export type { Incoming } from './intake.ts';
export { type CallMetrics, callMetricsJsonSchema, callMetricsSchema, type Evidence } from './metrics/callMetrics.ts';
export type { ConversationLog } from './metrics/conversationLog.ts';
export type { Explanation } from './metrics/explain.ts';
export type { CustomMetric, MeasurableCall } from './metrics/measure.ts';
export type { Price } from './metrics/prices.ts';
export type { CallEvaluatorOptions, MetricOptions } from './options.ts';
export { type ReplayCounts, type ReplayOptions, replayFiles } from './replay/replay.ts';
export type { SeriesQuery } from './seriesQuery.ts';
export type { IngestCounters } from './server/webhook/counts.ts';
export type { FetchWebhook } from './server/webhook/fetch.ts';
export type { NodeWebhook } from './server/webhook/node.ts';
export type { WebhookOptions } from './server/webhook/options.ts';
export type { Trouble } from './server/webhook/trouble.ts';
export type { Check } from './server/webhook/verify.ts';
export type { SummaryQuery } from './summaryQuery.ts';
export type { Upload } from './telemetry/upload.ts';
export type { TrustOptions } from './trustOptions.ts';
export type { TrustProgress } from './trustRun.ts';
export { type Decoded, decode } from './webhook/decode.ts';
export { EVENT_TYPES, type EventType, type Misunderstood, type WebhookEvent } from './webhook/event.ts';
export type { WhatIfOptions, WhatIfQuestion } from './whatIfOptions.ts';
export type { WhatIfProgress } from './whatIfRun.ts';
