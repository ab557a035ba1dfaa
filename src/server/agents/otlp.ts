/**
 * The messages of OpenTelemetry (opentelemetry-proto 1.x): the fields that tell something of a call, under their names in
 * OTLP's JSON.
 */
import {
  base64,
  bool,
  decodeMessage,
  double,
  type Field,
  fixed64,
  hex,
  int32,
  int64,
  list,
  message,
  type Table,
  table,
  text,
} from './protobuf.ts';

const anyValue: Table = table({
  1: text('stringValue'),
  2: bool('boolValue'),
  3: int64('intValue'),
  4: double('doubleValue'),
  5: message('arrayValue', () => arrayValue),
  6: message('kvlistValue', () => keyValueList),
  7: base64('bytesValue'),
});
const arrayValue: Table = table({ 1: list(message('values', () => anyValue)) });
const keyValueList: Table = table({ 1: list(message('values', () => keyValue)) });
const keyValue: Table = table({ 1: text('key'), 2: message('value', () => anyValue) });
const attributes = list(message('attributes', () => keyValue));

const resource = table({ 1: attributes });
const scope = table({ 1: text('name'), 2: text('version'), 3: attributes });

const logRecord = table({
  1: fixed64('timeUnixNano'),
  2: int32('severityNumber'),
  3: text('severityText'),
  5: message('body', () => anyValue),
  6: attributes,
  9: hex('traceId'),
  10: hex('spanId'),
  11: fixed64('observedTimeUnixNano'),
  12: text('eventName'),
});
const spanEvent = table({ 1: fixed64('timeUnixNano'), 2: text('name'), 3: attributes });
const spanStatus = table({ 2: text('message'), 3: int32('code') });
const span = table({
  1: hex('traceId'),
  2: hex('spanId'),
  4: hex('parentSpanId'),
  5: text('name'),
  6: int32('kind'),
  7: fixed64('startTimeUnixNano'),
  8: fixed64('endTimeUnixNano'),
  9: attributes,
  11: list(message('events', () => spanEvent)),
  15: message('status', () => spanStatus),
});

const REQUESTS = {
  logs: requestOf(
    'resourceLogs',
    'scopeLogs',
    message('logRecords', () => logRecord),
  ),
  traces: requestOf(
    'resourceSpans',
    'scopeSpans',
    message('spans', () => span),
  ),
};

function requestOf(resources: string, scopes: string, records: Field): Table {
  const ofScope = table({ 1: message('scope', () => scope), 2: list(records) });
  const ofResource = table({ 1: message('resource', () => resource), 2: list(message(scopes, () => ofScope)) });
  return table({ 1: list(message(resources, () => ofResource)) });
}

/** @throws Error where it is no such message */
export function decodeOtlp(kind: keyof typeof REQUESTS, bytes: Uint8Array): object {
  return decodeMessage(bytes, REQUESTS[kind]);
}
