import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { rejectedEvents, redrive, type RejectedEvent } from './rejected.ts';

interface GlobalOptions {
  readonly stage: string;
  readonly endpointUrl?: string;
  readonly json?: boolean;
}

const program = new Command('pressrun')
  .description('Looks after a running Pressrun, on AWS or on a laptop (--endpoint-url http://127.0.0.1:4566).')
  .option('--stage <stage>', 'which stage to talk to', 'local')
  .option('--endpoint-url <url>', "AWS's address; for stage local, the laptop's unless given")
  .option('--json', 'answer in JSON, for programs');

program
  .command('rejected')
  .description('list the events that were refused or failed too often, with the fields at fault')
  .action(async () => {
    const events = await rejectedEvents(client(), options().stage);
    print(events, events.length === 0 ? ['Nothing was rejected.'] : events.flatMap(described));
  });

program
  .command('redrive')
  .description('send the rejected events to store again, once their cause is mended')
  .action(async () => {
    const count = await redrive(client(), options().stage, Date.now());
    print({ redriven: count }, [count === 1 ? 'Sent 1 event to store again.' : `Sent ${count} events to store again.`]);
  });

function options(): GlobalOptions {
  return program.opts<GlobalOptions>();
}

function client(): SQSClient {
  const { stage, endpointUrl } = options();
  if (stage !== 'local') return new SQSClient(endpointUrl === undefined ? {} : { endpoint: endpointUrl });
  const endpoint = endpointUrl ?? `http://127.0.0.1:${process.env['PRESSRUN_AWS_PORT'] ?? '4566'}`;
  return new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
}

function described({ eventId, source, detailType, uri, time, errors }: RejectedEvent): string[] {
  return [`${time ?? '?'}  ${detailType ?? '?'}  ${uri ?? '(no uri)'}  from ${source || '?'}  (event ${eventId})`, ...errors.map(({ path, message }) => `    ${path || 'event'}: ${message}`)];
}

function print(value: unknown, lines: readonly string[]): void {
  console.log(options().json === true ? JSON.stringify(value, undefined, 2) : lines.join('\n'));
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`pressrun: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
