import { Command } from 'commander';
import type { Head } from '../../../shared/article/head.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { frontHistoryLines, frontHistoryOf, frontNamed } from '../fronts.ts';
import { historyLines, reasonOf, storyOf, type HistoryLine } from '../history.ts';
import { requesterText } from '../text.ts';
import { whyOfFront } from '../why.ts';

export function history(cli: Cli): Command {
  const lineOf = ({ number, receivedAt, event, shown, headline, actor, reason }: HistoryLine): string =>
    `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${cli.timeOf(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}${requesterText(actor, reason)}`;

  const print = (
    subject: {
      readonly uri: string;
      readonly articleId: string;
      readonly standing: Head['visibility'];
      readonly why: string;
    },
    lines: readonly HistoryLine[],
    more = {},
  ): void => {
    const { uri, articleId, why } = subject;
    const history = lines.map((line) => ({ ...line, receivedAt: new Date(line.receivedAt).toISOString() }));
    cli.print({ ...subject, history, ...more }, [`${uri}  (${articleId})`, why, ...lines.map(lineOf)]);
  };

  const printFront = async (uri: string, name: string): Promise<void> => {
    const front = await frontHistoryOf(cli.connect(), name);
    const { articleId, head, rejections } = front;
    const why = whyOfFront(front, cli.timeOf);
    print({ articleId, uri, standing: head?.visibility ?? 'hidden', why }, frontHistoryLines(front), { rejections });
  };

  const printArticle = async (uri: string): Promise<void> => {
    const story = await storyOf(cli.connect(), uri);
    const { articleId, head } = story;
    const why = reasonOf(story, Date.now(), cli.timeOf);
    const path = head?.path !== undefined && { path: head.path };
    print({ articleId, uri, standing: head?.visibility ?? 'hidden', why, ...path }, historyLines(story));
  };

  return new Command('history')
    .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
    .description(
      'every version and hold that was received, with its sender and reason, and the version that readers see',
    )
    .addHelpText('after', exampleOf('history https://newsroom.example/2026/harbour'))
    .action(async (uri: string) => {
      const name = frontNamed(uri);
      await (name === undefined ? printArticle(uri) : printFront(uri, name));
    });
}
