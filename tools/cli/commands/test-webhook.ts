import { Command } from 'commander';
import { dynamoDbSweepMarks } from '../../../shared/aws/dynamodb-sweep-marks.ts';
import type { Source } from '../../../shared/cms/source.ts';
import type { SourceSettings } from '../../../shared/cms/source-settings.ts';
import { settingsOf, sources } from '../../../shared/cms/sources.ts';
import type { Cli } from '../cli.ts';
import { cmsWriters } from '../cms/cms-writers.ts';
import { addressHint, outputOf, type Connection } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { settingsIn, sourcesOption } from '../source-settings.ts';
import { testCms } from '../test-cms.ts';
import { textIn } from '../text-file.ts';
import { endpointOf, knownSource, testWebhook as sendTestWebhook } from '../webhooks.ts';

interface Options {
  readonly url?: string;
  readonly story?: boolean;
  readonly cms?: string | true;
  readonly keyFile?: string;
  readonly sources?: string;
  readonly yes?: boolean;
}

export function testWebhook(cli: Cli): Command {
  return new Command('test-webhook')
    .argument('<source>', `which CMS: ${sources.map(({ name }) => name).join(', ')}`)
    .option(
      '--url <url>',
      "address of the webhook endpoints (default: as the stage's stack says, and this laptop's for stage local)",
    )
    .option('--story', 'publish a test story, wait until readers see it, and delete it')
    .option(
      '--cms [url]',
      `publish, update and delete a test story in the CMS itself (${Object.keys(cmsWriters).join(', ')}), by its API at this address (default: url in context sources), and see it arrive. The key is in PRESSRUN_CMS_KEY`,
    )
    .option('--key-file <file>', 'a file with the key, - for standard input')
    .option(...sourcesOption)
    .option('--yes', 'with --cms: do not ask first; only production asks')
    .description('send a signed webhook as the CMS would, with the stored secret, or let the CMS itself send')
    .addHelpText('after', exampleOf('--stage prod test-webhook ghost'))
    .action(async (name: string, { url, story, cms, ...options }: Options) => {
      const source = knownSource(name);
      const settings = settingsOf(source, settingsIn(options.sources));
      const connection = cli.connect();
      const endpoints = url ?? (await ingestUrlOf(connection));
      if (cms !== undefined) {
        await throughCms(
          cli,
          connection,
          source,
          cms === true ? settings : { ...settings, url: cms },
          endpoints,
          options,
        );
        return;
      }
      const lines = await sendTestWebhook(
        connection,
        source,
        settings,
        endpoints,
        story === true,
        addressHint(url === undefined ? connection.stage : undefined, 'PRESSRUN_INGEST_PORT', '--url'),
      );
      cli.print(lines, lines);
    });
}

async function throughCms(
  cli: Cli,
  connection: Connection,
  source: Source,
  settings: SourceSettings,
  endpoints: string,
  { keyFile, yes }: Options,
): Promise<void> {
  const writer = cmsWriters[source.name];
  if (!writer)
    throw new WrongUse(
      `--cms works with ${Object.keys(cmsWriters).join(', ')}, not with ${source.name}: --story tests its endpoint`,
    );
  if (!/^https?:\/\//.test(settings.url) || !URL.canParse(settings.url))
    throw new WrongUse(`--cms must be the address of the CMS, such as https://cms.example.com, not ${settings.url}`);
  const key = (
    keyFile === undefined ? process.env['PRESSRUN_CMS_KEY'] : textIn(keyFile, `--key-file ${keyFile}`)
  )?.trim();
  if (key === undefined || key === '')
    throw new WrongUse(`PRESSRUN_CMS_KEY, or the file of --key-file, must have ${writer.keyHint}`);
  if (connection.stage === 'prod')
    await cli.confirm({ ...(yes !== undefined && { yes }) }, `Publish a test story at ${settings.url}?`);
  const lines: string[] = [];
  const report = (line: string): void => {
    lines.push(line);
    if (!cli.json) cli.write(line);
  };
  const { articles, publishTraces, tableNamed, articlesTable } = connection;
  const sweepMarks = dynamoDbSweepMarks(tableNamed(articlesTable));
  const isProof = await testCms(
    { articles, publishTraces, sweepMarks },
    { source, settings, key, writer, target: endpointOf(endpoints, source) },
    report,
  );
  report(
    isProof
      ? `${source.name} delivers what its editors publish, update and delete.`
      : 'A sweep ran meanwhile, and may have brought a change that no webhook brought. Run the test again.',
  );
  if (cli.json) cli.print(lines, []);
  if (!isProof) cli.found();
}

async function ingestUrlOf(connection: Connection): Promise<string> {
  if (connection.stage === 'local') return `http://127.0.0.1:${process.env['PRESSRUN_INGEST_PORT'] ?? '8787'}`;
  return outputOf(connection, 'IngestUrl');
}
