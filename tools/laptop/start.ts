import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodes } from '../cli/exits.ts';
import { lockDirectory } from './directory-lock.ts';
import { Chaos } from './faults.ts';
import { publishSampleEdition, summaryOf } from '../sample-newsroom/sample-edition.ts';
import { publishSamplePages } from '../sample-newsroom/sample-pages.ts';
import { makePrivate } from './private-directory.ts';
import { rejectionLines } from '../dashboard/rejections.ts';
import { DirectoryUnusable, faultOf } from './start-fault.ts';
import { startLocalStack, type LocalStack, type StackLog } from './stack.ts';
import { printable } from './printable.ts';

interface Flags {
  readonly empty?: true;
  readonly data?: string;
  readonly verbose?: true;
  readonly chaos?: number;
}

const program = new Command('npm start --')
  .description('Runs the whole of Pressrun on this machine: synthesises the CDK app and runs what it says.')
  .option('--empty', 'start without the sample edition')
  .option('--data <directory>', 'keep all state there, also over a kill; without it, all is forgotten')
  .option('--verbose', 'show every announcement, and what the functions log, not only their errors')
  .option(
    '--chaos <seed>',
    'let calls to AWS fail, throttle and break off, and functions be killed, by chance',
    wholeNumber,
  )
  .addHelpText(
    'after',
    `
Environment:
  PRESSRUN_AWS_PORT     port of the AWS endpoint (4566)
  PRESSRUN_EDGE_PORT    port of the edge, where readers read (8080)
  PRESSRUN_INGEST_PORT  port where webhooks come in (8787)
  All take 0 for any free port; all are reached from this machine only.
  PRESSRUN_HOSTS      more host names that the ports answer to, with commas between: host.docker.internal
  PRESSRUN_INGEST_SECRETS  secrets of the webhook endpoints, JSON by source: {"ghost":"…"}; others are made at random
  PRESSRUN_SOURCES  how each CMS is set up, JSON by source: {"strapi":{"url":"http://localhost:1337"}}
  PRESSRUN_OWNS     which uris a source of the bus owns, JSON by source: {"my-newsroom":["urn:my-newsroom:"]}
  PRESSRUN_SUBSCRIPTIONS  the subscriptions, JSON by name: {"search":{"events":["article.live"],"webhook":"http://127.0.0.1:9000/"}}
  PRESSRUN_NARRATE  reads stories aloud, where espeak-ng is installed: voices by language, {"en":"Amy"}
  PRESSRUN_DROP_BUCKET  managed: files that are dropped into a bucket are read, where files of agencies arrive

Ctrl-C stops it. Exit codes: 0 stopped, 2 wrong use (a flag, a variable, a port that is taken): the message names it.`,
  )
  .exitOverride();

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError('must be a whole number');
  return number;
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

function portFrom(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError(`${variable} must be a port, not ${text}`);
  return port;
}

/** Context for the synthesis, from whichever of these variables are set. */
function contextFrom(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([key, variable]) => {
      const value = process.env[variable];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What a start that failed leaves behind. */
const notState = ['logs', 'pid'];

async function hasNoState(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    return (await readdir(directory)).every((name) => notState.includes(name));
  } catch (error) {
    throw new DirectoryUnusable(
      `--data ${directory} must be a directory that can be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** An error's message and place. The stack of a minified bundle is only printed with --verbose and in the files. */
function briefly(line: string): string {
  try {
    const {
      message,
      level: _level,
      timestamp: _timestamp,
      service: _service,
      sampling_rate: _rate,
      stack: _stack,
      ...rest
    } = JSON.parse(line) as Record<string, unknown>;
    return typeof message === 'string' ? `${message}  ${JSON.stringify(rest)}` : line;
  } catch {
    return line;
  }
}

/** Function logs go to files as well when there is a directory to keep them in. */
function logger({ verbose }: Flags, directory: string | undefined): (entry: StackLog) => void {
  const files = new Map<string, WriteStream>();
  return ({ from, level, line }) => {
    if (verbose || level !== 'info')
      process.stderr.write(
        `${level === 'info' ? '' : `${level}: `}${from}: ${printable(verbose ? line : briefly(line))}\n`,
      );
    if (directory === undefined || from === 'stack') return;
    let file = files.get(from);
    if (!file) files.set(from, (file = createWriteStream(join(directory, `${from}.log`), { flags: 'a' })));
    file.write(`${new Date().toISOString()} ${level} ${line}\n`);
  };
}

function announceReady({ awsUrl, edgeUrl, ingestUrl, outputs }: LocalStack): void {
  print('');
  print('pressrun ready');
  print(`  read       ${edgeUrl}/   ${edgeUrl}/feeds/latest.json`);
  print(`  watch      ${awsUrl}/_desk   (what is on its way, live)`);
  print(
    `  publish    npm run pressrun -- publish --headline "Bridge reopens" --section news/local   (rejected events are shown here)`,
  );
  print(`  webhooks   ${ingestUrl}/ingest/{source}`);
  if (outputs['DropBucketName'] !== undefined)
    print(
      `  files      s3://${outputs['DropBucketName']}/drop/{source}/   (the AWS CLI's s3 cp, with the address below)`,
    );
  print(`  AWS        ${awsUrl}   (any credentials, region us-east-1)`);
  print('  stop       Ctrl-C');
}

async function main(): Promise<void> {
  program.parse();
  // Files are for this account only: files 0600, directories 0700.
  process.umask(0o077);
  const flags = program.opts<Flags>();
  const directory = flags.data === undefined ? undefined : resolve(flags.data);
  const isNew = directory === undefined || (await hasNoState(directory));
  if (directory !== undefined) await makePrivate(directory);
  const unlock = directory === undefined ? undefined : await lockDirectory(directory);
  const logs = directory === undefined ? undefined : join(directory, 'logs');
  if (logs !== undefined) await mkdir(logs, { recursive: true });
  const stack = await startLocalStack({
    awsPort: portFrom('PRESSRUN_AWS_PORT', 4566),
    edgePort: portFrom('PRESSRUN_EDGE_PORT', 8080),
    ingestPort: portFrom('PRESSRUN_INGEST_PORT', 8787),
    hosts: (process.env['PRESSRUN_HOSTS'] ?? '').split(',').flatMap((host) => host.trim() || []),
    ...(process.env['PRESSRUN_INGEST_SECRETS'] !== undefined && {
      ingestSecrets: process.env['PRESSRUN_INGEST_SECRETS'],
    }),
    context: contextFrom({
      sources: 'PRESSRUN_SOURCES',
      owns: 'PRESSRUN_OWNS',
      subscriptions: 'PRESSRUN_SUBSCRIPTIONS',
      narrate: 'PRESSRUN_NARRATE',
      dropBucket: 'PRESSRUN_DROP_BUCKET',
    }),
    ...(directory !== undefined && { dataDirectory: directory }),
    ...(flags.chaos !== undefined && { faults: new Chaos(flags.chaos) }),
    log: logger(flags, logs),
  });
  print(`Running: ${stack.running}.`);
  stack.events.on((observation) => {
    for (const line of rejectionLines(observation)) print(line);
  });
  if (flags.verbose) {
    stack.events.on((observation) => {
      if (observation.kind !== 'bus-event' || observation.event.source !== 'pressrun') return;
      print(`announced ${observation.event['detail-type']} ${JSON.stringify(observation.event.detail)}`);
    });
  }
  const stop = (): void => {
    // A second signal ends the process at once.
    process.off('SIGINT', stop).off('SIGTERM', stop);
    void stack
      .stop()
      .then(unlock)
      .then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  if (!flags.empty && isNew) {
    const times = await publishSampleEdition(stack, flags.verbose ? print : () => undefined);
    await publishSamplePages(stack);
    for (const line of summaryOf(times)) print(line);
  }
  announceReady(stack);
}

try {
  await main();
} catch (error) {
  const fault = faultOf(error);
  if (fault === undefined) throw error;
  // Commander has printed help and its own errors already.
  if (!(error instanceof CommanderError) || error instanceof InvalidArgumentError)
    process.stderr.write(`error: ${fault}\n`);
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? exitCodes.fine : exitCodes.wrongUse;
}
