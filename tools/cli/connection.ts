import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { DynamoDbScheduleIndex } from '../../shared/aws/dynamodb-schedule-index.ts';
import { latestJobs, readJob } from '../../shared/aws/dynamodb-jobs.ts';
import { DynamoDbPublishTraces } from '../../shared/aws/dynamodb-publish-traces.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import type { Job } from '../../shared/job.ts';
import { WrongUse, Unreachable } from './exits.ts';
import { networkCodeOf, type AwsAddress } from './explained.ts';

/** Where the stage runs: AWS, or a laptop's local stack. */
export interface Connection {
  readonly stage: string;
  /** Where AWS's services are, where that is not at AWS. */
  readonly endpoint?: string;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly dynamoDb: DynamoDBClient;
  readonly articles: DynamoDbArticles;
  readonly pictures: DynamoDbPictures;
  readonly fronts: DynamoDbFronts;
  readonly feeds: DynamoDbFeeds;
  readonly publishTraces: DynamoDbPublishTraces;
  /** Reads the record of a job of reconcile. */
  readonly job: (jobId: string) => Promise<Job | undefined>;
  /** Reads the records of the latest jobs, newest first. */
  readonly latestJobs: (limit: number) => Promise<Job[]>;
  readonly lambda: LambdaClient;
  readonly secretsManager: SecretsManagerClient;
  readonly articlesTable: string;
  /** A table of the same account and region, by name. */
  readonly tableNamed: (name: string) => Table;
  readonly scheduleIndex: DynamoDbScheduleIndex;
}

/** Stage `local` is the laptop's unless an address is given; every other stage is AWS's, with the usual credentials. */
export function connect(
  stage: string,
  endpointUrl: string | undefined,
  awsPort: string,
  table = `pressrun-${stage}-articles`,
): Connection {
  const endpoint = endpointUrl ?? (stage === 'local' ? awsAddressOf(stage, endpointUrl, awsPort).url : undefined);
  const settings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(stage === 'local' && { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
  const documents = documentClient(settings);
  const tableNamed = (name: string): Table => new Table(documents, name);
  const articlesTable = tableNamed(table);
  return {
    stage,
    ...(endpoint !== undefined && { endpoint }),
    sqs: new SQSClient(settings),
    eventBridge: new EventBridgeClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    articles: new DynamoDbArticles(articlesTable),
    pictures: new DynamoDbPictures(articlesTable),
    fronts: new DynamoDbFronts(articlesTable),
    feeds: new DynamoDbFeeds(tableNamed(`pressrun-${stage}-feeds`), { now: Date.now }),
    publishTraces: new DynamoDbPublishTraces(articlesTable, { now: Date.now }),
    job: async (jobId) => readJob(articlesTable, jobId),
    latestJobs: async (limit) => latestJobs(articlesTable, limit),
    lambda: new LambdaClient(settings),
    secretsManager: new SecretsManagerClient(settings),
    articlesTable: table,
    tableNamed,
    scheduleIndex: new DynamoDbScheduleIndex(articlesTable),
  };
}

/** Returns an output of the stage's stack. */
export async function outputOf(
  { stage, endpoint }: Pick<Connection, 'stage' | 'endpoint'>,
  output: 'DistributionDomainName' | 'DistributionId' | 'IngestUrl',
): Promise<string> {
  // Only here, since it takes its time to load.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient(endpoint === undefined ? {} : { endpoint });
  const { Stacks: [stack] = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: `pressrun-${stage}` }))
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
      throw new WrongUse(
        `there is no stack pressrun-${stage} in this region: are --stage and AWS_REGION right, and is it deployed?`,
      );
    });
  const value = stack?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (value === undefined)
    throw new Error(`the stack pressrun-${stage} has no output ${output}: is it deployed in this region?`);
  return value;
}

/** The address of the site: of the laptop's edge for stage local, else that of the distribution. */
export async function siteUrlOf(connection: Pick<Connection, 'stage' | 'endpoint'>): Promise<string> {
  if (connection.stage === 'local') return `http://127.0.0.1:${process.env['PRESSRUN_EDGE_PORT'] ?? '8080'}`;
  return `https://${await outputOf(connection, 'DistributionDomainName')}`;
}

/**
 * Sends an HTTP request. `movedBy` names the flag or variable that changes the address. @throws {Unreachable} No
 * answer.
 */
export async function ask(url: string, init: RequestInit, { what, movedBy }: Asked): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const reason = networkCodeOf(error) ?? (error instanceof Error ? error.name : String(error));
    throw new Unreachable(`${what} ${URL.parse(url)?.origin ?? url} does not answer (${reason}): ${movedBy}`, {
      cause: error,
    });
  }
}

/** The service that is asked, for the error message. */
export interface Asked {
  /** `the edge` */
  readonly what: string;
  /** The hint in the error message: `is "npm start" running, and PRESSRUN_EDGE_PORT right?` */
  readonly movedBy: string;
}

/** Where AWS is asked for a stage, and by which flag or variable. */
export function awsAddressOf(stage: string, endpointUrl: string | undefined, awsPort: string): AwsAddress {
  if (endpointUrl !== undefined) return { url: endpointUrl, movedBy: '--endpoint-url' };
  if (stage === 'local') return { url: `http://127.0.0.1:${awsPort}`, movedBy: 'PRESSRUN_AWS_PORT' };
  return { url: process.env['AWS_ENDPOINT_URL'], movedBy: 'AWS_ENDPOINT_URL' };
}

/**
 * The hint in the error message if the edge or a webhook endpoint does not answer. `stage` is undefined if `flag` named
 * the address.
 */
export function addressHint(stage: string | undefined, variable: string, flag: string): string {
  if (stage === 'local') return `is "npm start" running, and ${variable} its port? ${flag} names another address`;
  return stage === undefined
    ? `is ${flag} right?`
    : `the address is the one in the outputs of the stack pressrun-${stage}; ${flag} names another`;
}
