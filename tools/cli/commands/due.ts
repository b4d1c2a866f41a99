import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { parseHours } from '../parsers.ts';
import { dueAround } from '../scheduled-settles.ts';

export function due(cli: Cli): Command {
  return new Command('due')
    .option('--hours <n>', 'how many hours ahead and back', parseHours, 24)
    .description('list the embargoes and expiries of the next and the last hours; exit code 1 if one is late')
    .addHelpText('after', exampleOf('due --hours 6'))
    .action(async ({ hours }: { readonly hours: number }) => {
      const found = await dueAround(cli.connect(), Date.now(), hours);
      const lines = found.map(
        ({ at, articleId, uri, late }) => `${late ? 'LATE  ' : '      '}${cli.timeOf(at)}  ${uri ?? articleId}`,
      );
      cli.print(
        found.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest })),
        lines.length === 0 ? ['Nothing is due.'] : lines,
      );
      if (found.some(({ late }) => late)) cli.found();
    });
}
