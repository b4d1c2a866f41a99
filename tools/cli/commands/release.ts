import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { release as settleNow } from '../scheduled-settles.ts';

export function release(cli: Cli): Command {
  return new Command('release')
    .argument('<uri>', 'the uri that the CMS gave the article')
    .description('settle a story now, as at the end of an embargo, and say why it is not public if it is not')
    .addHelpText('after', exampleOf('release https://newsroom.example/2026/harbour'))
    .action(async (uri: string) => {
      const released = await settleNow(cli.connect(), uri, Date.now, cli.timeOf);
      const isLive = released.standing === 'live';
      cli.print(released, [released.path === undefined ? released.because : `live at ${released.path}`]);
      if (!isLive) cli.found();
    });
}
