import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { parseInstantOf } from '../parsers.ts';
import { replay as startReplay, rulesFor } from '../replay.ts';

interface Options {
  readonly from: number;
  readonly to?: number;
  readonly types?: string;
  readonly toSubscription?: string;
  readonly announce?: true;
  readonly yes?: true;
}

export function replay(cli: Cli): Command {
  return new Command('replay')
    .requiredOption('--from <time>', 'an instant with its zone, such as 2026-11-24T18:00:00Z', parseInstantOf('--from'))
    .option(
      '--to <time>',
      'an instant with its zone, such as 2026-11-24T19:00:00Z (default: now)',
      parseInstantOf('--to'),
    )
    .option('--types <types>', 'only these events, with commas between them')
    .option(
      '--to-subscription <name>',
      'send the announcements of that time to this subscription only (default: send the incoming events to store)',
    )
    .option(
      '--announce',
      'has no effect any more: every change that a replay causes is announced, and marked with its name',
    )
    .option('--yes', 'do not ask first')
    .description('deliver the archived events between two instants again; events that had arrived change nothing')
    .addHelpText('after', exampleOf('--stage prod replay --from 2026-11-24T18:00:00Z --to 2026-11-24T19:00:00Z'))
    .action(async (options: Options) => {
      const { from, to = Date.now(), types, toSubscription, announce } = options;
      const connection = cli.connect();
      const wanted = { from, to, types: types?.split(',').map((type) => type.trim()), subscription: toSubscription };
      await rulesFor(connection, wanted);
      if (announce)
        cli.note('--announce has no effect: every change that a replay causes is announced, and marked with its name.');
      await cli.confirm(options, `Replay ${cli.timeOf(from)} to ${cli.timeOf(to)} to ${toSubscription ?? 'store'}?`);
      const replayed = await startReplay(connection, wanted, Date.now());
      const last =
        replayed.lastEvent === undefined ? 'nothing was archived then' : `the last event was of ${replayed.lastEvent}`;
      cli.print(replayed, [`Replay ${replayed.replay}: ${replayed.state.toLowerCase()}; ${last}.`]);
    });
}
