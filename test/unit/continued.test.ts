import { expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { lateSteps } from '../../functions/watch/late-steps.ts';
import { superdesk } from '../../shared/cms/sources/superdesk.ts';
import { readWebhook } from '../../shared/cms/source.ts';
import { noSettings } from '../../shared/cms/source-settings.ts';
import { superdeskItem } from '../fixtures/cms/superdesk.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

const [first, second] = ['urn:a', 'urn:b'];
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

async function continued(): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000);
  await pipeline.send('article.published', { article: story({ uri: first }), path: '/a' });
  await pipeline.send('article.published', { article: story({ uri: second, versionCreated: at(1) }), path: '/b' });
  await pipeline.send('article.unpublished', { article: { uri: first, versionCreated: at(1) }, continuedBy: second });
  return pipeline;
}

test('a withdrawn article leads to the one that continues it, while that is live', async () => {
  const pipeline = await continued();
  expect(await pipeline.see('/a?x=1')).toMatchObject({ status: 301, headers: { location: '/b?x=1' } });
  expect(pipeline.announcer.announced.filter(({ type }) => type === 'article.withdrawn')).toMatchObject([
    { detail: { uri: first, continuedBy: second } },
  ]);
  await pipeline.send('article.held', { article: { uri: second, versionCreated: at(2) } });
  expect((await pipeline.see('/a')).status).toBe(410);
  await pipeline.send('article.published', { article: story({ uri: first, versionCreated: at(3) }) });
  expect((await pipeline.see('/a')).status).toBe(200);
});

test('a redirect to the article that continues it is what a watched withdrawal waits for', async () => {
  const pipeline = await continued();
  const articleId = articleIdOf(first);
  const head = pipeline.articles.heads.get(articleId);
  const reader = {
    read: async (path: string) => {
      const { status, headers, body } = await pipeline.see(path);
      return { status, shown: headers['x-pressrun-shown'], body };
    },
  };
  const expected = { articleId, seq: head?.seq ?? 0, uri: first, path: '/a', feeds: ['latest'], head };
  expect(await lateSteps(reader, expected, new Set())).toEqual([]);
});

test('an embargoed update of Superdesk leaves the earlier story public, and replaces it when it is published again', async () => {
  const pipeline = new Pipeline(noon);
  const earlier = superdeskItem('u1', { versioncreated: at(-60) });
  const update = {
    ...superdeskItem('u2', { versioncreated: at(-30), evolvedfrom: earlier['guid'] }),
    embargoed: at(60),
  };
  const send = async (item: object): Promise<void> => {
    const read = readWebhook(superdesk, item, noSettings, { receivedAt: pipeline.clock.time, headers: {} });
    for (const { type, detail } of 'commands' in read ? read.commands : [])
      await pipeline.send(type, { ...detail }, { source: 'cms.superdesk' });
  };
  const visible = (): string[] =>
    [...pipeline.articles.heads.values()].map(({ card, visibility }) => `${card?.headline ?? ''} ${visibility}`).sort();
  await send(earlier);
  await send(update);
  expect(visible()).toEqual(['Story u1 live']);
  await pipeline.pass(2 * 3_600_000);
  expect(visible()).toEqual(['Story u1 live', 'Story u2 live']);
  await send({ ...update, version: '4', versioncreated: at(90) });
  expect(visible()).toEqual([' gone', 'Story u2 live']);
});
