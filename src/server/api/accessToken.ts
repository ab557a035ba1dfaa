/** What a LiveKit access token grants of reading. */
import { z } from 'zod';
import type { Keys } from '../webhook/keys.ts';
import { LEEWAY_MS, verifySigned } from '../webhook/verify.ts';

export interface Grants {
  roomList: boolean;
  roomAdmin: boolean;
  /** The room that the token is for, by name. */
  room: string | null;
  /** Epoch ms of its end, leeway included. */
  until: number;
}

const videoSchema = z.object({
  roomList: z.boolean().default(false),
  roomAdmin: z.boolean().default(false),
  room: z.string().default(''),
});

/** @returns null where the token is not one that a holder of a key made, or its time is not now */
export function grantsOf(token: string, keys: Keys, nowMs: number): Grants | null {
  const signed = verifySigned(token, keys, nowMs);
  if (!signed.ok) return null;
  const { roomList, roomAdmin, room } = videoSchema.catch(videoSchema.parse({})).parse(signed.claims.video ?? {});
  return { roomList, roomAdmin, room: room || null, until: signed.claims.exp * 1000 + LEEWAY_MS };
}
