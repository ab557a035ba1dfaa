import { createGunzip } from 'node:zlib';
import { CallEvaluatorError } from '../errors.ts';

const CHUNK = 128 * 1024;
const STEP = 16 * 1024;

/** Node's own stream would drop what it has already inflated when the file turns out to be truncated. */
export async function* gunzip(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Buffer> {
  const inflate = createGunzip({ chunkSize: CHUNK });
  const inflated: Buffer[] = [];
  let failure: Error | undefined;
  // zlib calls nobody back for a write that it fails at, or that follows the end of the compressed data.
  let goOn = () => {};
  const fail = (error: Error) => {
    failure = error;
    goOn();
  };
  const failAtGarbage = () => fail(new Error('garbage after its end'));
  inflate.on('data', (chunk: Buffer) => inflated.push(chunk));
  inflate.on('error', fail).on('end', failAtGarbage);
  for await (const chunk of chunks) {
    // In small steps: 16 KiB of zeros may inflate to 16 MiB.
    for (let at = 0; at < chunk.length && !failure; at += STEP) {
      await new Promise<void>((done) => {
        goOn = done;
        inflate.write(chunk.subarray(at, at + STEP), () => done());
      });
      yield* inflated.splice(0);
    }
    if (failure) break;
  }
  inflate.off('end', failAtGarbage);
  if (!failure) await new Promise<void>((done) => inflate.once('close', done).end());
  yield* inflated.splice(0);
  if (failure) {
    throw new CallEvaluatorError(
      'unreadable_input',
      `${file} is a damaged gzip file (${failure.message}): what came before the damage was read, the rest is lost. Fetch it again.`,
      { cause: failure },
    );
  }
}
