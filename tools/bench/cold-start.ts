import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { synthesise } from '../laptop/cloudformation/assembly.ts';
import { spreadOf, spreadText, type Finding, type Spread } from './finding.ts';

const run = promisify(execFile);
const part = 'Cold start: size and load time of a bundle, each in a fresh process';
const processes = 20;

/** The libraries that a function of this size commonly uses. */
const usualStack = `
  import middy from '@middy/core';
  import { Logger } from '@aws-lambda-powertools/logger';
  import { Metrics } from '@aws-lambda-powertools/metrics';
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { SQSClient } from '@aws-sdk/client-sqs';
  import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
  import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
  import * as z from 'zod';
  const parts = [new Logger(), new Metrics(), new DynamoDBClient({}), new SQSClient({}), new EventBridgeClient({}), new CloudFrontClient({})];
  export const handler = middy().handler(async () => [parts.length, z.string().parse('')]);
`;

/** Of the usual stack's load time, measured in the same run. */
const maxShare = 0.6;

/** Loads a bundle as Lambda would. Prints how long that took, and the bytes of the files that were read for it. */
const loading = `
  const start = process.hrtime.bigint();
  require(process.argv[1]);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const bytes = Object.keys(require.cache).reduce((sum, file) => sum + require('node:fs').statSync(file).size, 0);
  console.log(JSON.stringify({ milliseconds, bytes }));
  process.exit(0);
`;

interface Load {
  readonly milliseconds: number;
  readonly bytes: number;
}

export async function coldStarts(progress: (share: number) => void): Promise<Finding[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pressrun-bench-'));
  try {
    await synthesise(directory, { stage: 'bench' });
    const bundles = join(directory, 'bundles');
    const ours = readdirSync(bundles).sort();
    const environments = environmentsIn(directory);
    const empty = build(join(directory, 'empty'), 'export const handler = async () => undefined;');
    const usual = build(join(directory, 'usual'), usualStack);
    const files = new Map([
      ['an empty handler', empty],
      ['the usual stack', usual],
      ...ours.map((name): [string, string] => [name, join(bundles, name, 'index.js')]),
    ]);
    const loads = new Map<string, Load[]>();
    // One of each, then the next of each: a slow second of this machine meets them all.
    for (let round = 0; round < processes; round += 1) {
      for (const [name, file] of files)
        loads.set(name, [...(loads.get(name) ?? []), await load(file, environments.get(name) ?? {})]);
      progress((round + 1) / processes);
    }
    const of = (name: string): Spread => spreadOf((loads.get(name) ?? []).map(({ milliseconds }) => milliseconds));
    const kilobytes = (name: string): number => (loads.get(name)?.[0]?.bytes ?? 0) / 1024;
    const against = of('the usual stack').median;
    return [...files.keys()].map((name) => {
      const ratio = of(name).median / against;
      return {
        part,
        what: name,
        figure: `${kilobytes(name).toFixed(0)} KB, ${spreadText(of(name), 'ms', 1)}`,
        ratio,
        baseline: 'the usual stack’s time',
        ...(ours.includes(name) && { goal: `≤ × ${maxShare}`, holds: ratio <= maxShare }),
      };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function load(file: string, environment: Readonly<Record<string, string>>): Promise<Load> {
  const awsVariables = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    POWERTOOLS_SERVICE_NAME: 'bench',
    POWERTOOLS_METRICS_NAMESPACE: 'bench',
  };
  const { stdout } = await run(process.execPath, ['-e', loading, file], {
    env: { ...awsVariables, ...environment },
    cwd: tmpdir(),
  });
  return JSON.parse(stdout) as Load;
}

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: {
          readonly FunctionName?: string;
          readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
        };
      }
    >
  >;
}

/**
 * The environment of each function, by its name. A placeholder replaces names and addresses that CloudFormation fills
 * in.
 */
function environmentsIn(directory: string): Map<string, Readonly<Record<string, string>>> {
  const file = readdirSync(directory).find((name) => name.endsWith('.template.json')) ?? '';
  const { Resources } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Template;
  return new Map(
    Object.values(Resources).flatMap(
      ({ Type, Properties: { FunctionName = '', Environment: { Variables = {} } = {} } = {} }) =>
        Type === 'AWS::Lambda::Function'
          ? [
              [
                FunctionName.replace('pressrun-bench-', ''),
                Object.fromEntries(
                  Object.entries(Variables).map(([name, value]) => [
                    name,
                    typeof value === 'string' ? value : 'resource',
                  ]),
                ),
              ] as const,
            ]
          : [],
    ),
  );
}

function build(directory: string, contents: string): string {
  mkdirSync(directory);
  const file = join(directory, 'index.js');
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../..') },
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
  });
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  return file;
}
