/** Secrets in what could not be read: text that is no JSON, or bytes that may be text in another encoding. */
import { maskLoosely } from './webhook/looseSecrets.ts';

/** @returns a copy: whoever handed in bytes may use their memory again */
export function maskUnread(body: string | Uint8Array): string | Uint8Array {
  if (typeof body !== 'string') return new Uint8Array(maskWide(masked(Buffer.from(body), 'latin1', 0)));
  const text = maskLoosely(body.toWellFormed());
  return text.includes('\0') ? maskWide(Buffer.from(text)).toString() : text;
}

/** UTF-16 of either byte order: read from the second byte, big-endian is little-endian. */
function maskWide(bytes: Buffer): Buffer {
  return masked(masked(bytes, 'utf16le', 0), 'utf16le', 1);
}

/** Both encodings give bytes that are no text back as they were. */
function masked(bytes: Buffer, encoding: 'latin1' | 'utf16le', offset: number): Buffer {
  const text = bytes.toString(encoding, offset);
  const plain = maskLoosely(text);
  if (plain === text) return bytes;
  const end = offset + Buffer.byteLength(text, encoding);
  return Buffer.concat([bytes.subarray(0, offset), Buffer.from(plain, encoding), bytes.subarray(end)]);
}
