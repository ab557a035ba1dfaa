/** A page that a command makes, on its way into a file or to stdout. */
import { type Command, Option } from 'commander';
import { CallEvaluatorError } from '../errors.ts';
import { printable } from '../report/printable.ts';
import { assertNotDatabase } from './otherFile.ts';
import { Output } from './output.ts';
import { WholeFile } from './wholeFile.ts';

const STDOUT = '-';
const ENDINGS: Record<string, DocumentFormat> = {
  html: 'html',
  htm: 'html',
  md: 'markdown',
  markdown: 'markdown',
  csv: 'csv',
  json: 'json',
};

export type DocumentFormat = 'html' | 'markdown' | 'csv' | 'json';
export interface DocumentFlags {
  format?: DocumentFormat;
  out?: string;
}

/** What a command makes, and in which ways. */
interface DocumentKind<Format extends DocumentFormat> {
  formats: readonly Format[];
  /** Of a file for it. */
  example: string;
}
const kind = <const Format extends DocumentFormat>(kind: DocumentKind<Format>) => kind;
export const REPORT = kind({ formats: ['html', 'markdown', 'csv'], example: 'october.html' });
export const ATTENDANCE = kind({ formats: ['html', 'markdown', 'csv', 'json'], example: 'ana.html' });

export function addDocumentOptions(command: Command, { formats, example }: DocumentKind<DocumentFormat>): Command {
  return command
    .option('--out <file>', `where to, such as ${example}, in place of what is there (-: standard output)`)
    .addOption(new Option('--format <format>', 'how (as the name of the file ends, else html)').choices(formats));
}

/** @throws CallEvaluatorError `bad_option`: HTML is for a file, and none is named */
export function formatOf<Format extends DocumentFormat>(
  { format, out }: DocumentFlags,
  { formats, example }: DocumentKind<Format>,
): Format {
  const ending = ENDINGS[/\.(\w+)$/.exec(out ?? '')?.[1]?.toLowerCase() ?? ''];
  const chosen = formats.find((one) => one === (format ?? ending)) ?? formats[0]!;
  if (chosen === 'html' && out === undefined)
    throw new CallEvaluatorError(
      'bad_option',
      `A page is for a file: name one with --out ${example}. Or print it: --out -, or --format markdown.`,
    );
  return chosen;
}

/** @param told what is said of it when it is in its file */
export async function deliver(
  text: string,
  { out = STDOUT, db }: DocumentFlags & { db: string },
  told: string,
): Promise<void> {
  if (out === STDOUT) {
    const output = new Output();
    const lines = text.replace(/\n$/, '');
    output.line(process.stdout.isTTY ? lines.split(/\r?\n/).map(printable).join('\n') : lines);
    return output.flush();
  }
  assertNotDatabase(out, db, 'a page');
  const file = await WholeFile.open(out);
  try {
    await file.text(text.endsWith('\n') ? text : `${text}\n`);
    await file.keep();
  } catch (error) {
    file.drop();
    throw error;
  }
  console.log(`${told} in ${out} (${Math.ceil(file.bytes / 1000).toLocaleString('en')} kB)`);
}
