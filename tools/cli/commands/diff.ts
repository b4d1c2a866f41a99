import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import type { Connection } from '../connection.ts';
import { differenceLines } from '../differences.ts';
import { exampleOf } from '../example.ts';
import { frontDifferences, frontHistoryOf, frontNamed } from '../fronts.ts';
import { historyOf, versionIn } from '../history.ts';

export function diff(cli: Cli): Command {
  return new Command('diff')
    .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
    .argument('<a>', 'the older version: its number in the output of history, or its key')
    .argument('<b>', 'the newer version: its number in the output of history, or its key')
    .description('show the differences between two versions, by field and by paragraph')
    .addHelpText('after', exampleOf('diff https://newsroom.example/2026/harbour 1 2'))
    .action(async (uri: string, a: string, b: string) => {
      const lines = await differencesOf(cli.connect(), uri, a, b);
      cli.print({ differences: lines }, lines.length === 0 ? ['Readers would see no difference.'] : lines);
    });
}

async function differencesOf(connection: Connection, uri: string, a: string, b: string): Promise<string[]> {
  const name = frontNamed(uri);
  if (name !== undefined) {
    const history = await frontHistoryOf(connection, name);
    return frontDifferences(versionIn(history, a).content.front, versionIn(history, b).content.front);
  }
  const history = await historyOf(connection.articles, uri);
  return differenceLines(versionIn(history, a).content.article, versionIn(history, b).content.article);
}
