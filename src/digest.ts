import { hash } from 'node:crypto';

/** SHA-256 of a text, base64url, 43 characters. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** SHA-256 of the bytes, or of the UTF-8 bytes of a text. */
export function sha256Bytes(data: string | Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}
