import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pressrun } from './commands.ts';
import type { DeployedStack } from './deployed-stack.ts';

/** Compares what the deployment made with the template. */
export function testMadeResources(stack: () => DeployedStack): void {
  test('tables have keys, a stream, expiry and on-demand billing', async () => {
    const { moto } = stack();
    for (const { name, properties } of stack().all<Record<string, unknown>>('AWS::DynamoDB::Table')) {
      const { Table } = await moto.ask<{ Table: Record<string, unknown> }>(
        'dynamodb',
        'DynamoDB_20120810.DescribeTable',
        { TableName: name },
      );
      expect(Table).toMatchObject({
        TableName: properties['TableName'],
        KeySchema: properties['KeySchema'],
        AttributeDefinitions: expect.arrayContaining(properties['AttributeDefinitions'] as object[]),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        ...(properties['StreamSpecification'] !== undefined && {
          StreamSpecification: properties['StreamSpecification'],
        }),
      });
    }
  });

  test('switch-table configures a restored table like the stack’s own, and a second call changes nothing', async () => {
    const { moto, env } = stack();
    const switchTable = async (...more: string[]): Promise<{ states: string[]; streamArn?: string }> => {
      const { output } = await pressrun(
        env,
        ...['--stage', 'prod', '--articles-table', 'pressrun-dev-articles', '--json', 'switch-table', 'restored'],
        ...more,
      );
      const { steps, ...prepared } = JSON.parse(output) as { steps: { state: string }[]; streamArn?: string };
      return { ...prepared, states: [...new Set(steps.map(({ state }) => state))] };
    };
    const restore = ['--restore-to', '2026-11-24T18:00:00Z'];
    expect(await switchTable(...restore, '--dry-run')).toMatchObject({ states: ['to do'] });
    const prepared = await switchTable(...restore, '--yes');
    expect(prepared).toMatchObject({
      states: ['done'],
      streamArn: expect.stringContaining(':table/restored/stream/'),
    });
    expect(await switchTable('--yes')).toMatchObject({ states: ['already'], streamArn: prepared.streamArn });
    const asked = { TableName: 'restored' };
    expect(await moto.ask('dynamodb', 'DynamoDB_20120810.DescribeTable', asked)).toMatchObject({
      Table: { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
    });
    expect(await moto.ask('dynamodb', 'DynamoDB_20120810.DescribeTimeToLive', asked)).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
    await moto.ask('dynamodb', 'DynamoDB_20120810.UpdateTable', { ...asked, DeletionProtectionEnabled: false });
    await moto.ask('dynamodb', 'DynamoDB_20120810.DeleteTable', asked);
  });

  test('queues have encryption, visibility timeouts, retention and the dead-letter queue of their name', async () => {
    const { moto } = stack();
    interface QueueProperties {
      readonly QueueName: string;
      readonly VisibilityTimeout?: number;
      readonly MessageRetentionPeriod?: number;
      readonly RedrivePolicy?: { readonly deadLetterTargetArn: unknown; readonly maxReceiveCount: number };
    }
    for (const { name, properties } of stack().all<QueueProperties>('AWS::SQS::Queue')) {
      expect(name.endsWith(`/${properties.QueueName}`)).toBe(true);
      const { Attributes } = await moto.ask<{ Attributes: Record<string, string> }>(
        'sqs',
        'AmazonSQS.GetQueueAttributes',
        { QueueUrl: name, AttributeNames: ['All'] },
      );
      expect(Attributes).toMatchObject({
        SqsManagedSseEnabled: 'true',
        ...(properties.VisibilityTimeout !== undefined && {
          VisibilityTimeout: String(properties.VisibilityTimeout),
        }),
        ...(properties.MessageRetentionPeriod !== undefined && {
          MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
        }),
      });
      const redrive = Attributes['RedrivePolicy'];
      expect(redrive === undefined ? undefined : (JSON.parse(redrive) as object)).toEqual(
        properties.RedrivePolicy && {
          ...properties.RedrivePolicy,
          deadLetterTargetArn: stack().resolved(properties.RedrivePolicy.deadLetterTargetArn),
        },
      );
    }
  });

  test('the bus has its rules with patterns and targets, and its archive', async () => {
    const { moto } = stack();
    interface RuleProperties {
      readonly Name: string;
      readonly EventPattern: object;
      readonly Targets: readonly {
        readonly Arn: unknown;
        readonly DeadLetterConfig: { readonly Arn: unknown };
        readonly RetryPolicy: object;
      }[];
    }
    const { EventBuses } = await moto.ask<{ EventBuses: { Name: string }[] }>('events', 'AWSEvents.ListEventBuses');
    expect(EventBuses.map(({ Name }) => Name).sort()).toEqual(['default', 'pressrun-dev']);
    const on = { EventBusName: 'pressrun-dev' };
    for (const { properties } of stack().all<RuleProperties>('AWS::Events::Rule')) {
      const rule = await moto.ask<{ EventPattern: string; State: string }>('events', 'AWSEvents.DescribeRule', {
        ...on,
        Name: properties.Name,
      });
      expect({ ...rule, EventPattern: JSON.parse(rule.EventPattern) as object }).toMatchObject({
        State: 'ENABLED',
        EventPattern: properties.EventPattern,
      });
      const { Targets } = await moto.ask<{ Targets: object[] }>('events', 'AWSEvents.ListTargetsByRule', {
        ...on,
        Rule: properties.Name,
      });
      expect(Targets).toMatchObject(
        properties.Targets.map(({ Arn, DeadLetterConfig, RetryPolicy }) => ({
          Arn: stack().resolved(Arn),
          DeadLetterConfig: { Arn: stack().resolved(DeadLetterConfig.Arn) },
          RetryPolicy,
        })),
      );
    }
    const archive = await moto.ask<{ EventPattern: string }>('events', 'AWSEvents.DescribeArchive', {
      ArchiveName: 'pressrun-dev',
    });
    expect(archive).toMatchObject({
      RetentionDays: 30,
      EventSourceArn: expect.stringMatching(/event-bus\/pressrun-dev$/),
    });
    expect(JSON.parse(archive.EventPattern)).toMatchObject({ source: [{ 'anything-but': ['pressrun'] }] });
  });

  test('functions have the code, environment and size of the template', async () => {
    const { moto, assembly } = stack();
    interface FunctionProperties {
      readonly FunctionName: string;
      readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
      readonly Code: { readonly S3Bucket: unknown; readonly S3Key: string };
    }
    for (const { name, properties } of stack().all<FunctionProperties>('AWS::Lambda::Function')) {
      const { FunctionName, Environment, Code, ...rest } = properties;
      expect(name).toBe(FunctionName);
      const { Configuration } = await moto.read<{
        Configuration: { readonly CodeSize: number; readonly Environment: typeof Environment };
      }>('lambda', `/2015-03-31/functions/${name}`);
      // moto keeps no architecture; test/infra looks at that.
      const { Runtime, Handler, MemorySize, Timeout } = rest as Record<string, unknown>;
      expect(Configuration).toMatchObject({ Runtime, Handler, MemorySize, Timeout });
      expect(Configuration.CodeSize).toBeGreaterThan(1000);
      expect(Object.keys(Configuration.Environment.Variables).sort()).toEqual(
        Object.keys(Environment.Variables).sort(),
      );
      for (const [variable, value] of Object.entries(Environment.Variables))
        if (typeof value === 'string') expect(Configuration.Environment.Variables[variable]).toBe(value);
      expect(readdirSync(assembly)).toContain(`asset.${Code.S3Key.replace(/\.zip$/, '')}`);
    }
  });

  test('event source mappings report failures message by message', async () => {
    const { moto } = stack();
    interface MappingProperties {
      readonly EventSourceArn: unknown;
      readonly FunctionName: { readonly Ref: string };
      readonly BatchSize: number;
      readonly FunctionResponseTypes: readonly string[];
    }
    const { EventSourceMappings } = await moto.read<{ EventSourceMappings: object[] }>(
      'lambda',
      '/2015-03-31/event-source-mappings/',
    );
    const mappings = stack().all<MappingProperties>('AWS::Lambda::EventSourceMapping');
    expect(EventSourceMappings).toHaveLength(mappings.length);
    for (const { properties } of mappings) {
      expect(EventSourceMappings).toContainEqual(
        expect.objectContaining({
          EventSourceArn: stack().resolved(properties.EventSourceArn),
          FunctionArn: expect.stringMatching(new RegExp(`:${String(stack().resolved(properties.FunctionName))}$`)),
          BatchSize: properties.BatchSize,
          FunctionResponseTypes: properties.FunctionResponseTypes,
        }),
      );
    }
  });

  test('log groups expire, buckets are encrypted, and alarms have a topic', async () => {
    const { moto } = stack();
    const { logGroups } = await moto.ask<{ logGroups: { logGroupName: string; retentionInDays?: number }[] }>(
      'logs',
      'Logs_20140328.DescribeLogGroups',
    );
    expect(
      Object.fromEntries(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])),
    ).toEqual(
      Object.fromEntries(
        stack()
          .all<{ LogGroupName: string; RetentionInDays: number }>('AWS::Logs::LogGroup')
          .map(({ properties }) => [properties.LogGroupName, properties.RetentionInDays]),
      ),
    );
    // moto has no other property of a bucket. test/infra checks that it is private.
    for (const { name } of stack().all('AWS::S3::Bucket'))
      expect(await moto.text('s3', `/${name}?encryption`)).toContain('AES256');
    expect(await moto.form('sns', { Action: 'ListTopics', Version: '2010-03-31' })).toContain(':pressrun-dev-alarms<');
  });

  test('roles have their policies', async () => {
    const { moto } = stack();
    for (const { name } of stack().all('AWS::IAM::Role')) {
      expect(await moto.form('iam', { Action: 'ListRolePolicies', Version: '2010-05-08', RoleName: name })).toMatch(
        /<member>.+<\/member>/,
      );
      expect(
        await moto.form('iam', { Action: 'ListAttachedRolePolicies', Version: '2010-05-08', RoleName: name }),
      ).not.toContain('<member>');
    }
  });
}
