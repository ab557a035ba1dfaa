/** Which @livekit/agents runs here: it does not say so itself. */
import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';

/** As seen from the program that was started: a job's is a file of @livekit/agents. @returns undefined where there is none */
export function sdkVersion(program = process.argv[1]): string | undefined {
  try {
    const file = nodeModule.findPackageJSON('@livekit/agents', pathToFileURL(program!));
    const { version } = JSON.parse(readFileSync(file!, 'utf8'));
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
