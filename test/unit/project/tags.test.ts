import { describe, expect, test } from '@jest/globals';
import { project } from '../../../functions/project/project.ts';
import { type Head } from '../../../shared/article/head.ts';
import { articleTag, feedTag, pinTag } from '../../../shared/purge/tags.ts';
import { id, live, gone, Newsroom, feedsOfStory } from './newsroom.ts';

describe('tags of a change', () => {
  const before = live();
  const changed = async (after: Omit<Head, 'seq' | 'change'>): Promise<string[]> => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    await newsroom.publish(after);
    return newsroom.lastPurge;
  };
  const all = feedsOfStory.map(feedTag);

  test('a new story: its feeds, and fronts that pinned it before, but not its page', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    expect(newsroom.purges).toEqual([[...all, pinTag(id)].sort()]);
  });

  test.each([
    ['a body alone', { bodies: [{ role: 'main', value: '<p>New.</p>' }] }],
    [
      'a body and versionCreated',
      { bodies: [{ role: 'main', value: '<p>New.</p>' }], versionCreated: '2026-05-01T13:00:00Z' },
    ],
    ['versionCreated alone', { versionCreated: '2026-05-01T13:00:00Z' }],
    ['a note to the desk', { edNote: 'Check the numbers' }],
  ])('%s: only the article’s tag', async (_, overrides) => {
    expect(await changed(live({ story: overrides }))).toEqual([articleTag(id)]);
  });

  test.each([
    ['headline', { headlines: [{ value: 'New headline' }] }],
    ['standfirst', { descriptions: [{ role: 'standfirst', value: 'New standfirst' }] }],
    ['picture', { associations: [] }],
  ])('a %s, which is on the card: the article, all its feeds, and the fronts that pin it', async (_, overrides) => {
    expect(await changed(live({ story: overrides }))).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a moved section: the old feeds and the new ones', async () => {
    const tags = await changed(
      live({
        story: {
          subjects: [
            { rel: 'section', literal: 'sport' },
            { rel: 'about', name: 'Bridges' },
          ],
        },
      }),
    );
    expect(tags).toEqual([articleTag(id), ...all, feedTag('section/sport'), pinTag(id)].sort());
  });

  test('another author: every list, because feeds name the authors of each story', async () => {
    const tags = await changed(
      live({
        story: {
          people: [
            { rel: 'author', name: 'Ada Marlow' },
            { rel: 'author', name: 'Mo Tide' },
          ],
        },
      }),
    );
    expect(tags).toEqual([articleTag(id), ...all, feedTag('author/mo-tide'), pinTag(id)].sort());
  });

  test('an expiry: the page, every feed that it leaves, and the fronts that pin it', async () => {
    const newsroom = new Newsroom();
    const story = { expires: '2026-05-02T12:00:00.000Z' };
    await newsroom.publish(live({ story }));
    await newsroom.publish(live({ story, now: Date.parse('2026-05-03T12:00:00Z') }));
    expect(newsroom.lastPurge).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a withdrawal: the page, every feed that it leaves, and the fronts that pin it', async () => {
    expect(await changed(gone())).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a batch: the tags of every record, not only of the first and last', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    const away = await newsroom.write(
      live({ story: { headlines: [{ value: 'Mistaken' }], genres: [{ name: 'Opinion' }] } }),
    );
    const back = await newsroom.write(before);
    await project(newsroom, id, [away, back]);
    expect(newsroom.lastPurge).toEqual([articleTag(id), ...all, feedTag('genre/opinion'), pinTag(id)].sort());
  });

  test('a path taken from another article: that article’s tag too, but not again while the path stays', async () => {
    const newsroom = new Newsroom();
    const claim = { path: '/news/bridge', owned: true, takenFrom: 'otherotherothero' } as const;
    await newsroom.publish(live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: false } }));
    await newsroom.publish(live({ path: '/news/bridge', claim }));
    expect(newsroom.lastPurge).toContain(articleTag('otherotherothero'));
    expect(newsroom.lastPurge).toContain(articleTag(id));
    await newsroom.publish(
      live({ path: '/news/bridge', claim, story: { bodies: [], versionCreated: '2026-05-01T13:00:00Z' } }),
    );
    expect(newsroom.lastPurge).toEqual([articleTag(id)]);
  });

  test('a path taken by a new story: the previous owner’s tag', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(
      live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: true, takenFrom: 'otherotherothero' } }),
    );
    expect(newsroom.lastPurge).toContain(articleTag('otherotherothero'));
  });

  test('the request has the newest seq of the changes that it covers', async () => {
    const newsroom = new Newsroom();
    const records = [
      await newsroom.write(before),
      await newsroom.write(live({ story: { headlines: [{ value: 'New' }] } })),
    ];
    await project(newsroom, id, records);
    expect(newsroom.purgeRequests.asked[0]?.articles).toEqual([{ articleId: id, seq: records[1]?.after?.seq }]);
  });

  test('the request has each tag once', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(before);
    await project(newsroom, id, [record, record, record]);
    for (const tags of newsroom.purges) expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('urgency', () => {
  const asked = async (
    ...states: Omit<Head, 'seq' | 'change'>[]
  ): Promise<{ urgent: boolean; delaySeconds: number }[]> => {
    const newsroom = new Newsroom();
    for (const state of states) await newsroom.publish(state);
    const change = newsroom.purgeRequests.asked.filter(
      ({ articles }) => articles[0]?.seq === newsroom.records.at(-1)?.after?.seq,
    );
    return change.map(({ urgent, delaySeconds }) => ({ urgent, delaySeconds }));
  };

  test('an ordinary story waits for the collecting window, and is requested once', async () => {
    expect(await asked(live())).toEqual([{ urgent: false, delaySeconds: 0 }]);
    expect(await asked(live({ story: { urgency: 3 } }))).toEqual([{ urgent: false, delaySeconds: 0 }]);
  });

  test.each([1, 2])('urgency %i does not wait', async (urgency) => {
    expect(await asked(live({ story: { urgency } }))).toEqual([{ urgent: true, delaySeconds: 0 }]);
  });

  test('a withdrawal does not wait, and is purged again when no old answer can be on its way', async () => {
    expect(await asked(live(), gone())).toEqual([
      { urgent: true, delaySeconds: 0 },
      { urgent: true, delaySeconds: 30 },
    ]);
  });

  test('both purges of a withdrawal cover the same changes', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(gone());
    const [first, second] = newsroom.purges.slice(-2);
    expect(first).toEqual(second);
    expect(first).toContain(articleTag(id));
  });
});
