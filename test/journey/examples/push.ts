import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { connect } from '../../../tools/cli/connection.ts';
import { replay } from '../../../tools/cli/replay.ts';
import { story } from '../../unit/story.ts';
import { minutesAgo, type Newsroom } from '../newsroom.ts';
import { Program } from './program.ts';

/** The subscription of docs/push.md, with a receiver on this machine. */
export const pushSubscription = (port: number) =>
  ({ events: ['article.fresh'], replays: false, webhook: `http://127.0.0.1:${port}/` }) as const;

/** Withdrawn after its announcement, and before the push service has read it. */
const withdrawnMeanwhile = 'urn:push:withdrawn-meanwhile';

/** The push service of examples/push. */
export class PushService {
  readonly program: Program;
  readonly url: string;
  readonly #close: () => void;

  private constructor(program: Program, url: string, close: () => void) {
    this.program = program;
    this.url = url;
    this.#close = close;
  }

  static async open(newsroom: Newsroom, port: number): Promise<PushService> {
    const directory = mkdtempSync(join(tmpdir(), 'pressrun-push-'));
    const site = createServer((request, response) => {
      void (async () => {
        const path = request.url ?? '/';
        if (path.includes(articleIdOf(withdrawnMeanwhile)))
          await newsroom.until('the story is withdrawn', async () => (await newsroom.get(path)).status === 410);
        const answer = await newsroom.get(path);
        response.writeHead(answer.status).end(await answer.text());
      })();
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const program = new Program(['push/main.ts'], {
      SITE: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
      PUSHED: join(directory, 'pushed.db'),
      WEBHOOK_SECRET: await secretOf(newsroom),
      PORT: String(port),
    });
    program.start();
    return new PushService(program, `http://127.0.0.1:${port}/`, () => {
      site.close();
      rmSync(directory, { recursive: true });
    });
  }

  async close(): Promise<void> {
    await this.program.kill();
    this.#close();
  }

  /** How many push messages there were of an article. */
  count(uri: string): number {
    return this.program.lines.filter((line) => line.startsWith(`${articleIdOf(uri)} `)).length;
  }
}

async function secretOf({ stack }: Newsroom): Promise<string> {
  const secretsManager = new SecretsManagerClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    endpoint: stack.awsUrl,
  });
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: 'pressrun-local-to-push' }),
  );
  secretsManager.destroy();
  return (JSON.parse(SecretString) as { current: string }).current;
}

/** Waits until every announcement was given to the push service. */
async function delivered(newsroom: Newsroom): Promise<void> {
  const { sqs, stack } = newsroom;
  const QueueUrl = `${stack.awsUrl}/000000000000/pressrun-local-to-push`;
  await newsroom.until('the queue of the push service is empty', async () => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return (
      Attributes['ApproximateNumberOfMessages'] === '0' && Attributes['ApproximateNumberOfMessagesNotVisible'] === '0'
    );
  });
}

/**
 * Publishes a story that is corrected, one that is withdrawn before the push service reads it, and one of yesterday, then
 * kills the service and repeats every announcement.
 */
export async function pushesFirstPublicationsOnce(newsroom: Newsroom, push: PushService): Promise<void> {
  const put = (type: string, uri: string, minutes: number): Promise<string> =>
    newsroom.put(type, story({ uri, versionCreated: minutesAgo(minutes), headlines: [{ value: uri }] }));
  const fresh = (uri: string, times: number): Promise<void> =>
    newsroom.until(
      `${uri} is fresh ${times} times`,
      () =>
        new Set(newsroom.about(uri, 'article.fresh').map(({ detail }) => (detail as { id: string }).id)).size >= times,
    );
  await put('article.published', 'urn:push:yesterday', 24 * 60);
  await put('article.published', withdrawnMeanwhile, 9);
  await put('article.published', 'urn:push:new', 8);
  await fresh('urn:push:new', 1);
  await fresh(withdrawnMeanwhile, 1);
  await newsroom.until('the new story is pushed', () => push.count('urn:push:new') === 1);
  await put('article.updated', 'urn:push:new', 7);
  await put('article.unpublished', withdrawnMeanwhile, 6);
  await fresh('urn:push:new', 2);
  await fresh('urn:push:yesterday', 1);
  await fresh(withdrawnMeanwhile, 2);
  await delivered(newsroom);
  const before = [...push.program.lines];
  expect(before.filter((line) => line.includes('urn:push:')).map((line) => line.split(' ')[1])).toEqual([
    'urn:push:new',
  ]);

  await push.program.kill();
  push.program.start();
  await newsroom.until('the push service listens again', () =>
    fetch(push.url).then(
      () => true,
      () => false,
    ),
  );
  const hour = 3_600_000;
  await replay(
    connect('local', newsroom.stack.awsUrl, ''),
    { from: Date.now() - hour, to: Date.now() + hour, subscription: 'push' },
    Date.now(),
  );
  await put('article.published', 'urn:push:last', 2);
  await newsroom.until('a later story is pushed', () => push.count('urn:push:last') === 1);
  await delivered(newsroom);
  expect(push.program.lines.slice(before.length).map((line) => line.split(' ')[1])).toEqual(['urn:push:last']);
}
