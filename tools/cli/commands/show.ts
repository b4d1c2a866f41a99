import { Command } from 'commander';
import { headlineOf } from '../../../shared/article/article.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { frontHistoryOf, frontLines, frontNamed } from '../fronts.ts';
import { paragraphsOf } from '../differences.ts';
import { historyOf, versionIn } from '../history.ts';
import { requesterText } from '../text.ts';

export function show(cli: Cli): Command {
  const printFront = async (name: string, version: string): Promise<void> => {
    const { content, receivedAt } = versionIn(await frontHistoryOf(cli.connect(), name), version);
    const { event, front, actor, reason } = content;
    cli.print({ receivedAt: new Date(receivedAt).toISOString(), ...content }, [
      `${event}, received ${cli.timeOf(receivedAt)}${requesterText(actor, reason)}`,
      ...frontLines(front),
    ]);
  };

  const printArticle = async (uri: string, version: string): Promise<void> => {
    const { content, receivedAt } = versionIn(await historyOf(cli.connect().articles, uri), version);
    const { article, event, path, actor, reason } = content;
    cli.print({ receivedAt: new Date(receivedAt).toISOString(), ...content }, [
      `${event}, received ${cli.timeOf(receivedAt)}${requesterText(actor, reason)}`,
      ...(path === undefined ? [] : [path]),
      '',
      headlineOf(article) ?? '(no headline)',
      '',
      ...paragraphsOf(article),
    ]);
  };

  return new Command('show')
    .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
    .argument('<version>', 'its number in the output of history, or its key')
    .description('one version, as readers would see it')
    .addHelpText('after', exampleOf('show https://newsroom.example/2026/harbour 2'))
    .action(async (uri: string, version: string) => {
      const name = frontNamed(uri);
      await (name === undefined ? printArticle(uri, version) : printFront(name, version));
    });
}
