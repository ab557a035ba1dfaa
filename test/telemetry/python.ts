/** What real Python agents sent (record.py: the script of their session): as the server's routes hand it on. */
import { readFileSync } from 'node:fs';
import { decodeOtlp } from '../../src/server/agents/otlp.ts';
import { formPayload } from '../../src/server/agents/payload.ts';
import type { Upload } from '../../src/telemetry/upload.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8'));

export const pythonReport = (version: string): Upload => ({
  path: 'report',
  payload: read(`python-${version}-voice.report.json`),
});

/** In the order in which they were sent. */
export async function pythonUploads(version: string): Promise<Upload[]> {
  const uploads: Upload[] = [];
  for (const { url, headers, b64 } of read(`python-${version}-voice.requests.json`)) {
    const body = Buffer.from(b64, 'base64');
    const path = (['logs', 'traces', 'recordings'] as const).find((kind) => url.includes(`/${kind}/`));
    if (path === 'recordings') {
      const form = new Map<string, Uint8Array>();
      const parts = await new Response(body, { headers: { 'content-type': headers['content-type'] } }).formData();
      for (const [name, part] of parts) form.set(name, Buffer.from(await new Response(part).arrayBuffer()));
      uploads.push({ path, payload: (formPayload(form) as { payload: unknown }).payload });
    } else if (path) uploads.push({ path, payload: decodeOtlp(path, body) });
  }
  return uploads;
}

/** All that was said, asked of a tool, answered by it, or written by the developer. */
export const PYTHON_WORDS = [
  'Welcome',
  'weather in',
  'Paris',
  'sunny',
  'Ana',
  'no table',
  'Sorry',
  'long story',
  'stop that',
  'All right',
  'thanks',
  'You are',
  'be nice',
  'A table for',
];
