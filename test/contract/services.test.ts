import { createHash } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventBridgeBus } from '../../shared/aws/eventbridge.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3PayloadStore } from '../../shared/aws/s3-payload-store.ts';
import { SchedulerSettleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { laptop, moto, type Services } from './services.ts';

/** Returns the error's code, or the result if there is no error. */
async function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    (answer) => `no error: ${JSON.stringify(answer)}`,
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

/** A message with attributes of these names. */
const attributed = (...names: string[]) => ({
  MessageBody: 'x',
  MessageAttributes: Object.fromEntries(names.map((name) => [name, { DataType: 'String', StringValue: 'x' }])),
});

describe.each([laptop, moto])('$name', (kind) => {
  const onKind = kind.missing === undefined ? describe : describe.skip;
  const skipped = kind.missing === undefined ? '' : ` (skipped: ${kind.missing})`;
  let services: Services;

  if (kind.missing === undefined) {
    beforeAll(async () => {
      services = await kind.open();
    }, 60_000);
    afterAll(async () => {
      await services.close();
    });
  }

  /** Tests of rules that AWS documents, and that moto does not check or answers differently. */
  const strict = kind.name === laptop.name ? test : test.skip;

  onKind(`SQS${skipped}`, () => {
    let sqs: SQSClient;
    const queue = async (name: string): Promise<string> => {
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      return QueueUrl;
    };
    const receive = async (QueueUrl: string, VisibilityTimeout = 30, WaitTimeSeconds = 1) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout,
          WaitTimeSeconds,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      return Messages;
    };

    beforeAll(() => {
      sqs = new SQSClient(services.settings);
    });
    afterAll(() => {
      sqs.destroy();
    });

    test('a received message is hidden, counted, and gone once it is deleted', async () => {
      const QueueUrl = await queue('work');
      const attributes = { kind: { DataType: 'String', StringValue: 'urgent' } };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'Köln 港', MessageAttributes: attributes }));
      const [first] = await receive(QueueUrl);
      expect(first).toMatchObject({
        Body: 'Köln 港',
        MessageAttributes: attributes,
        Attributes: { ApproximateReceiveCount: '1' },
      });
      expect(await receive(QueueUrl, 30, 0)).toEqual([]);
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
      );
      const [again] = await receive(QueueUrl);
      expect(again).toMatchObject({ Body: 'Köln 港', Attributes: { ApproximateReceiveCount: '2' } });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
      expect(await receive(QueueUrl, 30, 0)).toEqual([]);
    });

    test('a message that was received as often as the queue allows is moved to its dead-letter queue', async () => {
      const [QueueUrl, deadLetters] = [await queue('work'), await queue('work-dlq')];
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
      for (let time = 0; time < 2; time += 1) expect(await receive(QueueUrl, 0)).toMatchObject([{ Body: 'poison' }]);
      expect(await receive(QueueUrl, 0, 0)).toEqual([]);
      const [dead] = await receive(deadLetters);
      expect(dead?.Body).toBe('poison');
      await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle: dead?.ReceiptHandle }));
    });

    const entries = (count: number, MessageBody = 'x') =>
      Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody }));

    test.each([
      ['no entries', entries(0), 'EmptyBatchRequest'],
      ['eleven entries', entries(11), 'TooManyEntriesInBatchRequest'],
      ['two entries of one id', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
      ['an id with a dot', [{ Id: 'a.b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
      ['more than a megabyte in all', entries(10, 'x'.repeat(110_000)), 'BatchRequestTooLong'],
    ])('a batch with %s is rejected', async (_what, Entries, code) => {
      const asked = sqs.send(new SendMessageBatchCommand({ QueueUrl: await queue('limits'), Entries }));
      expect(await codeOf(asked)).toBe(code);
    });

    strict.each([
      ['a character that XML cannot hold', { MessageBody: '\u0000' }, 'InvalidMessageContents'],
      ['an attribute whose name has a space', attributed('a b'), 'InvalidParameterValue'],
      [
        'eleven attributes',
        attributed(...Array.from({ length: 11 }, (_, index) => `a${index}`)),
        'InvalidParameterValue',
      ],
    ])('a message with %s is rejected as by AWS', async (_what, message, code) => {
      const asked = sqs.send(new SendMessageCommand({ QueueUrl: await queue('limits'), ...message }));
      expect(await codeOf(asked)).toBe(code);
    });

    strict('attributes count for the size of a batch', async () => {
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'x'.repeat(600_000) } };
      const Entries = entries(2).map((entry) => ({ ...entry, MessageAttributes }));
      const asked = sqs.send(new SendMessageBatchCommand({ QueueUrl: await queue('limits'), Entries }));
      expect(await codeOf(asked)).toBe('BatchRequestTooLong');
    });

    test.each([
      ['more than a megabyte', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
      ['a delay of more than fifteen minutes', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
    ])('a message with %s is rejected', async (_what, message, code) => {
      const asked = sqs.send(new SendMessageCommand({ QueueUrl: await queue('limits'), ...message }));
      expect(await codeOf(asked)).toBe(code);
    });

    test('a missing queue is the error QueueDoesNotExist', async () => {
      expect(await codeOf(queue('nowhere'))).toBe('QueueDoesNotExist');
    });
  });

  onKind(`EventBridge${skipped}`, () => {
    let eventBridge: EventBridgeClient;
    const entry = { EventBusName: 'news', Source: 'cms.test', DetailType: 'article.published', Detail: '{}' };
    const put = async (Entries: readonly object[]) =>
      eventBridge.send(new PutEventsCommand({ Entries: Entries.map((each) => ({ ...entry, ...each })) }));

    beforeAll(() => {
      eventBridge = new EventBridgeClient(services.settings);
    });
    afterAll(() => {
      eventBridge.destroy();
    });

    test('a rule’s queue gets the events that match, and no others', async () => {
      const sqs = new SQSClient(services.settings);
      const bus = eventBridgeBus(eventBridge, 'news');
      await bus.put([
        { source: 'cms.test', type: 'article.withdrawn', detail: { uri: 'urn:one' } },
        { source: 'cms.test', type: 'article.published', detail: { uri: 'urn:two', text: '港口' } },
      ]);
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'published' }));
      const { Messages: [message, ...others] = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
      );
      expect(others).toEqual([]);
      expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
        source: 'cms.test',
        'detail-type': 'article.published',
        detail: { uri: 'urn:two', text: '港口' },
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      sqs.destroy();
    });

    test('a call with eleven entries is rejected', async () => {
      const asked = put(Array.from({ length: 11 }, () => ({})));
      expect(await codeOf(asked)).toMatch(/ValidationException|ValidationError/);
    });

    strict('a call without entries is rejected', async () => {
      expect(await codeOf(put([]))).toBe('ValidationException');
    });

    strict('a rule takes five targets', async () => {
      const Targets = Array.from({ length: 5 }, (_, index) => ({ Id: `t${index}`, Arn: services.queueArn('limits') }));
      const asked = eventBridge.send(new PutTargetsCommand({ Rule: 'published', EventBusName: 'news', Targets }));
      expect(await codeOf(asked)).toBe('LimitExceededException');
    });

    test.each([
      ['no JSON', { Detail: '{' }, 'MalformedDetail'],
      ['no source', { Source: '' }, 'InvalidArgument'],
      ['no type', { DetailType: '' }, 'InvalidArgument'],
    ])('an entry with %s fails, and the others succeed', async (_what, wrong, code) => {
      const { FailedEntryCount, Entries } = await put([wrong, {}]);
      expect([FailedEntryCount, Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([1, [code, undefined]]);
    });

    strict.each([
      ['a source of AWS', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
      ['detail that is an array', { Detail: '[]' }, 'MalformedDetail'],
      ['a type of 129 characters', { DetailType: 'x'.repeat(129) }, 'InvalidArgument'],
    ])('an entry with %s fails alone as in AWS', async (_what, wrong, code) => {
      const { Entries } = await put([wrong, {}]);
      expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([code, undefined]);
    });

    strict('a call of more than a megabyte is rejected', async () => {
      const Detail = JSON.stringify({ text: 'x'.repeat(150_000) });
      expect(await codeOf(put(Array.from({ length: 8 }, () => ({ Detail }))))).toBe('ValidationException');
    });
  });

  onKind(`Scheduler${skipped}`, () => {
    let scheduler: SchedulerClient;
    const settle = (now: number): SchedulerSettleSchedule => {
      const { queueArn } = services;
      return new SchedulerSettleSchedule(
        new SQSClient(services.settings),
        services.settings,
        { now: () => now },
        {
          RELEASE_QUEUE_URL: 'unused',
          RELEASE_QUEUE_ARN: queueArn('work'),
          SCHEDULE_GROUP: 'settles',
          SCHEDULE_ROLE_ARN: 'arn:aws:iam::123456789012:role/schedules',
        },
      );
    };
    const given = {
      Name: 'a',
      GroupName: 'settles',
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
    };
    const target = () => ({ Arn: services.queueArn('work'), RoleArn: 'arn:aws:iam::123456789012:role/schedules' });

    beforeAll(() => {
      scheduler = new SchedulerClient(services.settings);
    });
    afterAll(() => {
      scheduler.destroy();
    });

    test('a settle that is scheduled repeatedly has one schedule, at the minute before', async () => {
      const now = Date.now();
      const instant = Date.parse(new Date(now + 90 * 86_400_000).toISOString().slice(0, 16)) + 100_000;
      for (let time = 0; time < 2; time += 1) await settle(now).settleAt('abcdefghijklmnop', instant);
      const minute = new Date(instant - 90_000).toISOString().slice(0, 16);
      const schedule = await scheduler.send(
        new GetScheduleCommand({ GroupName: 'settles', Name: `abcdefghijklmnop-${minute.replace(/[-:]/g, '')}` }),
      );
      expect(schedule).toMatchObject({
        ScheduleExpression: `at(${minute}:00)`,
        ActionAfterCompletion: 'DELETE',
        State: 'ENABLED',
        Target: { Input: '{"articleId":"abcdefghijklmnop"}' },
      });
    });

    test('creating a schedule that exists is a conflict; deleting a missing one is a not-found error', async () => {
      const create = async (): Promise<string> =>
        codeOf(scheduler.send(new CreateScheduleCommand({ ...given, Target: target() })));
      expect(await create()).toMatch(/^no error/);
      expect(await create()).toBe('ConflictException');
      await scheduler.send(new DeleteScheduleCommand({ GroupName: 'settles', Name: 'a' }));
      const gone = scheduler.send(new GetScheduleCommand({ GroupName: 'settles', Name: 'a' }));
      expect(await codeOf(gone)).toBe('ResourceNotFoundException');
    });

    strict('a schedule in a group that is not there is rejected', async () => {
      const asked = scheduler.send(new CreateScheduleCommand({ ...given, Target: target(), GroupName: 'nowhere' }));
      expect(await codeOf(asked)).toBe('ResourceNotFoundException');
    });

    strict.each([
      ['a name of 65 characters', { Name: 'a'.repeat(65) }],
      ['a name with a colon', { Name: 'a:b' }],
      ['an invalid expression', { ScheduleExpression: 'soon' }],
      ['no window', { FlexibleTimeWindow: undefined }],
      ['no role', { Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:work' } }],
    ])('a schedule with %s is rejected', async (_what, wrong) => {
      const asked = scheduler.send(
        new CreateScheduleCommand({ ...given, Target: target(), ...wrong } as ConstructorParameters<
          typeof CreateScheduleCommand
        >[0]),
      );
      expect(await codeOf(asked)).toBe('ValidationException');
    });
  });

  onKind(`S3${skipped}`, () => {
    const bucket = (): Bucket => new Bucket('payloads', { ...services.settings, forcePathStyle: true });

    test('an object is stored byte for byte until it is deleted', async () => {
      const store = s3PayloadStore(bucket());
      const text = JSON.stringify({ text: '港口 – Übergröße'.repeat(1000) });
      expect(await store.fetch('in/one.json')).toBeUndefined();
      await store.put('in/one.json', text);
      await store.put('in/two & <three>.json', '{}');
      expect(await store.fetch('in/one.json')).toBe(text);
      expect(await bucket().keys('in/')).toEqual(['in/one.json', 'in/two & <three>.json']);
      for (let time = 0; time < 2; time += 1) await bucket().remove('in/one.json');
      expect(await bucket().keys('in/')).toEqual(['in/two & <three>.json']);
    });

    test('an object that was overwritten is not read in its former state', async () => {
      const etagOf = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`;
      await bucket().write('state', 'one', {});
      expect(Buffer.from((await bucket().read('state', { IfMatch: etagOf('one') })) ?? []).toString()).toBe('one');
      await bucket().write('state', 'two', {});
      expect(await bucket().read('state', { IfMatch: etagOf('one') })).toBeUndefined();
    });

    strict('a key of more than 1,024 bytes is rejected', async () => {
      const asked = bucket().write('ü'.repeat(513), 'x', {});
      expect(await codeOf(asked)).toBe('KeyTooLongError');
    });

    strict('more than two kilobytes of metadata are rejected', async () => {
      const asked = bucket().write('a', 'x', { Metadata: { 'cache-tag': 'x'.repeat(2048) } });
      expect(await codeOf(asked)).toBe('MetadataTooLarge');
    });
  });

  onKind(`Secrets Manager${skipped}`, () => {
    test('a secret is read by its name, and a missing one is undefined', async () => {
      const client = new SecretsManagerClient(services.settings);
      const secrets = new SecretsManagerSecrets(client, 'pressrun-local-ingest-', { now: Date.now });
      expect(await secrets.secretOf('ghost')).toBe('{"current":"sesame"}');
      expect(await secrets.secretOf('nobody')).toBeUndefined();
      client.destroy();
    });
  });
});
