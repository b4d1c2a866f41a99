import { CommanderError } from 'commander';
import { exitCodes } from './exits.ts';
import { explained } from './explained.ts';
import { createProgram } from './program.ts';

const { program, cli } = createProgram();

try {
  await program.parseAsync();
} catch (error) {
  // Commander throws after it printed a help text, too.
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = exitCodes.fine;
  else {
    const { message, code } = explained(error, cli.awsAddress());
    process.exitCode = code;
    // If the command line is wrong, commander may not have read as far as --json.
    if (process.argv.includes('--json'))
      console.log(
        JSON.stringify({ error: { message: message.replace(/^error: /, ''), exitCode: code } }, undefined, 2),
      );
    else
      console.error(
        error instanceof CommanderError
          ? `${message}\n"npm run pressrun -- --help" lists the commands.`
          : `pressrun: ${message}`,
      );
  }
}
