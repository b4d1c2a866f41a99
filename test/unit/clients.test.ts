import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, PutItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { clientSettings } from '../../shared/aws/clients.ts';
import { sendMessage } from '../../shared/aws/sqs.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';

/** Bounds short enough to be waited for; their order of size is that of the real ones. */
const limits = { requestTimeout: 100, maxAttempts: 3 };
const local = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };

let server: Server | undefined;

/** An AWS that answers each request so, in turn, and the last answer again and again. */
async function aws(...answers: readonly ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  let asked = 0;
  const started = createServer((request, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    request.resume();
    answer?.(request, response);
  }).listen({ port: 0, host: '127.0.0.1' });
  server = started;
  await once(started, 'listening');
  const { port } = started.address() as AddressInfo;
  return {
    settings: { ...local, ...clientSettings(limits), endpoint: `http://127.0.0.1:${port}` },
    asked: () => asked,
  };
}

const json = (status: number, body: object) => (_: IncomingMessage, response: ServerResponse) => {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'request-1' })
    .end(JSON.stringify(body));
};
const hangs = (): void => undefined;
const stopsHalfway = (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' }).write('{"Item"');
};

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('a call to AWS', () => {
  test.each([
    ['that is never answered', hangs],
    ['with an answer that stops halfway', stopsHalfway],
  ])('%s is retried, and fails in the end', async (_, answer) => {
    const { settings, asked } = await aws(answer);
    await expect(
      documentClient(settings).send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } })),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked()).toBe(limits.maxAttempts);
  });

  test('that is answered after an attempt that timed out succeeds', async () => {
    const { settings, asked } = await aws(
      hangs,
      json(200, { MessageId: 'm', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }),
    );
    await sendMessage(new SQSClient(settings), settings.endpoint, 'hello');
    expect(asked()).toBe(2);
  });

  test('that AWS rejects throws the SDK’s error, with message and request id', async () => {
    const { settings, asked } = await aws(
      json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'no such table' }),
    );
    const rejected = documentClient(settings).send(new PutItemCommand({ TableName: 't', Item: { id: { S: 'a' } } }));
    await expect(rejected).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(rejected).rejects.toMatchObject({ message: 'no such table', $metadata: { requestId: 'request-1' } });
    expect(asked()).toBe(1);
  });

  test('whose condition fails returns false and does not throw', async () => {
    const { settings } = await aws(
      json(400, {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
      }),
    );
    expect(
      await new Table(documentClient(settings), 't').putIf({ id: 'a' }, { expression: 'attribute_not_exists(id)' }),
    ).toBe(false);
  });

  test('ends within ten seconds with the limits of functions, however often it times out', () => {
    const { maxAttempts } = clientSettings();
    expect(maxAttempts * 3_000).toBeLessThan(10_000);
  });
});
