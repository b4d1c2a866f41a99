import { describe, expect, test } from '@jest/globals';
import type { HeadChange } from '../../../shared/article/head.ts';
import { project } from '../../../functions/project/project.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { noon } from '../story.ts';
import { id, live, gone, Newsroom, sorted, feedsOfStory, articleOnes } from './newsroom.ts';

test('a change of the audio alone is announced as such', async () => {
  const newsroom = new Newsroom();
  const audio = { href: '/audio/a/1.mp3', bytes: 1000, seconds: 2 };
  const heard = (state: ReturnType<typeof live>): ReturnType<typeof live> => ({
    ...state,
    ...(state.card && { card: { ...state.card, audio } }),
  });
  const other = { headlines: [{ value: 'Bridge open' }] };
  for (const state of [
    live(),
    heard(live()),
    live({ story: other }),
    heard(live({ story: other, firstPublished: noon + 1 })),
  ])
    await newsroom.publish(state);
  expect(articleOnes(newsroom.announcer.announced).map(({ type, detail }) => [type, 'audio' in detail])).toEqual([
    ['article.live', false],
    ['article.revised', true],
    ['article.revised', false],
    ['article.revised', false],
  ]);
});

describe('feeds', () => {
  test('have an entry for every placement of the head', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    const entries = await newsroom.entries();
    expect(entries.map(({ feed }) => feed).sort()).toEqual([...feedsOfStory].sort());
    expect(sorted(entries)).toEqual(sorted(await newsroom.wanted()));
  });

  test('lose an article that left them', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { subjects: [{ rel: 'section', literal: 'sport' }] } }));
    const feeds = (await newsroom.entries()).map(({ feed }) => feed);
    expect(feeds).toContain('section/sport');
    expect(feeds).not.toContain('section/news');
    expect(feeds).not.toContain('topic/bridges');
  });

  test('move an entry whose first publication changed, and keep no other', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ firstPublished: noon - 3_600_000 }));
    expect((await newsroom.feeds.page('latest', 10, undefined)).entries.map(({ place }) => place)).toEqual([
      `2026-05-01T11:00:00.000Z#${id}`,
    ]);
  });

  test('lose a withdrawn article, and have it back when it is live again', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(gone());
    expect(await newsroom.entries()).toEqual([]);
    await newsroom.publish(live());
    expect(await newsroom.entries()).toHaveLength(feedsOfStory.length);
  });

  test('lose an expired story', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live({ story: { expires: '2026-05-02T12:00:00.000Z' } }));
    await newsroom.publish(
      live({ story: { expires: '2026-05-02T12:00:00.000Z' }, now: Date.parse('2026-05-02T12:00:00Z') }),
    );
    expect(await newsroom.entries()).toEqual([]);
  });

  test('have the new `updated` of a story of which only the body changed', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { versionCreated: '2026-05-01T13:00:00Z' } }));
    expect(new Set((await newsroom.entries()).map(({ card }) => card?.updated))).toEqual(
      new Set(['2026-05-01T13:00:00Z']),
    );
  });

  test('are written from the present head, so that an old record cannot bring back a withdrawn story', async () => {
    const newsroom = new Newsroom();
    const first = await newsroom.publish(live());
    await newsroom.publish(gone());
    await project(newsroom, id, [first]);
    await project(newsroom, id, [{ before: undefined, after: first.after }, first]);
    expect(await newsroom.entries()).toEqual([]);
  });

  test('are right as soon as the first of many records is processed', async () => {
    const newsroom = new Newsroom();
    const first = await newsroom.write(live());
    const second = await newsroom.write(live({ story: { headlines: [{ value: 'Second headline' }] } }));
    await project(newsroom, id, [first]);
    expect((await newsroom.entries())[0]).toMatchObject({
      seq: second.after?.seq,
      card: { headline: 'Second headline' },
    });
  });

  test('are the same after records that are repeated, split, merged, interleaved or a week late', async () => {
    const other = 'urn:newsroom:other';
    const ids = [id, articleIdOf(other)];
    const newsroom = new Newsroom();
    await newsroom.write(live());
    await newsroom.write(live({ uri: other, story: { headlines: [{ value: 'Other' }] } }));
    await newsroom.write(live({ story: { headlines: [{ value: 'Second headline' }], genres: [] } }));
    await newsroom.write(gone(other));
    await newsroom.write(live({ firstPublished: noon - 60_000 }));
    const of = (articleId: string): HeadChange[] =>
      newsroom.records.filter(({ after }) => after?.articleId === articleId);

    for (const articleId of ids) await project(newsroom, articleId, of(articleId));
    const wanted = sorted(await newsroom.wanted(ids));
    expect(sorted(await newsroom.entries())).toEqual(wanted);
    const purged = new Set(newsroom.purges.flat());

    const deliveries: [string, HeadChange[]][] = [
      ...ids.map((articleId): [string, HeadChange[]] => [articleId, of(articleId)]),
      ...newsroom.records.map((record): [string, HeadChange[]] => [record.after?.articleId ?? '', [record]]),
      ...newsroom.records
        .toReversed()
        .map((record): [string, HeadChange[]] => [record.after?.articleId ?? '', [record, record]]),
    ];
    for (const [articleId, records] of deliveries) {
      const asked = newsroom.purgeRequests.asked.length;
      const announced = newsroom.announcer.announced.length;
      await project(newsroom, articleId, records);
      expect(sorted(await newsroom.entries())).toEqual(wanted);
      expect(newsroom.purgeRequests.asked.length).toBeGreaterThan(asked);
      expect(newsroom.announcer.announced.length).toBeGreaterThan(announced);
    }
    expect(new Set(newsroom.purges.flat())).toEqual(purged);
  });
});
