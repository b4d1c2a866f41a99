import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('routing', () => {
  const dev = synthesise({ stage: 'dev' });
  const { template } = dev;

  const arnOf = (id: string): object => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(id), 'Arn'] });

  test('events for store are routed from the bus to store, and announcements are not', () => {
    const intoStore = template.findResources('AWS::Events::Rule', {
      Properties: { Targets: [Match.objectLike({ Arn: arnOf('^IntakeQueue') })] },
    });
    expect(Object.keys(intoStore)).toHaveLength(1);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: [{ 'anything-but': ['pressrun'] }],
        'detail-type': [{ prefix: 'article.' }, { prefix: 'front.' }],
      },
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: arnOf('^IntakeQueue[0-9A-F]{8}$'),
          DeadLetterConfig: { Arn: arnOf('^BusDeadLetters') },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        }),
      ],
    });
  });

  test('the archive keeps incoming events and no announcements', () => {
    template.hasResourceProperties('AWS::Events::Archive', {
      EventPattern: { source: [{ 'anything-but': ['pressrun'] }] },
      RetentionDays: 30,
    });
    synthesise({ archiveDays: '365' }).template.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 365 });
  });

  test('project reads records of heads from the start of the stream, and failed records go to a queue', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ArticlesTable'), 'StreamArn'] },
      FunctionName: { Ref: Match.stringLikeRegexp('^ProjectFunction') },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: Match.absent(),
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ParallelizationFactor: 10,
      DestinationConfig: { OnFailure: { Destination: arnOf('^ProjectStreamDeadLetters') } },
    });
    const patterns = resourcesOf(dev, 'AWS::Lambda::EventSourceMapping').flatMap(
      ({ properties }) => properties.FilterCriteria?.Filters ?? [],
    );
    expect(patterns.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
      { dynamodb: { Keys: { sk: { S: ['head'] } } } },
    ]);
  });

  test('scheduled settles have a schedule group, and a role that only this group may assume', () => {
    template.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'pressrun-dev' });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReleaseSchedules'), 'Arn'] },
              },
            },
          },
        ],
      },
    });
  });

  test('outputs name the addresses that an operator and a CMS need', () => {
    const { Outputs } = template.toJSON() as { Outputs: Record<string, unknown> };
    expect(Object.keys(Outputs).sort()).toEqual([
      'AlarmTopicArn',
      'ArticlesTableName',
      'BusName',
      'DistributionDomainName',
      'DistributionId',
      'FeedsTableName',
      'IngestUrl',
    ]);
  });

  test('every resource is tagged with project and stage', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      Tags: [
        { Key: 'project', Value: 'pressrun' },
        { Key: 'stage', Value: 'dev' },
      ],
    });
  });
});
