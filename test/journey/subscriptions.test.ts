import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { announcementTypes } from '../../shared/events/subscription.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { connect } from '../../tools/cli/connection.ts';
import { testSubscription } from '../../tools/cli/subscribe-test.ts';
import { busEvent, story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook receiver. It rejects the first request to each of its paths and accepts the others. */
class Receiver {
  readonly received: Received[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const path = request.url ?? '';
          this.received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
          response.writeHead(this.at(path).length === 1 ? 500 : 204).end();
        });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  at(path: string): Received[] {
    return this.received.filter((request) => request.path === path);
  }
}

const receiver = new Receiver();
const opened: { newsroom?: Newsroom } = {};

function newsroom(): Newsroom {
  if (!opened.newsroom) throw new Error('the newsroom is not open');
  return opened.newsroom;
}

beforeAll(async () => {
  const url = await receiver.open();
  opened.newsroom = await Newsroom.open({
    subscriptions: JSON.stringify({
      search: { events: ['article.live', 'article.revised', 'article.withdrawn'], webhook: `${url}/search` },
      partner: { events: ['article.live'], apiDestination: { url: `${url}/partner`, header: 'X-Api-Key' } },
      unwilling: { events: ['article.withdrawn'], webhook: `${url}/unwilling` },
      sport: { events: ['article.live', 'article.revised', 'article.withdrawn'], sections: ['Sport'], queue: true },
    }),
  });
}, 60_000);

afterAll(async () => {
  await opened.newsroom?.close();
  await receiver.close();
});

async function secretOf(subscriber: string): Promise<string> {
  const secretsManager = new SecretsManagerClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    endpoint: newsroom().stack.awsUrl,
  });
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: `pressrun-local-to-${subscriber}` }),
  );
  secretsManager.destroy();
  return SecretString;
}

const publish = async (uri: string, section: string, minutes: number): Promise<void> => {
  await newsroom().put(
    'article.published',
    story({ uri, versionCreated: minutesAgo(minutes), subjects: [{ rel: 'section', literal: section }] }),
  );
};

test('a webhook is signed according to Standard Webhooks, with the same id at each attempt', async () => {
  await publish('urn:subscribed:1', 'news', 20);
  await newsroom().until('the webhook is called again', () => receiver.at('/search').length >= 2, 30_000);
  const [refused, taken] = receiver.at('/search');
  expect(taken?.headers['webhook-id']).toBe(refused?.headers['webhook-id']);
  const { current } = JSON.parse(await secretOf('search')) as { current: string };
  const announcement = new Webhook(current).verify(taken?.body ?? '', taken?.headers as Record<string, string>) as {
    type: string;
    data: { id: string; uri: string };
  };
  expect(announcement).toMatchObject({
    type: 'article.live',
    timestamp: expect.stringMatching(/Z$/) as unknown,
    data: { uri: 'urn:subscribed:1' },
  });
  expect(taken?.headers['webhook-id']).toBe(announcement.data.id);
  expect(() => new Webhook(current).verify(`${taken?.body ?? ''} `, taken?.headers as Record<string, string>)).toThrow(
    'No matching signature found',
  );
});

test('an API destination receives its key and the whole event', async () => {
  await newsroom().until('the partner is called again', () => receiver.at('/partner').length >= 2);
  const [, request] = receiver.at('/partner');
  expect(request?.headers['x-api-key']).toBe(await secretOf('partner'));
  expect(JSON.parse(request?.body ?? '')).toMatchObject({
    source: 'pressrun',
    'detail-type': 'article.live',
    detail: { uri: 'urn:subscribed:1' },
  });
});

test('a filter by section passes changes of stories in the section, and of stories that leave it', async () => {
  await publish('urn:subscribed:2', 'sport/football', 19);
  await newsroom().until('sport has the announcement', async () => (await newsroom().messagesTo('sport')).length === 1);
  // Each of the others has happened before this is announced.
  await publish('urn:subscribed:2', 'news', 18);
  await newsroom().until(
    'sport has the announcement of the story that left',
    async () => (await newsroom().messagesTo('sport')).length === 2,
  );
  const messages = await newsroom().messagesTo('sport');
  expect(messages.map((message) => `${message['detail-type']} ${message.detail.uri}`).sort()).toEqual([
    'article.live urn:subscribed:2',
    'article.revised urn:subscribed:2',
  ]);
});

test('only the subscription of the watcher receives the canary', async () => {
  const versionCreated = minutesAgo(5);
  // The bus takes canaries from `watch` alone, so this one is handed to `store` behind it.
  const article = { uri: canaryUri, versionCreated, expires: versionCreated, headlines: [{ value: 'Canary' }] };
  const { sqs, stack } = newsroom();
  const MessageBody = busEvent(
    'article.published',
    { article },
    { source: 'pressrun.canary', time: new Date().toISOString() },
  );
  await sqs.send(
    new SendMessageCommand({ QueueUrl: `${stack.awsUrl}/000000000000/pressrun-local-store`, MessageBody }),
  );
  await newsroom().until('it is announced', () => newsroom().about(canaryUri, 'article.live').length > 0);
  await publish('urn:subscribed:3', 'news', 4);
  await newsroom().until(
    'the webhook has the next announcement',
    () => receiver.at('/search').some(({ body }) => body.includes('urn:subscribed:3')),
    30_000,
  );
  await newsroom().settled();
  expect(receiver.received.filter(({ body }) => body.includes(canaryUri))).toEqual([]);
});

test('subscribe-test sends one of each announcement, signed, and prints the receiver’s answer', async () => {
  const connection = connect('local', newsroom().stack.awsUrl, '');
  const before = receiver.at('/search').length;
  const tested = await testSubscription(connection, 'search', Date.now());
  expect(tested.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual(
    announcementTypes.map((type) => `${type} taken`),
  );
  const { current } = JSON.parse(await secretOf('search')) as { current: string };
  const webhook = new Webhook(current);
  const received = receiver.at('/search').slice(before);
  const types = received.map(({ body, headers }) => {
    const { type, data } = webhook.verify(body, headers as Record<string, string>) as {
      readonly type: string;
      readonly data: { readonly id: string; readonly replay: string };
    };
    expect(data.replay).toBe('subscribe-test');
    return type;
  });
  expect(types).toEqual(announcementTypes);
  expect(new Set(tested.map(({ id }) => id)).size).toBe(announcementTypes.length);
});

test('subscribe-test prints the reason of a rejection, queues for the consumer of a queue, and rejects an unknown name', async () => {
  const connection = connect('local', newsroom().stack.awsUrl, '');
  const refused = await testSubscription(connection, 'unwilling', Date.now());
  expect(refused[0]?.outcome).toBe('the receiver answered 500');
  expect((await testSubscription(connection, 'sport', Date.now()))[0]?.outcome).toBe('queued');
  await expect(testSubscription(connection, 'serch', Date.now())).rejects.toThrow('has no subscription serch');
});
