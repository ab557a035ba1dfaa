/** What LiveKit's own API says of rooms, in the JSON of its protocol; livekit-server-sdk signs, asks and decodes. */
import { EgressClient, RoomServiceClient } from 'livekit-server-sdk';
import { CallEvaluatorError } from '../../errors.ts';

type Json = Record<string, unknown>;

export interface LiveKitApi {
  /** The rooms that are open, of these names; of all names where none are given. */
  rooms(names: readonly string[]): Promise<Json[]>;
  /** Who is connected to the room of that name. */
  participants(roomName: string): Promise<Json[]>;
  /** Its recordings and streams, also those that are over. */
  egresses(roomName: string): Promise<Json[]>;
}

/** So long LiveKit may take to answer, seconds. */
const TIMEOUT = 10;

/**
 * @param url of the server, `https://…` or `wss://…`
 * @throws CallEvaluatorError `bad_option`
 */
export function liveKitApi(url: string, key: string, secret: string): LiveKitApi {
  // not a word of what stands there: it may be a password
  if (url.includes('@'))
    throw new CallEvaluatorError(
      'bad_option',
      'The address of a LiveKit server holds a user or a password (there is an @ in it): give it without, such as https://my-project.livekit.cloud, and LIVEKIT_API_KEY and LIVEKIT_API_SECRET, with which LiveKit is asked.',
    );
  const host = url.replace(/^ws/, 'http');
  if (!URL.canParse(host) || !/^https?:$/.test(new URL(host).protocol))
    throw new CallEvaluatorError(
      'bad_option',
      `${JSON.stringify(url)} is no address of a LiveKit server: give one such as https://my-project.livekit.cloud or http://localhost:7880.`,
    );
  // no other regions tried: a stop waits for the answer, and the next round asks anyway
  const options = { requestTimeout: TIMEOUT, failover: false };
  const rooms = new RoomServiceClient(host, key, secret, options);
  const egress = new EgressClient(host, key, secret, options);
  const plain = (messages: readonly { toJson(): unknown }[]) => messages.map((message) => message.toJson() as Json);
  return {
    rooms: async (names) => plain(await rooms.listRooms([...names])),
    participants: async (roomName) => plain(await rooms.listParticipants(roomName)),
    egresses: async (roomName) => plain(await egress.listEgress({ roomName })),
  };
}
