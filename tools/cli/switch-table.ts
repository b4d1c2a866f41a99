import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceNotFoundException,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { WrongUse } from './exits.ts';

/** Restoring a large table takes hours. */
const longestRestoreSeconds = 24 * 60 * 60;

export interface SwitchOrder {
  /** The table that the stage uses now. */
  readonly from: string;
  readonly to: string;
  /** The instant that `to` is restored to if there is no such table, epoch ms. */
  readonly restoreTo?: number | undefined;
  /** Whether the table is protected as production's is: from deletion, with point-in-time recovery. */
  readonly keepsData: boolean;
  readonly isDryRun: boolean;
}

export interface SwitchStep {
  readonly step: string;
  readonly state: 'already' | 'done' | 'to do';
}

export interface PreparedTable {
  readonly table: string;
  readonly steps: readonly SwitchStep[];
  /** Absent until the table has its stream. */
  readonly streamArn?: string;
}

interface Step {
  readonly step: string;
  readonly isSo: boolean;
  readonly act: () => Promise<unknown>;
}

/**
 * Gives a restored table what the stack's own table has: the stream, the expiry and, in production, the protection. A
 * second call completes what is missing. @throws {WrongUse} There is no such table, or it is not a copy of the articles table.
 */
export async function prepareTable(dynamoDb: DynamoDBClient, order: SwitchOrder): Promise<PreparedTable> {
  const { from, to, restoreTo, isDryRun } = order;
  if (from === to) throw new WrongUse(`the stage uses ${to} already`);
  const found = await described(dynamoDb, to);
  if (!found && restoreTo === undefined)
    throw new WrongUse(`there is no table ${to}: --restore-to <time> makes it from ${from} as it was then`);
  const restore: Step = {
    step: restoreTo === undefined ? 'restored' : `restored from ${from} as of ${new Date(restoreTo).toISOString()}`,
    isSo: found !== undefined,
    act: async () => {
      await dynamoDb.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: from,
          TargetTableName: to,
          ...(restoreTo !== undefined && { RestoreDateTime: new Date(restoreTo) }),
        }),
      );
      await waitUntilTableExists({ client: dynamoDb, maxWaitTime: longestRestoreSeconds }, { TableName: to });
    },
  };
  const steps = [await taken(restore, isDryRun)];
  const table = await described(dynamoDb, to);
  for (const step of await settingsOf(dynamoDb, table, order)) {
    steps.push(await taken(step, isDryRun));
    // A table takes one change at a time.
    if (!isDryRun) await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 600, minDelay: 1 }, { TableName: to });
  }
  const streamArn = (await described(dynamoDb, to))?.LatestStreamArn;
  return { table: to, steps, ...(streamArn !== undefined && { streamArn }) };
}

async function taken({ step, isSo, act }: Step, isDryRun: boolean): Promise<SwitchStep> {
  if (isSo) return { step, state: 'already' };
  if (isDryRun) return { step, state: 'to do' };
  await act();
  return { step, state: 'done' };
}

/** `table` is undefined in a dry run before the restore. */
async function settingsOf(
  dynamoDb: DynamoDBClient,
  table: TableDescription | undefined,
  { to, keepsData }: SwitchOrder,
): Promise<Step[]> {
  const TableName = to;
  if (table) {
    const keys = table.KeySchema?.map(({ AttributeName, KeyType }) => `${AttributeName ?? ''} ${KeyType ?? ''}`);
    if (keys?.join() !== 'articleId HASH,sk RANGE')
      throw new WrongUse(`${to} is no articles table: its keys are ${keys?.join(', ') ?? 'unknown'}`);
    const view = table.StreamSpecification?.StreamViewType;
    if (view !== undefined && view !== 'NEW_AND_OLD_IMAGES')
      throw new WrongUse(
        `the stream of ${to} has ${view}: disable it first, so that one of both images can be enabled`,
      );
  }
  const expiry = table && (await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName })));
  const backups = table && (await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName })));
  const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return [
    {
      step: 'stream of new and old images',
      isSo: table?.StreamSpecification?.StreamEnabled === true,
      act: () =>
        dynamoDb.send(
          new UpdateTableCommand({
            TableName,
            StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
          }),
        ),
    },
    {
      step: 'expiry by expiresAt',
      isSo: /^ENABL/.test(expiry?.TimeToLiveDescription?.TimeToLiveStatus ?? ''),
      act: () =>
        dynamoDb.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
          }),
        ),
    },
    ...(keepsData
      ? [
          {
            step: 'point-in-time recovery',
            isSo: recovery === 'ENABLED',
            act: () =>
              dynamoDb.send(
                new UpdateContinuousBackupsCommand({
                  TableName,
                  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
                }),
              ),
          },
          {
            step: 'protection from deletion',
            isSo: table?.DeletionProtectionEnabled === true,
            act: () => dynamoDb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })),
          },
        ]
      : []),
  ];
}

async function described(dynamoDb: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamoDb.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
