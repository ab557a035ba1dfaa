/// <reference types="node" preserve="true" />
/** The public list of `call-evaluator/server`: apart, for it loads what a program that only evaluates does not need. */
export { type CallApi, createApi } from './api/api.ts';
export type { ApiOptions, Log } from './api/options.ts';
export { type LiveKitApi, liveKitApi } from './repair/liveKitApi.ts';
export { Reconciler, type ReconcilerOptions, type Reconciliation } from './repair/reconciler.ts';
export { type CallServer, createServer, type ServerOptions } from './serve.ts';
