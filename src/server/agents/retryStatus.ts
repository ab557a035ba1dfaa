/** What has LiveKit's agents send a recording again, and nothing else has: a google.rpc.Status with RetryInfo in it. */
import { Any, Duration, type Message, proto3, ScalarType } from '@bufbuild/protobuf';

interface RetryInfo extends Message<RetryInfo> {
  retryDelay?: Duration;
}
const RetryInfo = proto3.makeMessageType<RetryInfo>('google.rpc.RetryInfo', () => [
  { no: 1, name: 'retry_delay', kind: 'message', T: Duration },
]);
interface Status extends Message<Status> {
  code: number;
  message: string;
  details: Any[];
}
const Status = proto3.makeMessageType<Status>('google.rpc.Status', () => [
  { no: 1, name: 'code', kind: 'scalar', T: ScalarType.INT32 },
  { no: 2, name: 'message', kind: 'scalar', T: ScalarType.STRING },
  { no: 3, name: 'details', kind: 'message', T: Any, repeated: true },
]);

const UNAVAILABLE = 14;

export function retryStatus(message: string, seconds: number): Uint8Array {
  const retry = new RetryInfo({ retryDelay: new Duration({ seconds: BigInt(seconds) }) });
  return new Status({ code: UNAVAILABLE, message, details: [Any.pack(retry)] }).toBinary();
}
