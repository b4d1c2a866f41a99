import { Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { isRedrivable, redrivable, redrive as sendAgain, type Redrivable } from '../rejected.ts';

export function redrive(cli: Cli): Command {
  return new Command('redrive')
    .argument(
      '[queue]',
      `the queue of the dead letters: ${redrivable.join(', ')}, or to-<name> of a subscription`,
      parseQueue,
      'store',
    )
    .description(
      'send dead letters to their queue again, once their cause is repaired; without a queue: the rejected events',
    )
    .addHelpText('after', exampleOf('--stage prod redrive purge'))
    .action(async (queue: Redrivable) => {
      const { sqs, stage } = cli.connect();
      const count = await sendAgain(sqs, stage, Date.now(), queue);
      const to = queue === 'bus' ? 'store' : queue;
      const noun = to === 'store' ? 'event' : 'message';
      cli.print({ redriven: count, queue: to }, [`Sent ${count} ${noun}${count === 1 ? '' : 's'} to ${to} again.`]);
    });
}

function parseQueue(queue: string): Redrivable {
  if (!isRedrivable(queue))
    throw new InvalidArgumentError(
      `must be one of ${redrivable.join(', ')}, or to-<name> of a subscription${didYouMean(queue, redrivable)}`,
    );
  return queue;
}
