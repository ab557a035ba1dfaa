import { type Command, Option } from 'commander';
import { MIX_NAMES, type Mix } from '../simulate/mix.ts';
import { count, duration, instantOrAgo, share } from './arguments.ts';
import { addExamples } from './examples.ts';
import { pageOption } from './page.ts';
import { httpUrl, mixes, rate, seed, speed } from './simulateArguments.ts';
import type { SimulateOptions } from './simulateRun.ts';

const USUAL_MIX: Mix[] = ['support', 'meeting', 'sip'];

const NOTES = `
The keys to sign with are LIVEKIT_API_KEY and LIVEKIT_API_SECRET, a token that may read is CALL_EVALUATOR_TOKEN: from the
environment, never as arguments.

Time: --speed plays the calls so many times faster than they went, and the last of them ends now. --rate sends so many
webhooks a second, whatever the calls' own time; both together: at that speed, and no faster than that rate. Delay, outage
and LiveKit's own pauses (it tries again after 1, 2, 4 and 8 s, and drops what has waited for 30 s) are in real seconds.

Exit codes:
  0  all was sent, and with --api every value was true or within its bounds
  1  the server says something that is neither, or does not know a call
  2  wrong usage, nothing listens there, or it took no webhook`;

export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .summary('play LiveKit: send the webhooks of made-up calls, and check what a server says of them')
    .description(
      'Sends signed webhooks of made-up calls to a server as LiveKit would, over a network as bad as you like, and compares the metrics that the server has of them with what really happened.',
    )
    .argument('[url]', 'where to: http://localhost:8787/webhook', httpUrl)
    .option('--calls <n>', 'how many calls', count, 100)
    .addOption(
      new Option('--mix <names>', `kinds of calls, of each as many: ${MIX_NAMES.join(',')}`)
        .argParser(mixes)
        .default(USUAL_MIX, USUAL_MIX.join(',')),
    )
    .option('--concurrent <n>', 'how many calls go on at once, on the average', count, 10)
    .option('--speed <times>', 'how many times faster they are played (60, where there is no --rate)', speed)
    .option('--rate <n>', 'webhooks a second', rate)
    .option('--seed <n>', 'the same calls and the same bad luck again (any)', seed)
    .option('--until <instant>', 'when the last call ends: an instant, or so long ago as 2w (now)', instantOrAgo)
    .option('--loss <share>', 'share of webhooks that never arrive', share, 0)
    .option('--duplicate <share>', 'share of which the answer gets lost, so that they are sent again', share, 0)
    .option('--disorder <share>', 'share that is overtaken by others, of up to 5 s later', share, 0)
    .option('--delay <duration>', 'each request takes up to so long', duration, 0)
    .option('--outage <duration>', 'for so long, some time in the first half, nothing arrives', duration, 0)
    .option('--connections <n>', 'requests at once', count, 64)
    .option('--api <url>', 'then ask this server for the metrics of the calls: http://localhost:8787', httpUrl)
    .option(
      '--write <file>',
      'send nothing: write the webhooks into this file, one a line, and the truth into FILE.truth',
    )
    .addOption(pageOption())
    .addHelpText('after', NOTES)
    .action(async (url: URL | undefined, options: SimulateOptions) =>
      (await import('./simulateRun.ts')).simulate(url, options),
    );
  addExamples(
    command,
    'simulate http://localhost:8787/webhook --api http://localhost:8787',
    'simulate http://localhost:8787/webhook --calls 1000 --mix sip --loss 0.02 --duplicate 0.05 --disorder 0.1 --outage 20s',
    'simulate http://localhost:8787/webhook --calls 20000 --concurrent 1000 --rate 2000      a load test',
    'simulate --write calls.ndjson --seed 7 --until 2026-10-12T09:00:00Z                    then "call-evaluator replay calls.ndjson"',
  );
}
