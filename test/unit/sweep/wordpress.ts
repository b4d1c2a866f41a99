import { beforeEach, describe, expect, test } from '@jest/globals';
import { wordpressPost, type Delivery } from '../../fixtures/cms/newsroom.ts';
import { sourceNamed } from '../../../shared/cms/sources.ts';
import { noon } from '../story.ts';
import { Newsroom } from './newsroom.ts';

describe('a sweep of WordPress', () => {
  const gmt = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
  let lists: { wordpress: Record<string, unknown>[] };
  let newsroom: Newsroom;

  beforeEach(() => {
    lists = { wordpress: [] };
    newsroom = new Newsroom(lists);
  });

  const webhook = (rest: Record<string, unknown>, now: string, was: string | null): Delivery => ({
    source: 'wordpress',
    body: {
      hook: 'wp_after_insert_post',
      rest: { ...rest, status: now },
      new_status: now,
      old_status: was,
      sent_at: newsroom.endpoint.clock.time / 1000,
    },
  });

  test('finds a post that was rescheduled and published without a new time of change', async () => {
    const published = wordpressPost(11, { date_gmt: gmt(noon - 7_200_000), modified_gmt: gmt(noon - 7_200_000) });
    lists.wordpress.push(published);
    await newsroom.hear(webhook(published, 'publish', null));
    await newsroom.sweep('wordpress');
    const [moved] = [newsroom.pipeline.clock.time];
    lists.wordpress.pop();
    expect((await newsroom.sweep('wordpress')).withdrawn).toBe(1);
    expect(newsroom.live()).toEqual({});
    // Longer than the sweep looks back.
    newsroom.pipeline.clock.time += 3 * 86_400_000;
    await newsroom.sweep('wordpress');
    lists.wordpress.push({ ...published, modified_gmt: gmt(moved), date_gmt: gmt(newsroom.pipeline.clock.time) });
    expect((await newsroom.sweep('wordpress')).sent).toBe(1);
    expect(Object.keys(newsroom.live())).toEqual(['wordpress:main/11']);
  });

  test('is not undone by a late webhook of an earlier edit of a withdrawn post', async () => {
    const [first, second] = ['First', 'Second'].map((title, index) =>
      wordpressPost(11, { title: { rendered: title }, modified_gmt: gmt(noon - 7_200_000 + index * 1000) }),
    );
    await newsroom.hear(webhook(first ?? {}, 'publish', null));
    await newsroom.sweep('wordpress');
    expect(newsroom.live()).toEqual({});
    await newsroom.hear(webhook(second ?? {}, 'publish', 'publish'));
    expect(newsroom.live()).toEqual({});
  });

  test('restores an earlier text of a post with its earlier time, because the CMS shows it', async () => {
    const [first, second] = ['First', 'Second'].map((title, index) =>
      wordpressPost(11, { title: { rendered: title }, modified_gmt: gmt(noon - 7_200_000 + index * 1000) }),
    );
    await newsroom.hear(webhook(first ?? {}, 'publish', null));
    await newsroom.hear(webhook(second ?? {}, 'publish', 'publish'));
    lists.wordpress.push(first ?? {});
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(1);
    expect(newsroom.live()['wordpress:main/11']?.[0]).toBe('First');
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(0);
  });

  test('finds every post of an import, though all have one time of change', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => index + 1);
    lists.wordpress.push(...ids.map((id) => wordpressPost(id)));
    expect((await newsroom.sweep('wordpress', { wholeArchive: true })).sent).toBe(120);
    expect(Object.keys(newsroom.live())).toHaveLength(120);
  });

  test('finds and checks posts of each type that holds articles', async () => {
    const { defaults } = sourceNamed('wordpress') ?? {};
    if (!defaults) throw new Error('no source');
    const both = { settings: { ...defaults, collection: 'post, opinion', collectionPlural: 'posts, opinions' } };
    lists.wordpress.push(wordpressPost(11), wordpressPost(12, { type: 'opinion' }));
    expect((await newsroom.sweep('wordpress', both)).sent).toBe(2);
    expect(await newsroom.sweep('wordpress', both)).toMatchObject({ sent: 0, withdrawn: 0 });
    expect(Object.keys(newsroom.live()).sort()).toEqual(['wordpress:main/11', 'wordpress:main/12']);
    lists.wordpress.pop();
    expect((await newsroom.sweep('wordpress', both)).withdrawn).toBe(1);
    expect(Object.keys(newsroom.live())).toEqual(['wordpress:main/11']);
  });

  test('is followed by a publication that WordPress makes later, whatever time of change it has', async () => {
    const date = noon - 60_000;
    const post = wordpressPost(11, { date_gmt: gmt(date), modified_gmt: gmt(noon - 7_200_000) });
    newsroom.endpoint.clock.time = noon - 3_600_000;
    await newsroom.hear(webhook(post, 'future', null));
    // Its date has come, and WP-Cron is late.
    newsroom.pipeline.clock.time = noon;
    await newsroom.sweep('wordpress');
    expect(newsroom.live()).toEqual({});
    newsroom.endpoint.clock.time = newsroom.pipeline.clock.time + 60_000;
    await newsroom.hear(webhook(post, 'publish', 'future'));
    expect(Object.keys(newsroom.live())).toEqual(['wordpress:main/11']);
  });

  test('finds no new version in markup that is rendered anew for each request', async () => {
    let requests = 0;
    const rendered = (): string => {
      requests += 1;
      return `<figure class="wp-block-gallery wp-block-gallery-${requests}" id="g-${Math.random()}"><img src="https://wp.example.com/a.jpg?_wpnonce=${requests}" alt="A &#038; B"></figure><form><label for="s-${requests}">Search</label><input id="s-${requests}"></form><iframe src="https://wp.example.com/story/embed/#?secret=k${requests}" data-secret="k${requests}"></iframe>`;
    };
    const post = (): Record<string, unknown> => wordpressPost(11, { content: { rendered: rendered() } });
    await newsroom.hear(webhook(post(), 'publish', null));
    lists.wordpress.push(post());
    for (const wholeArchive of [false, true, true]) {
      lists.wordpress.splice(0, 1, post());
      expect((await newsroom.sweep('wordpress', { wholeArchive })).sent).toBe(0);
    }
    expect(newsroom.versions('wordpress:main/11')).toBe(1);
  });
});
