import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../tools/laptop/cloudformation/assembly.ts';
import type { Faults } from '../../tools/laptop/faults.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';
import { story } from '../unit/story.ts';
import { assemblyOf } from './assemblies.ts';
import { Newsroom } from './newsroom.ts';
import { runCommand } from './run-command.ts';

/** Everything that has a queue. */
const context = {
  purgeWindowSeconds: '0',
  slowSources: 'cms.slow',
  narrate: '{"en":"Amy"}',
  subscriptions: JSON.stringify({
    app: { events: ['article.live'], webhook: 'http://127.0.0.1:9/' },
    search: { events: ['article.live', 'article.rejected'], queue: true },
    partner: { events: ['article.live'], bus: 'arn:aws:events:us-east-1:123456789012:event-bus/partner' },
  }),
};

/**
 * No function can parse it. `store` would reject it at once with its issues; so for `store`, the table fails while it
 * writes a valid event.
 */
const impossible = '{"impossible": ';
const good = JSON.stringify({
  id: 'e',
  source: 'newsroom',
  'detail-type': 'article.published',
  time: '2026-05-01T12:00:00Z',
  detail: { article: story({ uri: 'urn:dead:letter', versionCreated: '2026-05-01T11:00:00Z' }) },
});
const tablesReject: Faults = {
  inCall: (service) =>
    service === 'dynamodb' ? { kind: 'refused', code: 'ValidationException', status: 400 } : undefined,
  killAfter: () => undefined,
};

let newsroom: Newsroom;
let queues: readonly string[];

beforeAll(async () => {
  const assembly = await assemblyOf(context);
  queues = new Template(readAssembly(assembly), { awsUrl: 'http://aws', edgeHost: 'edge' })
    .all('AWS::SQS::Queue')
    .map(({ name }) => name.replace('pressrun-local-', ''));
  newsroom = await Newsroom.open(context, { assembly, failedAgainMilliseconds: 500, faults: tablesReject });
});

afterAll(async () => newsroom.close());

/** Returns what a command prints. @throws What it prints if it fails. */
async function pressrun(...given: readonly string[]): Promise<string> {
  const { code, out, err } = await runCommand('--endpoint-url', newsroom.stack.awsUrl, ...given);
  if (code !== 0) throw new Error(err);
  return out;
}

async function urlOf(queue: string): Promise<string | undefined> {
  return (await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: `pressrun-local-${queue}` }))).QueueUrl;
}

async function send(queue: string, body: string): Promise<void> {
  await newsroom.sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody: body }));
}

async function lying(queue: string): Promise<number> {
  const { Attributes } = await newsroom.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await urlOf(queue), AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
}

/** Receives the messages of a queue as a failing consumer does, until all of them are dead letters. */
async function failAt(queue: string): Promise<void> {
  const QueueUrl = await urlOf(queue);
  await newsroom.until(`${queue} is given up`, async () => {
    await newsroom.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return (await lying(`${queue}-dlq`)) > 0;
  });
}

describe('messages that cannot be processed', () => {
  test('are moved from every queue to the dead-letter queue of its name, and can be redriven', async () => {
    const work = queues.filter((queue) => !queue.endsWith('-dlq'));
    expect(work).toEqual(
      expect.arrayContaining([
        'store',
        'store-slow',
        'release',
        'project-retry',
        'purge',
        'purge-urgent',
        'reconcile',
        'watch',
        'narrate',
        'to-app',
        'to-search',
      ]),
    );
    const end = async (queue: string): Promise<void> => {
      if (queue === 'to-search') await failAt(queue);
      await newsroom.until(`${queue} has given it up`, async () => (await lying(`${queue}-dlq`)) === 1);
    };
    await Promise.all(
      work.map(async (queue) => {
        await send(queue, queue.startsWith('store') ? good : impossible);
        await end(queue);
      }),
    );
    // It comes back to work, where it is as impossible as before.
    for (const queue of work) expect(await pressrun('redrive', queue)).toMatch(/^Sent 1 (?:event|message) to /);
    await Promise.all(work.map(end));
  });

  test('of a subscriber are delivered again: dead letters from their queue, messages that await a retry from the archive', async () => {
    const since = new Date(Date.now() - 1000).toISOString();
    const announced = async (): Promise<readonly string[]> => {
      const { Messages = [] } = await newsroom.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: await urlOf('to-search'), WaitTimeSeconds: 1, VisibilityTimeout: 600 }),
      );
      return Messages.map(({ Body = '' }) => Body);
    };
    // A subscriber with a message at hand that it never says to be done, and one that was given up.
    const event = { 'detail-type': 'article.live', id: 'e-1' };
    await newsroom.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: 'pressrun-local',
            Source: 'newsroom',
            DetailType: 'article.published',
            Detail: JSON.stringify({ article: { uri: 'urn:announced:1' } }),
          },
        ],
      }),
    );
    await newsroom.until('it is at hand', async () =>
      (await announced()).some((body) => body.includes('urn:announced:1')),
    );
    await send('to-search-dlq', JSON.stringify(event));
    const before = JSON.parse(await pressrun('--json', 'redeliver', 'search', '--dry-run')) as {
      dead: number;
      waiting: number;
    };
    expect(before).toEqual({
      subscription: 'search',
      dead: await lying('to-search-dlq'),
      waiting: expect.any(Number) as unknown,
    });
    expect([before.dead > 0, before.waiting > 0]).toEqual([true, true]);
    expect(JSON.parse(await pressrun('--json', 'redeliver', 'search', '--since', since))).toMatchObject({
      redelivered: before.dead,
      replayed: { state: 'COMPLETED' },
    });
    const again: string[] = [];
    await newsroom.until('both are delivered', async () => {
      again.push(...(await announced()));
      return again.some((body) => body.includes('"e-1"')) && again.some((body) => body.includes('urn:announced:1'));
    });
    expect(await lying('to-search-dlq')).toBe(0);
  });

  test('that the bus could not deliver are sent to store; a queue that does not exist is named', async () => {
    const others = queues.filter((queue) => queue.endsWith('-dlq') && !queues.includes(queue.replace(/-dlq$/, '')));
    // These have events of a bus and pointers into a stream, and no messages of a queue.
    expect(others.toSorted()).toEqual(['bus-dlq', 'project-stream-dlq', 'to-partner-dlq']);
    const before = await lying('store-dlq');
    await send('bus-dlq', impossible);
    expect(await pressrun('redrive', 'bus')).toBe('Sent 1 event to store again.');
    await newsroom.until('store has refused it', async () => (await lying('store-dlq')) === before + 1);
    await expect(pressrun('redrive', 'to-partner')).rejects.toThrow(/there is no queue pressrun-local-to-partner:/);
    await expect(pressrun('redrive', 'to-nobody')).rejects.toThrow(/there is no queue pressrun-local-to-nobody-dlq/);
    await expect(pressrun('redeliver', 'appp')).rejects.toThrow(
      /no subscription appp has a queue .* one of app, search \(did you mean app\?\)/,
    );
    await expect(pressrun('redrive', 'stores')).rejects.toThrow(
      /must be one of store, .* or to-<name> of a subscription/,
    );
  });
});
