import { Command } from 'commander';
import { serveDashboard } from '../../dashboard/serve.ts';
import type { Cli } from '../cli.ts';
import { siteUrlOf } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { explained } from '../explained.ts';
import { parsePort } from '../parsers.ts';

export function dashboard(cli: Cli): Command {
  return new Command('dashboard')
    .option('--port <port>', 'the port on this machine; 0 is any free one', parsePort, 4567)
    .description(
      'serve the dashboard of a stage on this machine, with your own credentials; it changes nothing. Ctrl-C stops it',
    )
    .addHelpText('after', exampleOf('--stage prod dashboard'))
    .action(async ({ port }: { readonly port: number }) => {
      const connection = cli.connect();
      const report = (error: unknown): void => {
        cli.note(`pressrun: ${explained(error, cli.awsAddress()).message}`);
      };
      const { url } = await serveDashboard(connection, await siteUrlOf(connection), port, report);
      cli.print({ url }, [`The dashboard of stage ${connection.stage}: ${url}`]);
    });
}
