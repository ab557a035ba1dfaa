import { type Command, Option } from 'commander';
import { cut } from '../report/cell.ts';
import type { Quarantined } from '../store/store.ts';
import { addDatabaseOption, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';

interface QuarantineOptions {
  db: string;
  retry?: true;
  format: 'text' | 'ndjson';
}

const PAGE = 100;

export function addQuarantine(program: Command): void {
  const command = program
    .command('quarantine')
    .summary('what could not be understood, and why')
    .description('Lists what could not be understood: as it came (secrets masked), and why.')
    .option('--retry', 'decode it again, as after an upgrade, instead of listing it')
    .addOption(
      new Option('--format <format>', 'for people, or one JSON object a line')
        .choices(['text', 'ndjson'])
        .default('text'),
    );
  addDatabaseOption(command).action((options: QuarantineOptions) => (options.retry ? retry(options) : list(options)));

  addExamples(
    command,
    'quarantine --db calls.db',
    'quarantine --db calls.db --format ndjson',
    'quarantine --db calls.db --retry',
  );

  const requarantine = program
    .command('requarantine')
    .summary('the same as quarantine --retry')
    .description('Decodes again what could not be understood, as after an upgrade.');
  addDatabaseOption(requarantine).action(retry);
  addExamples(requarantine, 'requarantine --db calls.db');
}

async function list({ db, format }: QuarantineOptions): Promise<void> {
  const output = new Output();
  await withDatabase({ db }, async (evaluator) => {
    let page = await evaluator.listQuarantined({ limit: PAGE });
    if (page.length === 0 && format === 'text') output.line('Nothing is in quarantine.');
    while (page.length > 0) {
      for (const one of page) await (format === 'text' ? output.line(text(one)) : output.json(json(one)));
      page = await evaluator.listQuarantined({ limit: PAGE, afterSeq: page.at(-1)!.seq });
    }
  });
  await output.flush();
}

async function retry({ db }: { db: string }): Promise<void> {
  const progress = new Progress();
  const { understood, still } = await withDatabase({ db }, async (evaluator) => {
    const { quarantined } = await evaluator.counts();
    return evaluator.retryQuarantined((done) => {
      if (process.stderr.isTTY)
        progress.line(() => `${done.understood + done.still} of ${quarantined} tried, ${done.understood} understood`);
    });
  });
  progress.clear();
  console.log(`${understood} understood now and counted, ${still} still in quarantine`);
}

function text({ seq, receivedAt, reason, times, body }: Quarantined): string {
  const { field, found, expected, roomSid } = reason;
  return [
    `${seq}  ${new Date(receivedAt).toISOString()}  ${times} x${roomSid === null ? '' : `  room ${cut(roomSid, 40)}`}`,
    `    ${cut(field, 80)}: found ${cut(found, 200)}, expected ${cut(expected, 200)}`,
    `    ${cut(readable(body), 200)}`,
  ].join('\n');
}

/** Bytes that are no text are given in base64, so that nothing of them is lost. */
function json({ seq, receivedAt, reason, times, body }: Quarantined): string {
  const came = typeof body === 'string' ? { body } : { bodyBase64: Buffer.from(body).toString('base64') };
  return JSON.stringify({ seq, receivedAt: new Date(receivedAt).toISOString(), times, reason, ...came });
}

function readable(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body.subarray(0, 1000)).toString();
}
