import { Command, InvalidArgumentError } from 'commander';
import { SecretsManagerSecrets } from '../../../shared/aws/secrets-manager-secrets.ts';
import { longestPreviewMilliseconds, previewToken } from '../../../shared/article/preview-token.ts';
import { secretsIn } from '../../../shared/cms/signature.ts';
import type { Cli } from '../cli.ts';
import { siteUrlOf } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { historyOf, versionIn } from '../history.ts';

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
      const { stage, articles, secretsManager } = connection;
      const history = await historyOf(articles, uri);
      const version = named === undefined ? history.versions.at(-1) : versionIn(history, named);
      if (version?.status !== 'usable')
        throw new WrongUse('that version withdrew the story: it has no page. Name another with --version');
      const clock = { now: Date.now };
      const held = await new SecretsManagerSecrets(secretsManager, `pressrun-${stage}-preview`, clock).secretOf('');
      const [secret] = held === undefined ? [] : secretsIn(held).webhook;
      if (secret === undefined)
        throw new WrongUse(`there is no secret pressrun-${stage}-preview: is the stage deployed?`);
      const expiresAt = clock.now() + hours * hourMilliseconds;
      const token = previewToken(
        { uri, expiresAt, ...(named !== undefined && { versionCreated: version.versionCreated }) },
        secret,
      );
      const url = `${await siteUrlOf(connection)}/preview/${token}`;
      cli.print({ uri, url, expiresAt: new Date(expiresAt).toISOString() }, [
        url,
        `Until ${cli.timeOf(expiresAt)}, for everybody who has the link.`,
      ]);
    });
}
