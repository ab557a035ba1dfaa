/** Calls whose truth is known, the webhooks LiveKit would send of them, and the losses on their way. */
export type { Call, Mode } from '../../src/simulate/call.ts';
export { differences, valueAt } from '../../src/simulate/compare.ts';
export { type Emitted, type WebhookBody, webhooksOf } from '../../src/simulate/emit.ts';
export { SCENARIO_NAMES, type Scenario, simulateCall } from '../../src/simulate/scenario.ts';
export { grainOf, type Truth, truthOf } from '../../src/simulate/truth/truth.ts';
export { kindOf, TOLERANCES } from '../../src/simulate/truth/values.ts';
export { asOf } from './asOf.ts';
export { liveKitSays } from './liveKitSays.ts';
export { dropSome, dropType, type Loss, outage, repeatSome, repeatSomeAnew, shuffled } from './losses.ts';
