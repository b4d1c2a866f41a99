import { Command } from 'commander';
import { Cli, processTerminal, type GlobalOptions, type Terminal } from './cli.ts';
import { commands } from './commands.ts';
import { exitHelp } from './exits.ts';
import { parseAddress, parseStage, parseTimeZone } from './parsers.ts';

/** The command line with every command. Parsing errors are thrown, not printed. */
export function createProgram(terminal: Terminal = processTerminal): {
  readonly program: Command;
  readonly cli: Cli;
} {
  const program = new Command('pressrun')
    .description('Looks after a running Pressrun, on AWS or on a laptop.')
    .option('--stage <stage>', 'the stage; local is the one that "npm start" runs on this machine', parseStage, 'local')
    .option(
      '--endpoint-url <url>',
      "the address of AWS's services (default for stage local: this machine)",
      parseAddress,
    )
    .option(
      '--time-zone <zone>',
      'the time zone of the output, such as Europe/London (default: that of the theme in cdk.json)',
      parseTimeZone,
    )
    .option(
      '--articles-table <name>',
      'the articles table, if it was restored under another name than pressrun-<stage>-articles',
    )
    .option(
      '--json',
      'print results and errors as JSON ({ "error": { "message", "exitCode" } }), for programs; in a pipe, use "npm run --silent"',
    )
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('afterAll', exitHelp)
    // main.ts prints errors: without the help text after them, and as JSON for --json.
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => {
        terminal.out(text.trimEnd());
      },
    })
    .exitOverride();

  const cli = new Cli(() => program.opts<GlobalOptions>(), terminal);
  for (const command of commands) program.addCommand(command(cli).copyInheritedSettings(program));
  return { program, cli };
}
