import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import type { NarrationPoll } from '../../../shared/audio/ports.ts';
import { pollOf, sqsNarrationQueue, type NarrationMessage } from '../../../shared/aws/sqs.ts';

test('a poll is a message as the first release wrote it, and is read again', async () => {
  const bodies: string[] = [];
  const sqs = new SQSClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  sqs.middlewareStack.add(
    () => (args) => {
      bodies.push((args.input as { readonly MessageBody: string }).MessageBody);
      return Promise.resolve({ response: undefined, output: { $metadata: {} } });
    },
    { step: 'initialize' },
  );
  const poll: NarrationPoll = { articleId: 'a', polls: 3, correlationId: 'c' };
  await sqsNarrationQueue(sqs, 'https://sqs.example.com/1/narrate').enqueue(poll, 0);
  const [message] = bodies.map((body) => JSON.parse(body) as NarrationMessage);
  expect(message).toEqual({ articleId: 'a', looks: 3, correlationId: 'c' });
  expect(message && pollOf(message)).toEqual(poll);
});
