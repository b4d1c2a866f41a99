import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { picturesIn } from '../history.ts';

export function pictures(cli: Cli): Command {
  return new Command('pictures')
    .argument('<uri>', 'the uri that the CMS gave the article')
    .description(
      'the pictures of a story, those in its text too, each by the uri that pull-picture and restore-picture take',
    )
    .addHelpText('after', exampleOf('pictures https://newsroom.example/2026/harbour'))
    .action(async (uri: string) => {
      const connection = cli.connect();
      const found = await picturesIn(connection.articles, connection.pictures, uri);
      const lines = found.map(
        (picture) =>
          `${picture.pulled ? 'PULLED  ' : ''}${picture.uri}  ${picture.type === 'picture' ? '' : `[${picture.type}] `}${picture.caption ?? ''}${picture.credit === undefined ? '' : `  (${picture.credit})`}`,
      );
      cli.print(found, lines.length === 0 ? ['The article has no picture.'] : lines);
    });
}
