import { expect, test } from '@jest/globals';
import { watch } from '../../../functions/watch/watch.ts';
import type { ArticleAnnouncement } from '../../../shared/events/announcement.ts';
import { listedChangeOf } from '../../../shared/feed/listed-change.ts';
import { noon, story } from '../story.ts';
import { uri, articleId, path, Watched, published, at } from './watched.ts';

test.each([1, 60])(
  'a publish after an embargo of %d minutes is measured from the embargo’s end, not from its receipt',
  async (minutes) => {
    const watched = new Watched();
    await watched.pipeline.send('article.published', {
      article: story({ versionCreated: at(60), embargoedUntil: at(60 + minutes) }),
      path,
    });
    const before = watched.pipeline.announcer.announced.length;
    await watched.pipeline.pass(minutes * 60_000);
    const announced = watched.pipeline.announcer.announced.slice(before).find(({ type }) => type === 'article.live');
    if (!announced) throw new Error('the embargo did not end');
    await watched.follow(announced);
    expect(watched.measured['PublishToFresh']?.[0]).toBeLessThan(30_000);
  },
);

test.each([5, 60])(
  'a hold and its end, %d minutes after the story, are each measured from their own receipt',
  async (minutes) => {
    const watched = new Watched();
    await watched.follow(await watched.send('article.published', published));
    for (const [index, type] of ['article.held', 'article.unheld'].entries()) {
      watched.pipeline.clock.time += minutes * 60_000;
      const order = { article: { uri, versionCreated: new Date(watched.pipeline.clock.now()).toISOString() } };
      const announced = await watched.send(type, order);
      watched.purge();
      await watched.follow(announced);
      expect(watched.measured['PublishToFresh']?.[index + 1]).toBeLessThan(5000);
      expect((await watched.publishTraces.of(articleId))[0]).toHaveProperty('receivedAt');
    }
  },
);

test('a rejection is kept with its issues', async () => {
  const watched = new Watched();
  const detail = {
    id: 'one',
    eventId: 'event',
    source: 'cms.ghost',
    uri,
    file: 'drop/newsml/a.xml',
    errors: [{ path: 'article.uri', message: 'is too long' }],
  };
  await watch(watched.ports, { type: 'article.rejected', detail, at: noon }, Infinity);
  expect(await watched.publishTraces.rejections(10)).toEqual([
    { eventId: 'event', source: 'cms.ghost', uri, file: detail.file, errors: detail.errors, refusedAt: noon },
  ]);
});

test('the last change of a front is kept, and the name of a rejected front', async () => {
  const watched = new Watched();
  const { pipeline, publishTraces } = watched;
  const front = (minutes: number) => ({
    front: { name: 'home', versionCreated: at(minutes), containers: [{ title: 'Top', backfill: 'latest' }] },
  });
  await pipeline.send('front.published', front(0));
  await pipeline.send('front.unpublished', { front: { name: 'home', versionCreated: at(1) } });
  await pipeline.send('front.published', { front: { name: 'home', versionCreated: at(2), containers: [] } });
  const announced = pipeline.announcer.announced.toReversed();
  for (const { type, detail } of announced) await watch(watched.ports, { type, detail, at: noon }, Infinity);
  expect(announced.map(({ type }) => type)).toEqual(['article.rejected', 'front.changed', 'front.changed']);
  expect(await publishTraces.fronts()).toEqual([
    {
      name: 'home',
      seq: announced[1]?.detail.seq,
      change: 'withdrawn',
      changedAt: Date.parse(announced[1]?.detail.occurredAt ?? ''),
    },
  ]);
  expect(await publishTraces.rejections(10)).toMatchObject([{ front: 'home', errors: [{ path: 'front.containers' }] }]);
});

test('an erasure removes all texts of announcements, including fields that later releases add', async () => {
  const watched = new Watched();
  const { pipeline, publishTraces } = watched;
  const words = 'Words of the harbour';
  const article = story({ headlines: [{ value: words }] });
  for (const [type, detail] of [
    ['article.published', { article, path }],
    [
      'article.updated',
      {
        article: { ...article, versionCreated: at(30), headlines: [{ value: `${words}, again` }] },
        path: `${path}-again`,
      },
    ],
    ['article.erased', { article: { uri, versionCreated: at(40) } }],
  ] as const) {
    const announced = await watched.send(type, detail);
    const saidMore = {
      type: announced.type,
      detail: { ...(announced.detail as object), summary: words, notes: [{ words }] },
    };
    await pipeline.changeList.list(listedChangeOf(saidMore as unknown as ArticleAnnouncement));
    watched.purge();
    await watched.follow(saidMore);
  }
  const { rows } = await pipeline.changeList.page('', Number.MAX_SAFE_INTEGER, 100);
  const seen = await publishTraces.latest(100);
  expect([rows.filter(({ change }) => change.type === 'article.withdrawn').length, seen.length]).toEqual([1, 3]);
  const inTables = [
    pipeline.articles.versions,
    pipeline.articles.heads,
    pipeline.articles.owners,
    pipeline.feeds.rows,
  ].map((table) => JSON.stringify(table, (_, value: unknown) => (value instanceof Map ? [...value.entries()] : value)));
  expect([JSON.stringify([rows, seen]), ...inTables].filter((kept) => /words.of.the.harbour/i.test(kept))).toEqual([]);
  expect((await pipeline.see('/changes')).body).not.toMatch(/words.of.the.harbour/i);
});
