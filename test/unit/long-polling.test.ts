import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { clientSettings, longPollingLimits } from '../../shared/aws/clients.ts';
import { sqsPurgeQueue } from '../../shared/aws/sqs.ts';

test('a receive may wait for twenty seconds, which is longer than other calls may take', async () => {
  const waited: number[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      const { WaitTimeSeconds } = JSON.parse(body) as { readonly WaitTimeSeconds: number };
      waited.push(WaitTimeSeconds);
      // As SQS answers when no message came.
      setTimeout(
        () => response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}'),
        WaitTimeSeconds * 1000,
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sqs = new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    endpoint,
    ...clientSettings({ ...longPollingLimits(2), maxAttempts: 1 }),
  });
  try {
    expect(await sqsPurgeQueue(sqs, `${endpoint}/000000000000/purge`).receive(2)).toEqual([]);
    expect(waited).toEqual([2]);
  } finally {
    sqs.destroy();
    server.close();
    server.closeAllConnections();
  }
});
