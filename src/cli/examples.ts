import type { Command } from 'commander';

/** What a command is used like: in its help, and after a wrong use of it. */
export function addExamples(command: Command, ...examples: [string, ...string[]]): Command {
  const lines = examples.map((example) => `  call-evaluator ${example}`);
  return command
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
    .showHelpAfterError(
      `for example: call-evaluator ${examples[0]}\n("call-evaluator ${command.name()} --help" tells more)`,
    );
}
