import { Command, CommanderError } from 'commander';
import { CallEvaluatorError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { addAttendance } from './attendance.ts';
import { addCalls } from './calls.ts';
import { addCompare } from './compare.ts';
import { addConversation } from './conversation.ts';
import { addEvents } from './events.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addMetrics } from './metrics.ts';
import { addQuarantine } from './quarantine.ts';
import { addRebuild } from './rebuild.ts';
import { addReplay } from './replay.ts';
import { addReport } from './report.ts';
import { addSchema } from './schema.ts';
import { addSeries } from './series.ts';
import { addServe } from './serve.ts';
import { addSimulate } from './simulate.ts';
import { addState } from './state.ts';
import { addSummary } from './summary.ts';
import { addTrust } from './trust.ts';
import { version } from './version.ts';
import { addWhatIf } from './whatIf.ts';

const EXAMPLES = `
Examples:
  call-evaluator serve --db calls.db                          take in webhooks, and answer questions about calls
  call-evaluator replay recording.ndjson                      a table of the calls in a file
  call-evaluator replay --format ndjson more/ day.ndjson.gz   one CallMetrics a line, for other programs
  cat *.json | call-evaluator replay --db calls.db -          keep the events as well, in a database
  call-evaluator calls --db calls.db                          the calls that are kept
  call-evaluator metrics RM_x7 --db calls.db                  one of them in full
  call-evaluator explain RM_x7 callDuration --db calls.db     why a value is what it is
  call-evaluator replay --help                                what a command can do, with examples

Exit codes:
  0  all was understood
  1  the room or metric that was asked for is not there
  2  wrong usage, or a file or database that cannot be read
  3  something could not be understood and was quarantined; stderr says what, and the rest counts
  4  compare --budget: the candidate breaks it`;

/** Runs the command line and sets the exit code of the process. */
export async function run(argv: string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe early, which is no fault of anyone's.
    if (error.code === 'EPIPE') process.exit();
    console.error(`call-evaluator: the output cannot be written (${error.message}): make room, or send it elsewhere.`);
    process.exit(EXIT.usage);
  });
  const program = new Command('call-evaluator')
    .description(
      'Call analytics for LiveKit: webhooks in, in any order and with any holes; per call one set of numbers that are right, or say how far they can be trusted.',
    )
    .version(version(), '-V, --version')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('("call-evaluator --help", and --help after a command, tell what there is)')
    .exitOverride();
  for (const add of [
    addServe,
    addReplay,
    addCalls,
    addExport,
    addMetrics,
    addEvents,
    addExplain,
    addConversation,
    addState,
    addSummary,
    addCompare,
    addReport,
    addAttendance,
    addQuarantine,
    addRebuild,
    addTrust,
    addWhatIf,
    addSeries,
    addSimulate,
    addSchema,
  ])
    add(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // commander has said it already
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.understood : EXIT.usage;
  if (error instanceof CallEvaluatorError) {
    for (const line of error.message.split('\n')) console.error(`call-evaluator: ${printable(line)}`);
    return exitCodeOf(error);
  }
  console.error(`call-evaluator: a fault of its own, please report it: ${printable(String(error))}`);
  if (process.env.CALL_EVALUATOR_DEBUG) console.error(error);
  else console.error('CALL_EVALUATOR_DEBUG=1 shows where it happened.');
  return EXIT.fault;
}
