import { Command } from 'commander';
import type { ArticleEvent } from '../../../shared/article/version.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { addRequestOptions, requesterOf, urisOf, type RequestOptions } from '../request-options.ts';
import { sendArticleEvents, unknownOf } from '../send-events.ts';
import { articlesNotYet } from '../wait-for-readers.ts';

export const withdraw = articleCommand('withdraw', {
  event: 'article.unpublished',
  description: 'withdraw stories: readers get 410, and no list shows them',
  question: 'Withdraw',
});

export const hold = articleCommand('hold', {
  event: 'article.held',
  description: 'hide articles from readers, even if the CMS sends new versions, until "pressrun unhold" (legal)',
  question: 'Hold',
});

export const unhold = articleCommand('unhold', {
  event: 'article.unheld',
  description: 'end the hold of articles: readers see their current version again',
  question: 'End the hold of',
});

export const erase = articleCommand('erase', {
  event: 'article.erased',
  description: 'delete the text of every stored version of stories for ever (GDPR, court order)',
  question: 'ERASE FOR EVER',
});

interface ArticleCommand {
  readonly event: ArticleEvent;
  readonly description: string;
  readonly question: string;
}

interface Options extends RequestOptions {
  readonly from?: string;
  readonly anyway?: boolean;
}

/** A command that sends one event for each article, and waits until readers see its effect. */
function articleCommand(name: string, { event, description, question }: ArticleCommand): (cli: Cli) => Command {
  const run = async (cli: Cli, given: readonly string[], options: Options): Promise<void> => {
    const uris = urisOf(given, options);
    await cli.confirm(options, `${question} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} articles`}?`);
    const connection = cli.connect();
    const unknown = await unknownOf(connection.articles, uris);
    if (unknown.length > 0 && options.anyway !== true) {
      throw new WrongUse(
        `no event was ever received for ${unknown.join(', ')}, so nothing was done. Correct the uri, or use --anyway to apply the order when the article arrives`,
      );
    }
    const orders = await sendArticleEvents(connection, event, uris, requesterOf(options), Date.now());
    const notYet = await articlesNotYet(connection.articles, uris, event, Date.now);
    cli.print({ orders, notYet }, [
      ...orders.map(({ uri, eventId }) => `${event}: ${uri}  (event ${eventId})`),
      notYet.length > 0
        ? `NOT DONE YET: readers still see ${notYet.join(', ')}. Check "rejected", and the queue pressrun-${connection.stage}-store.`
        : event === 'article.unheld'
          ? 'Sent: within seconds readers see the articles as their versions say. "trace" shows when.'
          : 'Done: readers no longer see the articles; CDN edges follow within seconds.',
    ]);
    if (notYet.length > 0) cli.found();
  };

  return (cli) =>
    addRequestOptions(
      new Command(name)
        .argument('[uri...]', 'the uris that the CMS gave the articles')
        .option('--from <file>', 'a file with one uri a line')
        .option('--anyway', 'also for a uri without any event: the order applies when the article arrives')
        .description(description),
      cli,
    )
      .addHelpText('after', exampleOf(`${name} https://newsroom.example/2026/harbour --reason "court order"`))
      .action(async (uris: string[], options: Options) => run(cli, uris, options));
}
