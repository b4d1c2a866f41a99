import { expect, test } from '@jest/globals';
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import { rollbackArticle } from '../../tools/cli/send-events.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

const uri = 'urn:newsroom:ada';

test.each<[string, Record<string, unknown>]>([
  ['article', { path: '/news/bridge' }],
  ['live story', { live: { coverageStartTime: '2026-05-01T06:00:00.000Z' } }],
  ['post', { post: { story: 'urn:newsroom:storm', key: true } }],
  ['profile', { profile: { jobTitle: 'Reporter' } }],
])('a rollback of a version sends what made it a %s', async (_, fields) => {
  const pipeline = new Pipeline(noon + 3_600_000);
  await pipeline.send('article.published', { article: story({ uri }), ...fields });
  const { newestFirst } = await pipeline.articles.open(articleIdOf(uri));
  const [version] = await Array.fromAsync(newestFirst);
  if (!version) throw new Error('nothing is stored');
  const sent: PutEventsCommand[] = [];
  const eventBridge = {
    send: async (command: PutEventsCommand) => {
      sent.push(command);
      return Promise.resolve({ Entries: [{ EventId: 'e' }] });
    },
  } as unknown as EventBridgeClient;
  await rollbackArticle({ stage: 'test', eventBridge, articles: pipeline.articles }, version, { actor: 'ada' }, noon);
  const detail: unknown = JSON.parse(sent[0]?.input.Entries?.[0]?.Detail ?? '');
  expect(detail).toMatchObject({ article: { uri }, ...fields });
});
