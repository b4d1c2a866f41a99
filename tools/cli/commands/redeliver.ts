import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { parseInstantOf } from '../parsers.ts';
import { backlogOf, redeliver as deliverDeadLetters } from '../redeliver.ts';
import { replay, rulesFor } from '../replay.ts';

interface Options {
  readonly since?: number;
  readonly dryRun?: true;
}

export function redeliver(cli: Cli): Command {
  return new Command('redeliver')
    .argument('<subscription>', 'the name of the subscription in context subscriptions')
    .option(
      '--since <time>',
      'also send at once every announcement since this instant, such as 2026-11-24T18:00:00Z',
      parseInstantOf('--since'),
    )
    .option('--dry-run', 'count only')
    .description(
      'deliver announcements to a subscriber again after an outage: its dead letters, and with --since all that it may have missed; ids do not change, so it can drop repeats',
    )
    .addHelpText('after', exampleOf('--stage prod redeliver search --since 2026-11-24T18:00:00Z'))
    .action(async (subscription: string, { since, dryRun }: Options) => {
      const connection = cli.connect();
      const { sqs, stage } = connection;
      const now = Date.now();
      const backlog = await backlogOf(sqs, stage, subscription);
      const missed = since === undefined ? undefined : { from: since, to: now, types: undefined, subscription };
      if (missed) await rulesFor(connection, missed);
      const counted = `${backlog.dead} dead letter${backlog.dead === 1 ? '' : 's'}, ${backlog.waiting} waiting for an attempt`;
      if (dryRun) {
        cli.print(backlog, [`${subscription}: ${counted}.`]);
        return;
      }
      const redelivered = await deliverDeadLetters(sqs, stage, subscription, now);
      const replayed = missed && (await replay(connection, missed, now));
      cli.print({ ...backlog, redelivered, ...(replayed && { replayed }) }, [
        `${subscription} had ${counted}${redelivered > 0 ? ': the dead letters are delivered again now' : ''}.`,
        ...(replayed
          ? [
              `The announcements since ${cli.timeOf(missed.from)} are delivered now (replay ${replayed.replay}: ${replayed.state.toLowerCase()}).`,
            ]
          : []),
        ...(!replayed && backlog.waiting > 0
          ? [
              'Waiting announcements are delivered at their next attempt, within hours. --since TIME delivers the announcements since then at once.',
            ]
          : []),
      ]);
    });
}
