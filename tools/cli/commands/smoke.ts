import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { addressHint, siteUrlOf, type Connection } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { parseAddress, parseSeconds } from '../parsers.ts';
import { deployedConcurrencyCheck } from '../preflight.ts';
import { smoke as runSmoke, type Step } from '../smoke.ts';

interface Options {
  readonly siteUrl?: string;
  readonly embargoSeconds: number;
  readonly yes?: boolean;
}

export function smoke(cli: Cli): Command {
  return new Command('smoke')
    .description(
      'publish, update and withdraw two test stories, and read them at the edge; exit code 1 if a check fails',
    )
    .option(
      '--site-url <url>',
      "where readers are (default: as the stage's stack says, and this laptop's edge for stage local)",
      parseAddress,
    )
    .option('--embargo-seconds <seconds>', 'the seconds until the embargo of the second story ends', parseSeconds, 60)
    .option('--yes', 'run also in production, where readers see the story for some seconds')
    .addHelpText('after', exampleOf('--stage dev smoke'))
    .action(async ({ siteUrl, embargoSeconds, yes }: Options) => {
      const connection = cli.connect();
      const { stage, eventBridge } = connection;
      if (stage === 'prod' && yes !== true)
        throw new WrongUse('readers of prod would see the test stories for some seconds: add --yes to run it');
      const steps: Step[] = [];
      const notify = (step: Step): void => {
        steps.push(step);
        if (!cli.json) cli.write(lineOf(step));
      };
      // A laptop has no quota of an account.
      const hasRoom = stage === 'local' || (await concurrencyStep(connection, notify));
      const isSound = await runSmoke(
        {
          stage,
          eventBridge,
          siteUrl: siteUrl ?? (await siteUrlOf(connection)),
          siteMovedBy: addressHint(siteUrl === undefined ? stage : undefined, 'PRESSRUN_EDGE_PORT', '--site-url'),
          embargoSeconds,
        },
        notify,
      );
      if (cli.json) cli.print({ isSound: isSound && hasRoom, steps }, []);
      if (!isSound || !hasRoom) cli.found();
    });
}

/** Whether the account's concurrency is enough for the stack, by the reading that `preflight` makes. */
async function concurrencyStep(
  { stage, endpoint, lambda }: Connection,
  notify: (step: Step) => void,
): Promise<boolean> {
  // Only here, since they take their time to load.
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { concurrencyOf, deployedTemplate, known } = await import('../account-facts.ts');
  const cloudFormation = new CloudFormationClient(endpoint === undefined ? {} : { endpoint });
  const since = Date.now();
  const [concurrency, template] = await Promise.all([
    known(concurrencyOf(lambda)),
    known(deployedTemplate(cloudFormation, `pressrun-${stage}`)),
  ]);
  const { what, state, detail } = deployedConcurrencyCheck(concurrency, template);
  notify({
    what: state === 'unknown' ? `${what}: not known` : what,
    milliseconds: Date.now() - since,
    ...(state === 'wrong' && { fault: detail }),
  });
  return state !== 'wrong';
}

function lineOf({ what, milliseconds, fault }: Step): string {
  return `${fault === undefined ? '✔' : '✘'}  ${what.padEnd(45)} ${`${milliseconds} ms`.padStart(9)}${fault === undefined ? '' : `  ${fault}`}`;
}
