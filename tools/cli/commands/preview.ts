import { Command, InvalidArgumentError } from 'commander';
import { longestPreviewMilliseconds } from '../../../shared/article/preview-token.ts';
import type { Cli } from '../cli.ts';
import { siteUrlOf } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { previewPathOf } from '../preview-link.ts';

const hourMilliseconds = 3_600_000;
const longestHours = longestPreviewMilliseconds / hourMilliseconds;

interface Options {
  readonly version?: string;
  readonly hours: number;
}

function hoursIn(given: string): number {
  const hours = Number(given);
  if (!(hours > 0 && hours <= longestHours))
    throw new InvalidArgumentError(`must be more than 0 and at most ${longestHours}.`);
  return hours;
}

/** Prints a link to the page of a story that is embargoed or held, as it will be. */
export function preview(cli: Cli): Command {
  return new Command('preview')
    .argument('<uri>', 'the uri that the CMS gave the article')
    .option('--version <version>', 'its number in the output of history, or its key (default: the newest one)')
    .option('--hours <hours>', 'how long the link is good for', hoursIn, 24)
    .description('a link to the page of a story before it is public, for everybody who has the link')
    .addHelpText('after', exampleOf('--stage prod preview urn:newsroom:budget-speech --hours 4'))
    .action(async (uri: string, { version: named, hours }: Options) => {
      const connection = cli.connect();
      const expiresAt = Date.now() + hours * hourMilliseconds;
      const url = `${await siteUrlOf(connection)}${await previewPathOf(connection, { uri, named, expiresAt })}`;
      cli.print({ uri, url, expiresAt: new Date(expiresAt).toISOString() }, [
        url,
        `Until ${cli.timeOf(expiresAt)}, for everybody who has the link.`,
      ]);
    });
}
