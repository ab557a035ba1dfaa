/** Calls whose truth is known, the webhooks LiveKit would send of them, and the losses on their way. */
export { asOf, type Call, type Mode } from './call.ts';
export { differences, valueAt } from './compare.ts';
export { type Emitted, type WebhookBody, webhooksOf } from './emit.ts';
export { dropSome, dropType, type Loss, outage, repeatSome, repeatSomeAnew, shuffled } from './losses.ts';
export { SCENARIO_NAMES, type Scenario, simulateCall } from './scenario.ts';
export { grainOf, type Truth, truthOf } from './truth/truth.ts';
export { kindOf, TOLERANCES } from './truth/values.ts';
