import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsClient, AwsRefusal, type AwsClientOptions } from '../../shared/aws/aws-client.ts';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const ok: Reply = (_, response) => response.end('{"fine":true}');
const refuse = (status: number, code: string): Reply => (_, response) => response.writeHead(status).end(JSON.stringify({ __type: `com.amazonaws#${code}` }));
const breakOff: Reply = (request) => request.socket.destroy();
const breakOffAmid: Reply = (request, response) => {
  response.writeHead(200, { 'content-length': 99 }).write('{"fine":', () => request.socket.destroy());
};
const saysNothing: Reply = () => undefined;

describe('calls to AWS', () => {
  let replies: Reply[] = [];
  const asked: IncomingMessage[] = [];
  const connections = new Set<unknown>();
  const server = createServer((request, response) => {
    asked.push(request);
    connections.add(request.socket);
    request.resume().on('end', () => {
      (replies.shift() ?? ok)(request, response);
    });
  });
  let client: AwsClient | undefined;

  const call = async (options: AwsClientOptions = {}): Promise<unknown> => {
    client = new AwsClient({ AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' }, options);
    return client.json('dynamodb', 'DynamoDB_20120810.GetItem', { Key: { content: { B: new Uint8Array([1, 2, 3]) } } }, '1.0');
  };

  beforeEach(async () => {
    asked.length = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    client?.destroy();
    replies = [];
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  test('are signed for the service, the region and the session', async () => {
    await expect(call()).resolves.toEqual({ fine: true });
    const { authorization, 'x-amz-security-token': token, 'x-amz-target': target } = asked[0]?.headers ?? {};
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/dynamodb\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/);
    expect([token, target]).toEqual(['token', 'DynamoDB_20120810.GetItem']);
  });

  test.each([
    ['a fault of AWS', refuse(500, 'InternalServerError')],
    ['a throttle of DynamoDB', refuse(400, 'ProvisionedThroughputExceededException')],
    ['a throttle', refuse(429, 'TooManyRequestsException')],
    ['a connection that broke', breakOff],
    ['one that broke amid the answer', breakOffAmid],
  ])('are made again after %s', async (_, fault) => {
    replies = [fault, fault];
    await expect(call()).resolves.toEqual({ fine: true });
    expect(asked).toHaveLength(3);
  });

  test('are not made again where the answer would be the same', async () => {
    replies = [refuse(400, 'ConditionalCheckFailedException')];
    await expect(call()).rejects.toEqual(new AwsRefusal(400, 'ConditionalCheckFailedException'));
    expect(asked).toHaveLength(1);
  });

  test('end with what AWS said last', async () => {
    replies = Array.from({ length: 9 }, () => refuse(503, 'ServiceUnavailable'));
    await expect(call()).rejects.toMatchObject({ status: 503, code: 'ServiceUnavailable' });
    expect(asked).toHaveLength(3);
  });

  test('leave a connection that says nothing for another', async () => {
    replies = [saysNothing];
    await expect(call({ patienceMilliseconds: 1500 })).resolves.toEqual({ fine: true });
    expect(asked).toHaveLength(2);
  });

  test('end when the patience does', async () => {
    replies = [saysNothing, saysNothing, saysNothing];
    await expect(call({ patienceMilliseconds: 150 })).rejects.toThrow('dynamodb did not answer in time');
  });

  test('share a connection', async () => {
    connections.clear();
    await call();
    await client?.json('sqs', 'AmazonSQS.SendMessage', {});
    await client?.json('events', 'AWSEvents.PutEvents', {});
    expect(connections.size).toBe(1);
  });
});
