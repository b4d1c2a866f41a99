import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bus } from '../../infra/bus.ts';
import { Monitoring } from '../../infra/monitoring.ts';
import { stageNamed } from '../../infra/stage.ts';
import { Subscription } from '../../infra/subscription.ts';
import type { Destination, SubscriptionProps } from '../../infra/subscription.ts';
import { WorkQueue } from '../../infra/work-queue.ts';
import { matches } from '../../tools/laptop/events/event-pattern.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { announcementTypes, patternOf, type AnnouncementType } from '../../shared/events/subscription.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { synthesise } from './synthesised.ts';

const stage = stageNamed('dev');
const canaryId = articleIdOf(canaryUri);

function templateOf(to: (stack: Stack) => Destination, interest: Partial<SubscriptionProps> = {}): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Small');
  const bus = new Bus(stack, 'Bus', { stage, archiveFor: Duration.days(1) });
  new Subscription(stack, 'Wanted', {
    stage,
    bus,
    name: 'search',
    events: ['article.live', 'article.withdrawn'],
    ...interest,
    to: to(stack),
  });
  new Monitoring(stack, 'Monitoring', { stage });
  return Template.fromStack(stack);
}

const workQueue = (stack: Stack): Destination => ({
  queue: new WorkQueue(stack, 'Queue', {
    stage,
    name: 'search',
    workTimeout: Duration.seconds(10),
    maxReceiveCount: 5,
    staleAfter: Duration.minutes(5),
  }),
});

const arnOf = (id: string): object => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(id), 'Arn'] });
const deadLetters = (id: string): object => ({
  DeadLetterConfig: { Arn: arnOf(id) },
  RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
});

/** Announcements that cannot be delivered are kept, and an alarm rings. */
function expectAlarms(template: Template, queueName: string): void {
  template.hasResourceProperties('AWS::SQS::Queue', { QueueName: queueName, MessageRetentionPeriod: 1_209_600 });
  for (const metric of ['FailedInvocations', 'InvocationsFailedToBeSentToDlq']) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Dimensions: Match.arrayWith([{ Name: 'RuleName', Value: 'pressrun-dev-to-search' }]),
    });
  }
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: Match.stringLikeRegexp('DeadLetters-a-dead-letter-queue-is-not-empty$'),
  });
}

describe('a subscription', () => {
  test('of a pipeline function sends to its work queue, and undeliverable events to that queue’s dead-letter queue', () => {
    const template = templateOf(workQueue);
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pressrun-dev-to-search',
      EventPattern: {
        source: ['pressrun'],
        'detail-type': ['article.live', 'article.withdrawn'],
        detail: { articleId: [{ 'anything-but': canaryId }] },
      },
      Targets: [Match.objectLike({ Arn: arnOf('^Queue[0-9A-F]{8}$'), ...deadLetters('^QueueDeadLetters') })],
    });
    expectAlarms(template, 'pressrun-dev-search-dlq');
  });

  test('selects by section, topic and genre, and includes changes of articles that leave them', () => {
    const template = templateOf(workQueue, {
      sections: ['News/World'],
      topics: ['Climate Change'],
      genres: ['Explainer'],
    });
    const feeds = ['section/news/world', 'topic/climate-change', 'genre/explainer'];
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { $or: [{ feeds }, { leftFeeds: feeds }] } },
    });
  });

  test.each<[AnnouncementType, object]>([
    ['article.live', { articleId: canaryId, uri: canaryUri, feeds: [] }],
    ['article.fresh', { articleId: canaryId }],
    ['feed.changed', { articleId: canaryId, feeds: [] }],
    ['cdn.purged', { tags: [`article:${canaryId}`], articles: [{ articleId: canaryId }] }],
  ])('excludes the canary unless withCanary is set: %s', (type, detail) => {
    const event = (about: object): object => ({ source: 'pressrun', 'detail-type': type, detail: about });
    expect(matches(patternOf({ events: announcementTypes }), event(detail))).toBe(false);
    expect(matches(patternOf({ events: [type] }), event(detail))).toBe(false);
    expect(matches(patternOf({ events: announcementTypes }, { withCanary: true }), event(detail))).toBe(true);
    const another = JSON.parse(JSON.stringify(detail).replaceAll(canaryId, 'alf6qorao7d3ib4p')) as object;
    expect(matches(patternOf({ events: announcementTypes }), event(another))).toBe(true);
    expect(matches(patternOf({ events: [type] }), event(another))).toBe(true);
  });

  test('includes rejections, and purges that the canary shares with others', () => {
    const pattern = patternOf({ events: announcementTypes });
    expect(
      matches(pattern, { source: 'pressrun', 'detail-type': 'article.rejected', detail: { eventId: 'x', errors: [] } }),
    ).toBe(true);
    expect(
      matches(pattern, {
        source: 'pressrun',
        'detail-type': 'cdn.purged',
        detail: { tags: [`article:${canaryId}`, 'feed:latest'], articles: [] },
      }),
    ).toBe(true);
  });

  test('of a function has a queue in between, so that failed events are retried', () => {
    const template = templateOf((stack) => ({
      function: new Function(stack, 'Function', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('//'),
      }),
      workTimeout: Duration.seconds(30),
    }));
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({ Arn: arnOf('^WantedQueue[0-9A-F]{8}$'), ...deadLetters('^WantedQueueDeadLetters') }),
      ],
    });
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'pressrun-dev-to-search', VisibilityTimeout: 180 });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('^WantedQueue[0-9A-F]{8}$'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expectAlarms(template, 'pressrun-dev-to-search-dlq');
  });

  test('of a queue or bus in another account has a dead-letter queue of its own', () => {
    const queue = templateOf(() => ({ queueArn: 'arn:aws:sqs:eu-west-1:123456789012:theirs' }));
    queue.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          Arn: 'arn:aws:sqs:eu-west-1:123456789012:theirs',
          ...deadLetters('^WantedQueueDeadLetters'),
        }),
      ],
    });
    expectAlarms(queue, 'pressrun-dev-to-search-dlq');
    const bus = templateOf(() => ({ busArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/partner' }));
    bus.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          Arn: 'arn:aws:events:eu-west-1:123456789012:event-bus/partner',
          RoleArn: arnOf('^Wanted'),
          DeadLetterConfig: { Arn: arnOf('^WantedQueueDeadLetters') },
        }),
      ],
    });
    expectAlarms(bus, 'pressrun-dev-to-search-dlq');
  });

  test('of an address with a key keeps the key in Secrets Manager alone', () => {
    const template = templateOf(() => ({
      apiDestination: { url: 'https://search.example.com/pressrun', header: 'X-Api-Key' },
    }));
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: arnOf('^WantedApiDestination'), ...deadLetters('^WantedQueueDeadLetters') })],
    });
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: 'https://search.example.com/pressrun',
      HttpMethod: 'POST',
    });
    template.hasResourceProperties('AWS::Events::Connection', {
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'X-Api-Key',
          ApiKeyValue: {
            'Fn::Join': [
              '',
              ['{{resolve:secretsmanager:', { Ref: Match.stringLikeRegexp('^WantedSecret') }, Match.anyValue()],
            ],
          },
        },
      },
    });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'pressrun-dev-to-search' });
    expectAlarms(template, 'pressrun-dev-to-search-dlq');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"ApiKeyValue":"/);
  });

  test('of a webhook has a function of its own, which may read its own secret and nothing else', () => {
    const template = templateOf(() => ({ webhook: 'https://search.example.com/pressrun' }));
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({ Arn: arnOf('^WantedQueue[0-9A-F]{8}$'), ...deadLetters('^WantedQueueDeadLetters') }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pressrun-dev-tell-search',
      Environment: {
        Variables: {
          SUBSCRIBER: 'search',
          WEBHOOK_URL: 'https://search.example.com/pressrun',
          SECRET_PREFIX: 'pressrun-dev-to-',
          QUEUE_URL: { Ref: Match.stringLikeRegexp('^WantedQueue') },
        },
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'secretsmanager:GetSecretValue',
            Effect: 'Allow',
            Resource: { Ref: Match.stringLikeRegexp('^WantedSecret') },
          },
          { Action: 'sqs:ChangeMessageVisibility', Effect: 'Allow', Resource: arnOf('^WantedQueue[0-9A-F]{8}$') },
        ]),
      },
    });
    expectAlarms(template, 'pressrun-dev-to-search-dlq');
  });

  test('of every kind can be set in the context', () => {
    const events = ['article.live'];
    const { template } = synthesise({
      stage: 'dev',
      subscriptions: JSON.stringify({
        own: { events, queue: true },
        theirs: { events, queue: 'arn:aws:sqs:eu-west-1:123456789012:theirs' },
        code: { events, function: 'arn:aws:lambda:eu-west-1:123456789012:function:index' },
        partner: { events, bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/partner' },
        hook: { events, webhook: 'https://search.example.com/pressrun' },
        key: { events, apiDestination: { url: 'https://search.example.com/pressrun', header: 'X-Api-Key' } },
      }),
    });
    for (const name of ['own', 'theirs', 'code', 'partner', 'hook', 'key']) {
      template.hasResourceProperties('AWS::Events::Rule', {
        Name: `pressrun-dev-to-${name}`,
        Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
      });
      template.hasResourceProperties('AWS::SQS::Queue', { QueueName: `pressrun-dev-to-${name}-dlq` });
    }
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionName: 'index' });
  });
});
