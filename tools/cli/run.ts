import { CommanderError, type Command } from 'commander';
import { processTerminal, type Terminal } from './cli.ts';
import { exitCodes } from './exits.ts';
import { explained } from './explained.ts';
import { createProgram } from './program.ts';

/** Runs a command and returns its exit code. `given` are its words, as in `process.argv` after the script. */
export async function run(given: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const { program, cli } = createProgram(terminal);
  try {
    await program.parseAsync(given, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    // Commander throws after it printed a help text, too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.fine;
    const { message, code } = explained(error, cli.awsAddress());
    // If the command line is wrong, commander may not have read as far as --json.
    if (given.includes('--json'))
      terminal.out(
        JSON.stringify({ error: { message: message.replace(/^error: /, ''), exitCode: code } }, undefined, 2),
      );
    else
      terminal.err(
        error instanceof CommanderError ? `${message}\n${helpHint(program, given)}` : `pressrun: ${message}`,
      );
    return code;
  }
}

/** Names the help of the command that was meant, or the list of all commands. */
function helpHint(program: Command, given: readonly string[]): string {
  const meant = given.find((word) => program.commands.some((command) => command.name() === word));
  return meant === undefined
    ? '"npm run pressrun -- --help" lists the commands.'
    : `"npm run pressrun -- ${meant} --help" shows its arguments and flags.`;
}
