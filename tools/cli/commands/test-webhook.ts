import { Command } from 'commander';
import { sources } from '../../../shared/cms/sources.ts';
import type { Cli } from '../cli.ts';
import { addressHint, outputOf, type Connection } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { testWebhook as sendTestWebhook } from '../webhooks.ts';

interface Options {
  readonly url?: string;
  readonly story?: boolean;
}

export function testWebhook(cli: Cli): Command {
  return new Command('test-webhook')
    .argument('<source>', `which CMS: ${sources.map(({ name }) => name).join(', ')}`)
    .option(
      '--url <url>',
      "address of the webhook endpoints (default: as the stage's stack says, and this laptop's for stage local)",
    )
    .option('--story', 'publish a test story, wait until readers see it, and delete it')
    .description('send a signed webhook as the CMS would, with the stored secret')
    .addHelpText('after', exampleOf('--stage prod test-webhook ghost'))
    .action(async (source: string, { url, story }: Options) => {
      const connection = cli.connect();
      const lines = await sendTestWebhook(
        connection,
        source,
        url ?? (await ingestUrlOf(connection)),
        story === true,
        addressHint(url === undefined ? connection.stage : undefined, 'PRESSRUN_INGEST_PORT', '--url'),
      );
      cli.print(lines, lines);
    });
}

async function ingestUrlOf(connection: Connection): Promise<string> {
  if (connection.stage === 'local') return `http://127.0.0.1:${process.env['PRESSRUN_INGEST_PORT'] ?? '8787'}`;
  return outputOf(connection, 'IngestUrl');
}
