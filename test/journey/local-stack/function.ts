import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { logged, send, sqs, stack, take, urlOf } from './shared-stack.ts';

describe('a function', () => {
  test('has the environment of the template, and none of this process', async () => {
    await send('small-asked', 'environment');
    const environment = JSON.parse(await take('small-inbox', (body) => body.startsWith('{'))) as Record<
      string,
      unknown
    >;
    expect(environment).toMatchObject({
      GREETING: 'hello-us-east-1',
      INBOX: urlOf('small-inbox'),
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: stack.awsUrl,
      AWS_LAMBDA_FUNCTION_NAME: 'small-odd',
      name: 'small-odd',
    });
    expect(environment).not.toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  test.each(['hang', 'crash'])(
    'that does not return (%s) fails and gets a new process, and its message is received again',
    async (how) => {
      await send('small-asked', how);
      const word = `${how}ing`;
      await take('small-inbox', (body) => body === word);
      await take('small-inbox', (body) => body === word);
      await send('small-asked', 'calls');
      expect(Number((await take('small-inbox', (body) => body.startsWith('calls'))).slice(6))).toBeGreaterThan(0);
      expect(
        logged.some(
          ({ from, level, line }) =>
            from === 'small-odd' &&
            level === 'error' &&
            line.includes(how === 'hang' ? 'Task timed out after 1.00 seconds' : 'crashed'),
        ),
      ).toBe(true);
    },
  );

  test('gets the messages of its batching window as one batch, without those that the filter excludes', async () => {
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: urlOf('small-collected'),
        Entries: [1, 2, 3, 4].map((number) => ({
          Id: String(number),
          MessageBody: JSON.stringify({ number, wanted: number !== 3 }),
        })),
      }),
    );
    expect(await take('small-inbox', (body) => body.startsWith('counted'))).toBe('counted 1,2,4');
    const { Attributes } = await eventually('an empty queue', async () => {
      const found = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf('small-collected'), AttributeNames: ['All'] }),
      );
      return found.Attributes?.['ApproximateNumberOfMessagesNotVisible'] === '0' ? found : undefined;
    });
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:small-collected',
    });
  });
});
