import { describe, expect, test } from '@jest/globals';
import { sources } from '../../shared/cms/sources.ts';
import { resourcesOf, synthesise } from './synthesised.ts';
import type { Statement } from './synthesised.ts';

describe('permissions', () => {
  const dev = synthesise({ stage: 'dev' });
  const policies = resourcesOf(dev, 'AWS::IAM::Policy');

  const list = <T>(value: T | readonly T[]): readonly T[] =>
    Array.isArray(value) ? (value as readonly T[]) : [value as T];

  /** The last literal end of a resource's ARN, enough to see a wildcard: `{"Fn::Join": ["", [ARN, "/stream/*"]]}` → `/stream/*`. */
  function endOf(resource: unknown): string {
    if (typeof resource === 'string') {
      return resource;
    }
    const join = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
    const last = join?.[1].at(-1);
    return typeof last === 'string' ? last : '';
  }

  /** Permissions without a resource name, and why they still cannot reach other resources. */
  const WILDCARDS = new Set([
    // The schedule's name is made of the article and the instant; the group belongs to Pressrun.
    ':schedule/pressrun-dev/*',
    // Lambda asks which streams this one table has; a stream's name is the time at which it was made.
    '/stream/*',
    // The payload's name is its digest, and the bucket belongs to Pressrun.
    '/*',
  ]);

  test('no policy has a wildcard where a name is possible', () => {
    const documents = [
      ...policies,
      ...resourcesOf(dev, 'AWS::SQS::QueuePolicy'),
      ...resourcesOf(dev, 'AWS::SNS::TopicPolicy'),
    ];
    const wild = documents.flatMap(({ id, properties }) =>
      properties.PolicyDocument.Statement.flatMap(({ Resource }) => list(Resource))
        .map(endOf)
        .filter((end) => end.includes('*') && !WILDCARDS.has(end))
        .map((end) => `${id}: ${end}`),
    );
    expect(wild).toEqual([]);
  });

  test('no allowed action is a wildcard', () => {
    const wild = policies.flatMap(({ id, properties }) =>
      properties.PolicyDocument.Statement.flatMap(({ Action }) => list(Action))
        .filter((action) => action.includes('*'))
        .map((action) => `${id}: ${action}`),
    );
    expect(wild).toEqual([]);
  });

  test('no function may create a log group, which would outlive its stack', () => {
    const made = policies
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .flatMap(({ Action }) => list(Action))
      .filter((action) => action === 'logs:CreateLogGroup');
    expect(made).toEqual([]);
  });

  test('no role has managed or inline policies beyond those tested here', () => {
    for (const { properties } of resourcesOf(dev, 'AWS::IAM::Role')) {
      expect(properties.ManagedPolicyArns).toBeUndefined();
      expect(properties.Policies).toBeUndefined();
    }
  });

  /** The permissions of a function, except its log and its event sources. */
  function rightsOf(name: string, from = dev): string[] {
    const role = resourcesOf(from, 'AWS::Lambda::Function').find(
      ({ properties }) => properties.FunctionName === `pressrun-dev-${name}`,
    )?.properties.Role['Fn::GetAtt'][0];
    const statements = resourcesOf(from, 'AWS::IAM::Policy')
      .filter(({ properties }) => properties.Roles.some(({ Ref }) => Ref === role))
      .flatMap(({ properties }) => properties.PolicyDocument.Statement);
    return statements
      .flatMap(({ Action, Resource }: Statement) =>
        list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${nameOf(resource)}`)),
      )
      .filter(
        (right) =>
          !/^(logs:|sqs:(Receive|Delete|Change|GetQueue)|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams))/.test(
            right,
          ),
      )
      .sort();
  }

  function nameOf(resource: unknown): string {
    const attribute = (resource as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt'];
    if (attribute !== undefined) {
      return attribute[0].replace(/[0-9A-F]{8}$/, '');
    }
    const parts = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [resource];
    return parts
      .map((part) => {
        const { Ref, 'Fn::GetAtt': inner } = (typeof part === 'string' ? {} : part) as {
          Ref?: string;
          'Fn::GetAtt'?: [string, string];
        };
        return typeof part === 'string' ? part : (Ref ?? inner?.[0] ?? '?').replace(/^AWS::.*|[0-9A-F]{8}$/, '');
      })
      .join('');
  }

  describe('a function may do exactly this', () => {
    const settle = [
      'dynamodb:GetItem ArticlesTable',
      'dynamodb:PutItem ArticlesTable',
      'dynamodb:Query ArticlesTable',
      'dynamodb:UpdateItem ArticlesTable',
    ];
    const scheduleSettle = [
      'iam:PassRole ReleaseScheduler',
      'scheduler:CreateSchedule arn::scheduler:::schedule/pressrun-dev/*',
      'sqs:SendMessage ReleaseQueue',
    ];

    test.each<[string, string[]]>([
      [
        'store',
        [
          ...settle,
          ...scheduleSettle,
          'events:PutEvents Bus',
          'sqs:SendMessage IntakeQueueDeadLetters',
          's3:GetObject PayloadsBucket/*',
          's3:ListBucket PayloadsBucket',
        ],
      ],
      [
        'ingest',
        [
          'events:PutEvents Bus',
          's3:PutObject PayloadsBucket/*',
          ...sources.map(({ name }) => `secretsmanager:GetSecretValue IngestSecret${name}`),
        ],
      ],
      [
        'sweep',
        [
          'dynamodb:GetItem ArticlesTable',
          'dynamodb:GetItem FeedsTable',
          'dynamodb:PutItem ArticlesTable',
          'dynamodb:Query ArticlesTable',
          'dynamodb:Query FeedsTable',
          'events:PutEvents Bus',
          's3:PutObject PayloadsBucket/*',
          ...sources.map(({ name }) => `secretsmanager:GetSecretValue IngestSecret${name}`),
        ],
      ],
      ['release', [...settle, ...scheduleSettle]],
      [
        'project',
        [
          'dynamodb:GetItem ArticlesTable',
          'dynamodb:PutItem FeedsTable',
          'events:PutEvents Bus',
          'sqs:SendMessage ProjectRetryQueue',
          'sqs:SendMessage PurgeQueue',
          'sqs:SendMessage PurgeUrgentQueue',
          // Lambda sends records that it gave up to the stream's dead-letter queue, with the function's role.
          'sqs:SendMessage ProjectStreamDeadLetters',
        ],
      ],
      [
        'reconcile',
        [
          ...settle,
          ...scheduleSettle,
          'dynamodb:Scan ArticlesTable',
          'dynamodb:DeleteItem ArticlesTable',
          'dynamodb:GetItem FeedsTable',
          'dynamodb:PutItem FeedsTable',
          'dynamodb:Scan FeedsTable',
          'events:PutEvents Bus',
          'sqs:SendMessage PurgeQueue',
          'sqs:SendMessage ReconcileQueue',
        ],
      ],
      [
        'purge',
        ['cloudfront:CreateInvalidation arn::cloudfront:::distribution/EdgeDistribution', 'events:PutEvents Bus'],
      ],
      [
        'watch',
        [
          'dynamodb:GetItem ArticlesTable',
          'dynamodb:PutItem ArticlesTable',
          'dynamodb:Query ArticlesTable',
          'dynamodb:UpdateItem ArticlesTable',
          'events:PutEvents Bus',
          'sqs:SendMessage WatchQueue',
        ],
      ],
      [
        'deliver',
        [
          'dynamodb:GetItem ArticlesTable',
          'dynamodb:GetItem FeedsTable',
          'dynamodb:Query ArticlesTable',
          'dynamodb:Query FeedsTable',
          'secretsmanager:GetSecretValue EdgePreviewSecret',
        ],
      ],
    ])('%s', (name, rights) => {
      expect(rightsOf(name)).toEqual(rights.sort());
    });
  });

  test('only rows of the schedule index may be deleted, and only by reconcile', () => {
    const deleting = policies
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Action }) => list(Action).includes('dynamodb:DeleteItem'));
    expect(deleting.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['due#*'] } },
    ]);
  });

  test('the scheduler role can be passed to the scheduler only, and may only send to the release queue', () => {
    const passed = policies
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Action }) => list(Action).includes('iam:PassRole'));
    expect(passed).toHaveLength(3);
    for (const { Condition } of passed) {
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
    }
    const scheduler = policies.filter(({ properties }) =>
      properties.Roles.some(({ Ref }) => /^ReleaseScheduler[0-9A-F]{8}$/.test(Ref)),
    );
    const sends = scheduler
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .flatMap(({ Resource }) => list(Resource).map(nameOf));
    expect(sends).toEqual(['ReleaseQueue']);
  });

  test('ingest, which is public, may not read the keys of CMS APIs; sweep may, under their new and former names', () => {
    const withGhost = synthesise({
      sources: JSON.stringify({ ghost: { url: 'https://blog.example.com' }, ninjs: {} }),
    });
    const found = (template: ReturnType<typeof synthesise>['template'], named: RegExp): string[] =>
      (Object.values(template.findResources('AWS::SecretsManager::Secret')) as { Properties: { Name: string } }[])
        .map(({ Properties }) => Properties.Name)
        .filter((name) => named.test(name));
    expect(found(withGhost.template, /-sweep-/)).toEqual(['pressrun-dev-sweep-ghost']);
    expect(found(dev.template, /-sweep-/)).toEqual([]);
    const secretsOf = (name: string): string[] =>
      rightsOf(name, withGhost).flatMap((right) => /^secretsmanager:GetSecretValue (.*)$/.exec(right)?.[1] ?? []);
    const webhooks = sources.map(({ name }) => `IngestSecret${name}`).sort();
    expect(secretsOf('ingest')).toEqual(webhooks);
    expect(secretsOf('sweep')).toEqual([...webhooks, 'SweepKeyghost']);
  });
});
