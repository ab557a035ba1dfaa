import { type Command, Option } from 'commander';
import type { CallFilter } from '../callQuery.ts';
import { budgetAsked } from '../compareQuery.ts';
import { type Budget, LIMITS } from '../fleet/compare/budget.ts';
import { COMPARABLES } from '../fleet/compare/comparable.ts';
import type { BudgetLine, Comparison } from '../fleet/compare/comparison.ts';
import { budgetRows, budgetSentence } from '../report/compareTable.ts';
import { compareMarkdown, compareText } from '../report/compareText.ts';
import { printable } from '../report/printable.ts';
import { jsonFile } from './arguments.ts';
import { addCallFilter } from './callFilter.ts';
import { SIDE_FILTERS, sideFilter } from './compareArguments.ts';
import { addDatabaseOption, apart, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { EXIT } from './exit.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Output } from './output.ts';
import { addServiceLevelOptions, type SummaryFlags, summaryQuery } from './summary.ts';

const FORMATS: Record<string, (comparison: Comparison) => string> = {
  table: compareText,
  json: (comparison) => JSON.stringify(comparison),
  markdown: compareMarkdown,
};

const BETTER = { lower: 'lower is better', higher: 'higher is better' };
const figureLines = COMPARABLES.map(({ path, kind, unit, better, main }) => {
  const per = kind === 'perCall' ? ' per call' : kind === 'words' ? ' of calls' : '';
  const judged = kind === 'volume' ? 'not judged' : better === null ? 'neither way is better' : BETTER[better];
  return `  ${main ? '*' : ' '} ${path.padEnd(38)} ${`${unit}${per}`.padEnd(15)} ${judged}`;
});

const NOTES = `
Baseline and candidate are filters, with commas: agent=nova-1,since=2026-10-01,until=2026-10-08. All other filters hold for both.
There are ${SIDE_FILTERS.join(', ')}; several statuses or end reasons with +.
A version of an agent is whatever its calls are known by: its name (agent=nova-2), a tag that it gives its sessions
(tag=version:2), or the metadata of its rooms (metadata.version=2; a path into it too).

A difference counts where it is more than chance and more than lost events could make; that many figures are looked at once is
taken into account (Holm), so that to name the few that matter (--figures) makes their judgement sharper.

--budget is a JSON file of limits by figure:
  { "responseLatency.p95": { "max": 1.5, "maxIncrease": 0.2 },
    "abandonmentRate": { "maxIncreasePercent": 10 },
    "serviceLevel.rate": { "min": 0.8 },
    "calls": { "min": 200 } }
Its limits: ${LIMITS.join(', ')}; numbers from 0 on.
  max, min                                 of the candidate, in the unit of the figure; shares from 0 to 1
  maxIncrease, maxDecrease                 of candidate less baseline, in the same unit; 0: not worse at all
  maxIncreasePercent, maxDecreasePercent   of the same, in per cent of the baseline
A limit is broken where all that is possible lies beyond it: for max and min whatever was lost; for the others whatever chance
does, too (95 %, for all limits together). It is unknown where some does, and kept where none does.

Figures (* by default):
${figureLines.join('\n')}

Exit codes:
  0  compared; the budget, where there is one, is kept, or not known to be broken
  2  wrong usage, a file or database that cannot be read
  4  the candidate breaks the budget; with --strict also where that is unknown`;

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('two periods, agents or versions side by side: is it more than noise')
    .description(
      'Sets the figures of two choices of calls side by side, with their difference, its interval, and whether it is more than noise; with a budget as a gate for CI.',
    )
    .option('--baseline <filters>', 'what it is compared with: agent=nova-1, or since=14d,until=7d', sideFilter)
    .option('--candidate <filters>', 'what is compared: agent=nova-2, or since=7d', sideFilter)
    .option(
      '--figures <figures>',
      "others than the main ones, with commas: joinLatency.p95,'endReasons.*'; * is all",
      commas,
    )
    .option('--budget <file>', 'limits of figures, as JSON; exit 4 where the candidate breaks one', budgetFile)
    .option('--strict', 'with --budget: exit 4 also where it is unknown whether a limit is kept')
    .hook('preAction', () => {
      const { baseline, candidate, budget, strict } = command.opts();
      if (baseline === undefined && candidate === undefined)
        command.error('error: say what to compare: --baseline agent=nova-1 --candidate agent=nova-2');
      if (strict && budget === undefined) command.error('error: --strict is about a budget: --budget budget.json');
    })
    .addOption(
      new Option('--format <format>', 'for people, for programs, or for a document')
        .choices(Object.keys(FORMATS))
        .default('table'),
    );
  addMetricOptions(addDatabaseOption(addServiceLevelOptions(addCallFilter(command))))
    .addHelpText('after', NOTES)
    .action(compareCalls);
  addExamples(
    command,
    'compare --db calls.db --baseline agent=nova-1 --candidate agent=nova-2 --since 14d',
    'compare --db calls.db --baseline since=2026-10-01,until=2026-10-08 --candidate since=2026-10-08',
    'compare --db calls.db --baseline tag=version:1 --candidate tag=version:2 --budget budget.json --strict',
  );
}

interface CompareFlags extends SummaryFlags {
  baseline?: CallFilter;
  candidate?: CallFilter;
  figures?: string[];
  budget?: Budget;
  strict?: true;
  format: string;
}

async function compareCalls(flags: DatabaseFlags & CompareFlags): Promise<void> {
  const { database, own } = apart(flags);
  const { format, strict = undefined, baseline, candidate, figures, budget, ...query } = own;
  const asked = { ...summaryQuery(query), baseline, candidate, figures, budget };
  const comparison = await withDatabase(database, (evaluator) => evaluator.compare(asked));
  const output = new Output();
  const text = FORMATS[format]!(comparison);
  await (format === 'json' ? output.json(text) : output.line(text));
  await output.flush();
  for (const side of ['baseline', 'candidate'] as const)
    if (comparison[side].calls === 0)
      console.error(`There is no call of the ${side}: does its filter mean what it should?`);
  if (comparison.budget === null) return;
  const failed = comparison.budget.filter(({ outcome }) => outcome === 'broken' || (strict && outcome === 'unknown'));
  if (failed.length === 0) return;
  if (format === 'json') tell(failed);
  process.exitCode = EXIT.overBudget;
}

/** Where the report itself is for programs, whoever reads the log of the gate is told why it is shut. */
function tell(failed: readonly BudgetLine[]): void {
  console.error(budgetSentence(failed));
  for (const row of budgetRows(failed)) console.error(printable(row.filter((text) => text !== '').join('  ')));
}

const commas = (text: string) => text.split(',').map((word) => word.trim());

function budgetFile(path: string): Budget {
  return budgetAsked(jsonFile(path));
}
