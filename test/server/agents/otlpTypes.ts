/** OpenTelemetry's messages by the library's own means, as exporters write them: apart from the tables under test. */
import { type MessageType, proto3, ScalarType } from '@bufbuild/protobuf';

type Type = MessageType;
const { BOOL, BYTES, DOUBLE, FIXED32, FIXED64, INT32, INT64, STRING, UINT32 } = ScalarType;

let numbered = 0;
type Told = [no: number, name: string, type: ScalarType | (() => Type), more?: object];
function type(...fields: Told[]): Type {
  return proto3.makeMessageType(`test.M${++numbered}`, () =>
    fields.map(([no, name, T, more]) =>
      typeof T === 'function'
        ? ({ no, name, kind: 'message', T: T(), ...more } as never)
        : ({ no, name, kind: 'scalar', T, ...more } as never),
    ),
  ) as Type;
}
const many = { repeated: true };
const one = { oneof: 'value' };

const AnyValue: Type = type(
  [1, 'string_value', STRING, one],
  [2, 'bool_value', BOOL, one],
  [3, 'int_value', INT64, one],
  [4, 'double_value', DOUBLE, one],
  [5, 'array_value', () => ArrayValue, one],
  [6, 'kvlist_value', () => KeyValueList, one],
  [7, 'bytes_value', BYTES, one],
);
const ArrayValue: Type = type([1, 'values', () => AnyValue, many]);
const KeyValueList: Type = type([1, 'values', () => KeyValue, many]);
const KeyValue: Type = type([1, 'key', STRING], [2, 'value', () => AnyValue]);
const Resource = type([1, 'attributes', () => KeyValue, many], [2, 'dropped_attributes_count', UINT32]);
const Scope = type([1, 'name', STRING], [2, 'version', STRING], [3, 'attributes', () => KeyValue, many]);
const LogRecord = type(
  [1, 'time_unix_nano', FIXED64],
  [2, 'severity_number', INT32],
  [3, 'severity_text', STRING],
  [5, 'body', () => AnyValue],
  [6, 'attributes', () => KeyValue, many],
  [8, 'flags', FIXED32],
  [9, 'trace_id', BYTES],
  [10, 'span_id', BYTES],
  [11, 'observed_time_unix_nano', FIXED64],
);
const SpanEvent = type([1, 'time_unix_nano', FIXED64], [2, 'name', STRING], [3, 'attributes', () => KeyValue, many]);
const SpanStatus = type([2, 'message', STRING], [3, 'code', INT32]);
const Span = type(
  [1, 'trace_id', BYTES],
  [2, 'span_id', BYTES],
  [3, 'trace_state', STRING],
  [4, 'parent_span_id', BYTES],
  [5, 'name', STRING],
  [6, 'kind', INT32],
  [7, 'start_time_unix_nano', FIXED64],
  [8, 'end_time_unix_nano', FIXED64],
  [9, 'attributes', () => KeyValue, many],
  [11, 'events', () => SpanEvent, many],
  [15, 'status', () => SpanStatus],
  [16, 'flags', FIXED32],
);

function request(resources: string, scopes: string, records: string, record: Type): Type {
  const OfScope = type([1, 'scope', () => Scope], [2, records, () => record, many], [3, 'schema_url', STRING]);
  const OfResource = type([1, 'resource', () => Resource], [2, scopes, () => OfScope, many], [3, 'schema_url', STRING]);
  return type([1, resources, () => OfResource, many]);
}

export const TYPES = {
  logs: request('resource_logs', 'scope_logs', 'log_records', LogRecord),
  traces: request('resource_spans', 'scope_spans', 'spans', Span),
};

/** @param json OTLP's, where ids are hex */
export function protobufOf(kind: keyof typeof TYPES, json: object): Uint8Array {
  const text = JSON.stringify(json, (key, value) =>
    /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(value, 'hex').toString('base64') : value,
  );
  return TYPES[kind].fromJsonString(text).toBinary();
}
