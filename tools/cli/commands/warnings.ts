import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { parseCount } from '../parsers.ts';
import { warningCounts } from '../warnings.ts';

export function warnings(cli: Cli): Command {
  return new Command('warnings')
    .option('--changes <n>', 'the number of latest changes to search', parseCount, 1000)
    .description('count the fields that were left out of published articles, by source and field')
    .addHelpText('after', exampleOf('warnings --changes 200'))
    .action(async ({ changes }: { readonly changes: number }) => {
      const counts = warningCounts(await cli.connect().publishTraces.latest(changes));
      const lines = counts.flatMap(({ source, path, message, count, articles, uri }) => [
        `${String(count).padStart(6)}  ${source}  ${path || 'event'}: ${message}`,
        `        in ${articles} ${articles === 1 ? 'article' : 'articles'}, such as ${uri}`,
      ]);
      cli.print(counts, lines.length === 0 ? ['No warnings.'] : lines);
    });
}
