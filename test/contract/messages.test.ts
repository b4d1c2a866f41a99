import type { AddressInfo } from 'node:net';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, expect, jest, test } from '@jest/globals';
import { buildApp } from 'fauxqs';
import { SchedulerSettleSchedule } from '../../shared/aws/scheduler-settle-schedule.ts';
import { sendMessage } from '../../shared/aws/sqs.ts';
import { sqsPurgeQueue, sqsPurgeRequests, sqsRejectionQueue } from '../../shared/aws/sqs.ts';
import {
  MemoryClock,
  MemoryPurgeQueue,
  MemoryPurgeRequests,
  MemoryRejectionQueue,
  MemorySettleSchedule,
} from '../fakes/memory-messages.ts';
import type { PurgeQueue, PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';
import type { RejectionQueue } from '../../shared/events/ports.ts';
import type { SettleSchedule } from '../../shared/article/ports.ts';
import { missing, Moto } from '../deploy/moto.ts';
import { settingsAt } from './engines.ts';
import { onEvery } from './on-every.ts';

jest.setTimeout(60_000);

const noon = Date.parse('2026-05-01T12:00:00Z');

/** The ports that send messages, and the messages that arrived. */
interface Messages {
  readonly purgeRequests: PurgeRequests;
  readonly rejections: RejectionQueue;
  readonly settleSchedule: SettleSchedule;
  /** Purge requests that can be received now, and how many still wait out a delay. */
  readonly purges: (
    urgent: boolean,
  ) => Promise<{ readonly received: readonly PurgeRequest[]; readonly waiting: number }>;
  /** A queue of purge requests, and how a message gets into it. */
  readonly purgeQueue: PurgeQueue;
  readonly send: (body: string) => Promise<void>;
  /** Messages of that queue that were not removed. */
  readonly left: () => Promise<number>;
  readonly rejected: () => Promise<readonly string[]>;
  /** Calls whose time has come, and how many are to come. */
  readonly calls: () => Promise<{ readonly received: readonly string[]; readonly waiting: number }>;
}

interface MessagesKind {
  readonly name: string;
  /** Why it cannot run here. */
  readonly missing?: string;
  /** New queues, all empty. */
  readonly open: () => Promise<Messages>;
  readonly close: () => Promise<void>;
}

const memory: MessagesKind = {
  name: 'memory',
  open: () => {
    const purgeRequests = new MemoryPurgeRequests();
    const rejections = new MemoryRejectionQueue();
    const settleSchedule = new MemorySettleSchedule();
    const purgeQueue = new MemoryPurgeQueue(new MemoryClock(noon));
    let sent = 0;
    return Promise.resolve({
      purgeRequests,
      rejections,
      settleSchedule,
      purges: (urgent) => {
        const asked = purgeRequests.asked.filter((one) => one.urgent === urgent);
        const now = asked.filter(({ delaySeconds }) => delaySeconds === 0);
        return Promise.resolve({
          received: now.map(({ tags, articles }) => ({ tags, articles })),
          waiting: asked.length - now.length,
        });
      },
      purgeQueue,
      send: (body) => {
        purgeQueue.send(body);
        sent += 1;
        return Promise.resolve();
      },
      left: () => Promise.resolve(sent - purgeQueue.removed.length),
      rejected: () => Promise.resolve(rejections.kept),
      calls: () => {
        const due = settleSchedule.calls.filter(({ instant }) => instant <= noon);
        return Promise.resolve({
          received: due.map(({ articleId }) => articleId),
          waiting: settleSchedule.calls.length - due.length,
        });
      },
    });
  },
  close: () => Promise.resolve(),
};

/** The adapters of SQS, on a server that speaks its protocol. */
function onSqs(
  name: string,
  start: () => Promise<{ readonly settings: SQSClientConfig; readonly stop: () => Promise<unknown> }>,
  missing?: string,
): MessagesKind {
  let server: Awaited<ReturnType<typeof start>> | undefined;
  let sqs: SQSClient | undefined;
  return {
    name,
    ...(missing !== undefined && { missing }),
    open: async () => {
      server ??= await start();
      const { settings } = server;
      sqs ??= new SQSClient(settings);
      const client = sqs;
      queues += 1;
      const collecting = await newQueue(client, 'collecting');
      const urgent = await newQueue(client, 'urgent');
      const rejected = await newQueue(client, 'rejected');
      const release = await newQueue(client, 'release');
      return {
        purgeRequests: sqsPurgeRequests(client, { collecting, urgent }),
        rejections: sqsRejectionQueue(client, rejected),
        // Only calls within a queue's longest delay are made here: nothing on a laptop keeps schedules for this suite.
        settleSchedule: new SchedulerSettleSchedule(client, settings, new MemoryClock(noon), {
          RELEASE_QUEUE_URL: release,
          RELEASE_QUEUE_ARN: 'arn',
          SCHEDULE_GROUP: 'group',
          SCHEDULE_ROLE_ARN: 'arn',
        }),
        purges: async (isUrgent) => {
          const queue = isUrgent ? urgent : collecting;
          return {
            received: (await bodies(client, queue)).map((body) => JSON.parse(body) as PurgeRequest),
            waiting: await delayed(client, queue),
          };
        },
        purgeQueue: sqsPurgeQueue(client, collecting),
        send: async (body) => sendMessage(client, collecting, body),
        left: async () => notRemoved(client, collecting),
        rejected: async () => bodies(client, rejected),
        calls: async () => ({
          received: (await bodies(client, release)).map(
            (body) => (JSON.parse(body) as { articleId: string }).articleId,
          ),
          waiting: await delayed(client, release),
        }),
      };
    },
    close: async () => {
      sqs?.destroy();
      await server?.stop();
    },
  };
}

const kinds: readonly MessagesKind[] = [
  memory,
  onSqs('fauxqs', async () => {
    const app = buildApp({ logger: false });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { settings: settingsAt((app.server.address() as AddressInfo).port), stop: () => app.close() };
  }),
  onSqs(
    'moto',
    async () => {
      const moto = await Moto.start();
      return { settings: settingsAt(Number(new URL(moto.url).port)), stop: () => moto.stop() };
    },
    missing,
  ),
];

let queues = 0;

async function newQueue(client: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `${name}-${queues}` }));
  if (QueueUrl === undefined) throw new Error(`no queue ${name}`);
  return QueueUrl;
}

async function bodies(client: SQSClient, queue: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        VisibilityTimeout: 3600,
      }),
    );
    if (messages.length === 0) return found;
    found.push(...messages.map(({ Body = '' }) => Body));
  }
}

async function notRemoved(client: SQSClient, queue: string): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queue,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

async function delayed(client: SQSClient, queue: string): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessagesDelayed);
}

const request: PurgeRequest = {
  tags: ['article:abcdefghijklmnop', 'feed:section:news:world'],
  articles: [{ articleId: 'abcdefghijklmnop', seq: 1_777_636_800_000 }],
};

onEvery(kinds, 'messages', messagesContract);

function messagesContract(kind: MessagesKind): void {
  let messages: Messages;

  beforeEach(async () => {
    messages = await kind.open();
  });
  afterAll(async () => {
    await kind.close();
  });

  test('an ordinary purge request goes to the collecting queue, an urgent one to the urgent queue', async () => {
    await messages.purgeRequests.send(request, { urgent: false, delaySeconds: 0 });
    expect(await messages.purges(false)).toEqual({ received: [request], waiting: 0 });
    expect(await messages.purges(true)).toEqual({ received: [], waiting: 0 });

    const other = { ...request, tags: ['feeds'] };
    await messages.purgeRequests.send(other, { urgent: true, delaySeconds: 0 });
    expect((await messages.purges(true)).received).toEqual([other]);
  });

  test('the purge queue gives each message once, up to ten at a time, and takes back any number', async () => {
    const sent = Array.from({ length: 23 }, (_, index) => `message ${index}`);
    for (const body of sent) await messages.send(body);
    const received = [];
    for (
      let batch = await messages.purgeQueue.receive(1);
      batch.length > 0;
      batch = await messages.purgeQueue.receive(1)
    ) {
      expect(batch.length).toBeLessThanOrEqual(10);
      received.push(...batch);
    }
    expect(received.map(({ body }) => body).sort()).toEqual(sent.sort());
    expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(sent.length);
    await messages.purgeQueue.remove(received);
    expect(await messages.left()).toBe(0);
  });

  test('a delayed purge request is not received before its delay is over', async () => {
    await messages.purgeRequests.send(request, { urgent: true, delaySeconds: 30 });
    expect(await messages.purges(true)).toEqual({ received: [], waiting: 1 });
  });

  test('equal purge requests are separate messages', async () => {
    await messages.purgeRequests.send(request, { urgent: false, delaySeconds: 0 });
    await messages.purgeRequests.send(request, { urgent: false, delaySeconds: 0 });
    expect((await messages.purges(false)).received).toEqual([request, request]);
  });

  test('a rejected event is stored byte for byte', async () => {
    const body = '{ "detail" : { "article":{"headlines":[{"value":"港口 – Übergröße"}]}},  "n": 1.0 }\n';
    await messages.rejections.keep(body);
    await messages.rejections.keep('not json at all');
    expect([...(await messages.rejected())].sort()).toEqual([body, 'not json at all'].sort());
  });

  test('a scheduled settle is received at once for a past instant, and later for a future one', async () => {
    await messages.settleSchedule.settleAt('aaaaaaaaaaaaaaaa', noon - 5000);
    expect(await messages.calls()).toEqual({ received: ['aaaaaaaaaaaaaaaa'], waiting: 0 });
    await messages.settleSchedule.settleAt('bbbbbbbbbbbbbbbb', noon + 899_500);
    expect((await messages.calls()).waiting).toBe(1);
  });
}
