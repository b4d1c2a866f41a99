import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PollyClient } from '@aws-sdk/client-polly';
import { describe, expect, test } from '@jest/globals';
import { tasksASecond } from '../../shared/audio/speech.ts';
import { clientSettings } from '../../shared/aws/clients.ts';
import { PollySpeech } from '../../shared/aws/polly-speech.ts';
import { AwsError } from '../../tools/laptop/aws-error.ts';
import { Fields } from '../../tools/laptop/fields.ts';
import { Polly } from '../../tools/laptop/polly/polly.ts';

const noBucket = { has: () => false, put: () => Promise.reject(new Error('no bucket')) };
const complain = (message: string): never => {
  throw new Error(message);
};

describe("the laptop's Polly", () => {
  test.each([
    ['standard', 12],
    ['neural', 10],
    ['long-form', 1],
    ['generative', 1],
  ])('starts as many tasks a second with %s voices as AWS does: %d', async (engine, quota) => {
    let now = 0;
    const polly = new Polly(
      noBucket,
      () => undefined,
      () => now,
    );
    const isThrottled = async (): Promise<boolean> => {
      const input = new Fields({ Engine: engine, Text: 'One.', VoiceId: 'Nobody' }, complain);
      const error: unknown = await polly.call('POST', undefined, input).catch((caught: unknown) => caught);
      return error instanceof AwsError && error.code === 'ThrottlingException';
    };
    for (let task = 0; task < quota; task += 1) expect(await isThrottled()).toBe(false);
    expect(await isThrottled()).toBe(true);
    now = 999;
    expect(await isThrottled()).toBe(true);
    now = 1000;
    expect(await isThrottled()).toBe(false);
    expect(tasksASecond({ engine })).toBeLessThanOrEqual(quota);
  });

  test('answers ten requests a second about tasks', async () => {
    const polly = new Polly(
      noBucket,
      () => undefined,
      () => 0,
    );
    const codes: string[] = [];
    for (let question = 0; question < 11; question += 1)
      await polly.call('GET', 'task', new Fields({}, complain)).catch((error: unknown) => {
        codes.push(error instanceof AwsError ? error.code : String(error));
      });
    expect([new Set(codes.slice(0, 10)), codes[10]]).toEqual([
      new Set(['SynthesisTaskNotFoundException']),
      'ThrottlingException',
    ]);
  });
});

test('a throttled Polly starts no task, and a task already started counts as in progress', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'x-amzn-errortype': 'ThrottlingException' }).end('{"message":"Rate exceeded"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const polly = new PollyClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...clientSettings({ requestTimeout: 5_000, maxAttempts: 1 }),
  });
  const speech = new PollySpeech(polly, 'sound');
  expect(await speech.start('take', 'takes/a/', 'One.', { name: 'Amy', engine: 'neural' })).toBeUndefined();
  expect(await speech.progress('00000000-0000-4000-8000-000000000000')).toBe('under way');
  polly.destroy();
  server.closeAllConnections();
  server.close();
});
