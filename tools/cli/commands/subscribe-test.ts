import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { testSubscription } from '../subscribe-test.ts';

export function subscribeTest(cli: Cli): Command {
  return new Command('subscribe-test')
    .argument('<name>', 'the name of the subscription in context subscriptions')
    .option('--yes', 'do not ask first')
    .description('send one made-up announcement of each kind to a subscription, and show what its receiver answered')
    .addHelpText('after', exampleOf('subscribe-test app --yes'))
    .action(async (name: string, options: { readonly yes?: boolean }) => {
      await cli.confirm(options, `Send made-up announcements to ${name}?`);
      const tested = await testSubscription(cli.connect(), name, Date.now());
      cli.print(
        tested,
        tested.map(({ type, outcome }) => `  ${type.padEnd(20)} ${outcome}`),
      );
      if (tested.some(({ outcome }) => outcome !== 'taken' && outcome !== 'queued')) cli.found();
    });
}
