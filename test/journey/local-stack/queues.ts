import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { publish, sqs, take, urlOf } from './shared-stack.ts';

describe('queues', () => {
  test('are found by name, and a missing one is the SDK’s QueueDoesNotExist', async () => {
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'small-inbox' }))).QueueUrl).toBe(urlOf('small-inbox'));
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))).rejects.toThrow(QueueDoesNotExist);
  });

  test('keep attributes, count receives and can return a message at once', async () => {
    const QueueUrl = urlOf('small-kept');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'attributed',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'test' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
        },
      }),
    );
    for (const count of ['1', '2']) {
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      expect(message).toMatchObject({
        Body: 'attributed',
        Attributes: { ApproximateReceiveCount: count },
        MessageAttributes: { kind: { StringValue: 'test' }, bytes: { BinaryValue: Uint8Array.from([1, 2]) } },
      });
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
  });

  test('move their dead letters back on request', async () => {
    await publish({ articleId: 'redriven', refuse: true }, { DetailType: 'strict.published' });
    await eventually('a dead letter', async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: urlOf('small-strict-dlq'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Attributes?.['ApproximateNumberOfMessages'] === '0' ? undefined : true;
    });
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: 'arn:aws:sqs:us-east-1:000000000000:small-strict-dlq',
        DestinationArn: 'arn:aws:sqs:us-east-1:000000000000:small-inbox',
      }),
    );
    expect(await take('small-inbox', (body) => body.includes('redriven'))).toContain('redriven');
  });
});
