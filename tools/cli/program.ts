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
    .option(
      '--stage <stage>',
      'which stage to talk to; local is the one that "npm start" runs on this machine',
      parseStage,
      'local',
    )
    .option(
      '--endpoint-url <url>',
      "address of AWS's services; for stage local, this laptop's unless given",
      parseAddress,
    )
    .option(
      '--time-zone <zone>',
      "zone of the times shown, such as Europe/London (default: the newsroom's, from the theme in cdk.json)",
      parseTimeZone,
    )
    .option(
      '--articles-table <name>',
      'the articles table, of a stage whose articles were restored into another table than pressrun-<stage>-articles',
    )
    .option('--json', 'answer in JSON, errors too ({ "error": { "message", "exitCode" } }), for programs')
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
