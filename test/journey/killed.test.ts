import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { eventually } from './eventually.ts';

const program = fileURLToPath(new URL('../../tools/laptop/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'pressrun-test-'));
const children: ChildProcess[] = [];

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

afterEach(async () => {
  await Promise.all(children.map(kill));
  rmSync(directory, { recursive: true });
});

/** `npm start -- --empty --data …`, from its first line to `pressrun ready` and the address after it. */
async function start(): Promise<{ readonly child: ChildProcess; readonly awsUrl: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, '--empty', '--data', join(directory, 'data')], {
    env: { ...env, PRESSRUN_AWS_PORT: '0', PRESSRUN_EDGE_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const awsUrl = /^ {2}AWS +(\S+)/.exec(line)?.[1];
    if (awsUrl !== undefined) return { child, awsUrl };
  }
  throw new Error('pressrun did not start');
}

const settings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  maxAttempts: 1,
});

test('every acknowledged event of 200 is a version and in its feeds, though the stack was killed and restarted meanwhile', async () => {
  const uris = Array.from({ length: 200 }, (_, index) => `urn:newsroom:killed:${index}`);
  const waiting = [...uris];
  const acknowledged = new Set<string>();
  let { child, awsUrl } = await start();

  const publish = async (killAfter: number): Promise<void> => {
    const eventBridge = new EventBridgeClient(settings(awsUrl));
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let uri = waiting.pop(); uri !== undefined; uri = waiting.pop()) {
          const article = {
            uri,
            versionCreated: '2026-07-01T08:00:00Z',
            headlines: [{ role: 'main', value: `Story ${uri}` }],
            subjects: [{ rel: 'section', literal: 'news/world', name: 'World' }],
          };
          try {
            await eventBridge.send(
              new PutEventsCommand({
                Entries: [
                  {
                    EventBusName: 'pressrun-local',
                    Source: 'newsroom',
                    DetailType: 'article.published',
                    Detail: JSON.stringify({ article }),
                  },
                ],
              }),
            );
            acknowledged.add(uri);
          } catch {
            waiting.push(uri);
            return;
          }
          if (acknowledged.size === killAfter) child.kill('SIGKILL');
        }
      }),
    );
    eventBridge.destroy();
  };

  await publish(100);
  await kill(child);
  expect(acknowledged.size).toBeLessThan(200);
  ({ child, awsUrl } = await start());
  await publish(Number.POSITIVE_INFINITY);
  expect(acknowledged.size).toBe(200);

  const client = new DynamoDBClient(settings(awsUrl));
  const expected = uris.map(articleIdOf).sort();
  for (const feed of ['latest', 'section/news', 'section/news/world']) {
    // What was in flight when the stack was killed comes back after its visibility timeout.
    await eventually(
      `all stories in ${feed}`,
      async () => {
        const ids: string[] = [];
        const query = {
          TableName: 'pressrun-local-feeds',
          KeyConditionExpression: 'feedId = :feed',
          ExpressionAttributeValues: { ':feed': { S: feed } },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client }, query))
          ids.push(...Items.map(({ sk }) => sk?.S?.split('#')[1] ?? ''));
        return ids.length === expected.length && ids.sort().every((id, index) => id === expected[index])
          ? true
          : undefined;
      },
      90_000,
    );
  }
  const versions = new Set<string>();
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: 'pressrun-local-articles', ConsistentRead: true },
  )) {
    for (const { articleId, sk } of Items) if (sk?.S?.startsWith('v#')) versions.add(articleId?.S ?? '');
  }
  expect([...versions].sort()).toEqual(expected);
  client.destroy();
}, 120_000);
