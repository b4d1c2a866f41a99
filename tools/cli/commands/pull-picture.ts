import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { requireKnownPictures, requirePulled } from '../picture-uris.ts';
import { addRequestOptions, requesterOf, urisOf, type RequestOptions } from '../request-options.ts';
import { sendPictureEvents } from '../send-events.ts';
import { picturesNotYet } from '../wait-for-readers.ts';

interface Options extends RequestOptions {
  readonly from?: string;
  readonly story?: string;
  readonly notSeenYet?: boolean;
}

const example = 'https://newsroom.example/pictures/pier.jpg --reason "the photographer asks for it"';

export function pullPicture(cli: Cli): Command {
  return pictureCommand(cli, 'pull-picture')
    .description('hide pictures in every story and list, now and later')
    .option(
      '--story <uri>',
      'the story with the pictures: only this story is searched, which is faster than searching all',
    )
    .option('--not-seen-yet', 'also pictures that no story has yet: they are hidden when a story with them arrives')
    .addHelpText('after', exampleOf(`pull-picture ${example}`))
    .action(async (given: string[], options: Options) => {
      const uris = urisOf(given, options);
      await requireKnownPictures(cli.connect(), uris, options);
      await confirm(cli, 'Pull', uris, options);
      await send(cli, 'article.held', uris, options);
    });
}

export function restorePicture(cli: Cli): Command {
  return pictureCommand(cli, 'restore-picture')
    .description('show pulled pictures to readers again')
    .addHelpText('after', exampleOf(`restore-picture ${example}`))
    .action(async (given: string[], options: Options) => {
      const uris = urisOf(given, options);
      await requirePulled(cli.connect().pictures, uris);
      await confirm(cli, 'Restore', uris, options);
      await send(cli, 'article.unheld', uris, options);
    });
}

function pictureCommand(cli: Cli, name: string): Command {
  return addRequestOptions(
    new Command(name)
      .argument('[uri...]', 'the uris of the pictures, as "pressrun pictures <uri of a story>" lists them')
      .option('--from <file>', 'a file with one uri a line'),
    cli,
  );
}

async function confirm(cli: Cli, verb: string, uris: readonly string[], options: Options): Promise<void> {
  await cli.confirm(options, `${verb} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} pictures`}?`);
}

async function send(
  cli: Cli,
  event: 'article.held' | 'article.unheld',
  uris: readonly string[],
  options: Options,
): Promise<void> {
  const connection = cli.connect();
  const orders = await sendPictureEvents(connection, event, uris, requesterOf(options), Date.now());
  const notYet = await picturesNotYet(connection.pictures, uris, event, Date.now);
  const [name, done] =
    event === 'article.held'
      ? ['pull-picture', 'Done: no story and no list shows them; edges follow within seconds.']
      : ['restore-picture', 'Done: readers see them again.'];
  cli.print({ orders, notYet }, [
    ...orders.map(({ uri, eventId }) => `${name}: ${uri}  (event ${eventId})`),
    notYet.length > 0
      ? `NOT DONE YET: ${notYet.join(', ')}. Check "rejected", and the queue pressrun-${connection.stage}-store.`
      : done,
  ]);
  if (notYet.length > 0) cli.found();
}
