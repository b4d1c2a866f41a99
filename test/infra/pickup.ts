import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { everything } from './settings-at-bounds.ts';
import { resourcesOf, synthesise } from './synthesised.ts';

describe('files that agencies deliver', () => {
  const managed = synthesise(everything);
  const existing = synthesise({ stage: 'dev', dropBucket: 'agency-files' });
  const bucketId = Object.keys(
    managed.template.findResources('AWS::S3::Bucket', {
      Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
    }),
  );

  test('have nothing in the stack by default', () => {
    const bare = synthesise({ stage: 'dev' });
    expect(JSON.stringify(bare.template.toJSON())).not.toContain('pickup');
  });

  test('arrive in a locked bucket that keeps them for longer than its events can wait', () => {
    expect(bucketId).toHaveLength(1);
    managed.template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({
            ExpirationInDays: 30,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: 'Enabled',
          }),
        ],
      },
    });
    managed.template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: bucketId[0] },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('or in a bucket that is there already', () => {
    existing.template.resourceCountIs('AWS::S3::Bucket', 1);
    existing.template.hasOutput('DropBucketName', { Value: 'agency-files' });
  });

  test.each([
    ['managed', managed, { Ref: bucketId[0] }, 'pressrun-prod-pickup'],
    ['existing', existing, 'agency-files', 'pressrun-dev-pickup'],
  ] as const)(
    'are announced by a rule on the default bus, which S3 sends to (%s)',
    (_, { template }, name, ruleName) => {
      template.hasResourceProperties('AWS::Events::Rule', {
        Name: ruleName,
        EventBusName: 'default',
        EventPattern: {
          source: ['aws.s3'],
          'detail-type': ['Object Created'],
          detail: { bucket: { name: [name] }, object: { key: [{ prefix: 'drop/' }] } },
        },
        Targets: [
          Match.objectLike({
            Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PickupQueue'), 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PickupQueueDeadLetters'), 'Arn'] } },
          }),
        ],
      });
    },
  );

  test('whose rule fails raise an alarm, by the only dimension of metrics of the default bus', () => {
    for (const MetricName of ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'])
      existing.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName,
        Dimensions: [{ Name: 'RuleName', Value: 'pressrun-dev-pickup' }],
      });
  });

  test('that are rejected raise an alarm with the first', () => {
    existing.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PickupQueueDeadLetters'), 'QueueName'] },
        },
      ],
      Threshold: 1,
    });
  });

  test('can be read, in their folder only, by a function that can read no secret and write no file', () => {
    const policies = resourcesOf(existing, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('PickupRole'));
    const statements = policies.flatMap(({ properties }) => properties.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:PutObject',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    expect(statements.find(({ Action }) => [Action].flat().includes('s3:GetObject'))?.Resource).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::agency-files/drop/*']],
    });
    const reading = resourcesOf(existing, 'AWS::IAM::Policy').filter(({ properties }) =>
      JSON.stringify(properties).includes('agency-files'),
    );
    expect(reading.map(({ id }) => id)).toEqual(policies.map(({ id }) => id));
  });
});
