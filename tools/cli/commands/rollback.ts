import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { frontHistoryOf, frontNamed } from '../fronts.ts';
import { historyOf, versionIn } from '../history.ts';
import { addRequestOptions, requesterOf, type RequestOptions } from '../request-options.ts';
import { rollbackArticle, rollbackFront, type SentEvent } from '../send-events.ts';

export function rollback(cli: Cli): Command {
  const send = async (uri: string, number: string, options: RequestOptions): Promise<SentEvent[]> => {
    const connection = cli.connect();
    const name = frontNamed(uri);
    const question = `Publish version ${number} of ${uri} again?`;
    if (name !== undefined) {
      const version = versionIn(await frontHistoryOf(connection, name), number);
      await cli.confirm(options, question);
      return rollbackFront(connection, version, requesterOf(options), Date.now());
    }
    const version = versionIn(await historyOf(connection.articles, uri), number);
    await cli.confirm(options, question);
    return rollbackArticle(connection, version, requesterOf(options), Date.now());
  };

  return addRequestOptions(
    new Command('rollback')
      .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
      .argument('<version>', 'its number in the output of history, or its key')
      .description('publish the content of an old version again, as a new one'),
    cli,
  )
    .addHelpText('after', exampleOf('rollback https://newsroom.example/2026/harbour 1 --reason "wrong figures"'))
    .action(async (uri: string, version: string, options: RequestOptions) => {
      const sent = await send(uri, version, options);
      cli.print(
        sent,
        sent.map((each) => `Put on the bus again: ${each.uri}  (event ${each.eventId})`),
      );
    });
}
