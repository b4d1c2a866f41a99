import { Command } from 'commander';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { bar, importArchive, sweepable } from '../webhooks.ts';

export function importCommand(cli: Cli): Command {
  return new Command('import')
    .argument('<source>', `which CMS: ${sweepable.join(', ')}`)
    .description(
      'read the whole archive of a CMS, and publish articles that were never stored; a second run continues where the first was interrupted',
    )
    .addHelpText('after', exampleOf('--stage prod import ghost'))
    .action(async (source: string) => {
      if (!sweepable.includes(source))
        throw new WrongUse(
          `${source} cannot be asked: it must be one of ${sweepable.join(', ')}${didYouMean(source, sweepable)}`,
        );
      const swept = await importArchive(cli.connect(), source, ({ seen, total }) => {
        if (cli.showsProgress) process.stderr.write(`\r${bar(seen, total)}`);
      });
      if (cli.showsProgress) process.stderr.write('\n');
      cli.print(swept, [
        `${swept.seen} articles read, ${swept.sent} new ones put on the bus${swept.withdrawn > 0 ? `, ${swept.withdrawn} of them withdrawals` : ''}.`,
        ...swept.unreadable.map((reason) => `  cannot be read: story ${reason}`),
      ]);
      if (swept.unreadable.length > 0) cli.found();
    });
}
