import { beforeEach, describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { articleTag, feedTag } from '../../../shared/purge/tags.ts';
import { croppedPicture } from '../../fixtures/awkward-stories.ts';
import { embeds } from '../../fixtures/embeds.ts';
import { at, harbour, listLifetime, Site } from './site.ts';
import { theme } from '../newspaper.ts';
import { story } from '../story.ts';

const uri = 'urn:newsroom:harbour-bridge';
const postUri = (number: number | string): string => `urn:newsroom:post-${number}`;
const postId = (number: number | string): string => articleIdOf(postUri(number));
const liveTag = feedTag(`live/${harbour}`);
const path = '/live/harbour';

/** Sends a post of the harbour's story that was made so many minutes after noon. */
async function post(
  site: Site,
  number: number | string,
  minute: number,
  { text = `Text of post ${number}.`, ...overrides }: Record<string, unknown> & { readonly text?: string } = {},
  marks: Record<string, unknown> = {},
): Promise<Site> {
  return site.send('article.published', {
    article: {
      uri: postUri(number),
      versionCreated: at(minute),
      headlines: [{ value: `Post ${number}` }],
      bodies: [{ contentType: 'text/html', value: `<p>${text}</p>` }],
      ...overrides,
    },
    post: { story: uri, ...marks },
  });
}

const start = async (site: Site, more: Record<string, unknown> = {}): Promise<Site> =>
  site.publish({}, { path, live: { coverageStartTime: at(-5), ...more } });

const shown = (body: string): string[] => [...body.matchAll(/ id="post-([a-z2-7]{16})"/g)].map(([, id = '']) => id);

describe('a live story', () => {
  let site: Site;
  beforeEach(async () => {
    site = await start(new Site());
  });

  test('shows its posts with their texts, newest first, in whatever order they arrive', async () => {
    for (const number of [2, 1, 3]) await post(site, number, number);
    const { status, body, headers } = await site.get(path);
    expect(status).toBe(200);
    expect(shown(body)).toEqual([3, 2, 1].map(postId));
    expect(body).toContain('<p>Text of post 2.</p>');
    expect(headers['cache-control']).toBe(listLifetime);
    expect(headers['cache-tag']?.split(',')).toEqual(expect.arrayContaining([articleTag(harbour), liveTag, 'feeds']));
  });

  test('purges one tag for a post, one for its correction, and announces no article', async () => {
    site.purgeRequests.asked.splice(0);
    site.announcer.announced.splice(0);
    await post(site, 1, 1);
    await post(site, 1, 2, { text: 'Corrected.', headlines: [{ value: 'Post 1' }] });
    expect(site.purgeRequests.asked.map(({ tags }) => tags)).toEqual([[liveTag], [liveTag]]);
    expect(site.announcer.announced.map(({ type, detail }) => [type, 'feeds' in detail && detail.feeds])).toEqual([
      ['feed.changed', [`live/${harbour}`]],
      ['feed.changed', [`live/${harbour}`]],
    ]);
    expect((await site.get(path)).body).toContain('<p>Corrected.</p>');
  });

  test('shows a pinned post once, above all others, and key points as links', async () => {
    await post(site, 1, 1, {}, { pinned: true });
    await post(site, 2, 2, {}, { key: true });
    await post(site, 3, 3);
    const { body } = await site.get(path);
    expect(shown(body)).toEqual([1, 3, 2].map(postId));
    expect(body).toContain('class="post pinned"');
    const points = /<nav class="more" aria-label="Key points">.*<\/nav>/.exec(body)?.[0];
    expect(points).toContain('>Post 2</a>');
    expect(points).not.toContain('>Post 3</a>');
    await post(site, 1, 4);
    expect((await site.get(path)).body).not.toContain('class="post pinned"');
  });

  test('has a bounded page and a link to older posts; a permalink leads to a post on whatever page it is', async () => {
    for (let number = 1; number <= 45; number += 1) await post(site, number, number);
    const { body } = await site.get(path);
    const first = shown(body).length;
    expect(first).toBeGreaterThan(10);
    const [older = ''] = /\/articles\/[a-z2-7]{16}\.posts\.html\?after=[\w-]+(?=">Older)/.exec(body) ?? [];
    const page = await site.get(older);
    const rest = Array.from({ length: 45 - first }, (_, index) => postId(45 - first - index));
    expect(shown(page.body)).toEqual(rest.slice(0, shown(page.body).length));
    expect(shown(page.body).length).toBeGreaterThan(10);
    expect(page.headers['cache-tag']).toContain(liveTag);

    const permalink = new RegExp(`[^"]*#post-${postId(3)}`);
    const feed = await site.get(`/feeds/live/${harbour}.json?limit=100`);
    const items = (JSON.parse(feed.body) as { items: { id: string; url: string; content_html: string }[] }).items;
    expect(items).toHaveLength(45);
    const { url = '', content_html: text } = items.find(({ id }) => id === postUri(3)) ?? {};
    expect(url).toMatch(permalink);
    expect(text).toContain('Text of post 3.');
    expect(shown((await site.get(url)).body)[0]).toBe(postId(3));
  });

  test.each<[string, (number: number) => Parameters<typeof post>[3], atLeast: number]>([
    ['short', () => ({ text: 'It rains.' }), 14],
    ['of eighty words', () => ({ text: 'The water has risen by a hand since noon. '.repeat(10) }), 9],
    ['long', () => ({ text: 'The water has risen by a hand since noon. '.repeat(150) }), 1],
    [
      'with a picture and a video',
      () => ({
        associations: [
          croppedPicture,
          {
            type: 'video',
            headlines: [{ value: 'Rain' }],
            renditions: [{ href: 'https://media.example.com/v.mp4', contentType: 'video/mp4' }],
          },
        ],
      }),
      4,
    ],
    ['with content of other sites', () => ({ text: `</p>${embeds.YouTube}${embeds.X}<p>` }), 4],
  ])('has a first page of at most 40 KB, pictures apart: posts %s', async (_, given, atLeast) => {
    for (let number = 1; number <= 24; number += 1)
      await post(site, number, number, given(number), { key: number % 2 === 0, pinned: number === 1 });
    const { body } = await site.get(path);
    // The pinned post, and the newest of the others.
    expect(shown(body)[0]).toBe(postId(1));
    expect(shown(body).length).toBeGreaterThan(atLeast);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(40_000);
    const [older = ''] = /\/articles\/[a-z2-7]{16}\.posts\.html\?after=[\w-]+(?=">Older)/.exec(body) ?? [];
    expect(shown((await site.get(older)).body)[0]).toBe(postId(25 - shown(body).length));
  });

  test('shows a picture or a video beside a post only if its text does not', async () => {
    const picture = {
      type: 'picture',
      renditions: [{ href: 'https://pictures.example.com/a.jpg', contentType: 'image/jpeg' }],
    };
    const video = {
      type: 'video',
      headlines: [{ value: 'Rain' }],
      renditions: [{ href: 'https://media.example.com/v.mp4', contentType: 'video/mp4' }],
    };
    await post(site, 1, 1, {
      text: '<a href="https://media.example.com/v.mp4">Rain</a> <img src="https://pictures.example.com/a.jpg" alt="">',
      associations: [picture, video],
    });
    await post(site, 2, 2, {
      text: '<a href="https://pictures.example.com/a.jpg">A picture</a>',
      associations: [picture],
    });
    const { body } = await site.get(path);
    expect(body).not.toContain('<video');
    expect(body.match(/<img [^>]*a\.jpg/g)).toHaveLength(2);
  });

  test('is marked as live in lists until its coverage ends', async () => {
    const mark = '<p class="kicker"><span class="live">Live</span> Around the Harbour</p>';
    expect((await site.get('/latest')).body).toContain(mark);
    site.purgeRequests.asked.splice(0);
    await site.publish({ versionCreated: at(70) }, { path, live: { coverageEndTime: at(90) } });
    expect(site.purgeRequests.asked.flatMap(({ tags }) => tags)).toContain(feedTag('latest'));
    expect((await site.get('/latest')).body).toContain(mark);
    site.clock.time = Date.parse(at(91));
    expect((await site.get('/latest')).body).not.toContain('class="live"');
    await site.publish({ versionCreated: at(71) }, { path });
    expect((await site.get('/feeds/latest.json')).body).not.toContain('"live"');
  });

  test.each(['ar', 'en-GB'])(
    'shows each post in its own direction in %s, and in its language otherwise',
    async (words) => {
      const paper = new (class extends Site {
        override readonly theme = { ...theme, translations: { [words]: { live: 'LIVE' } } };
      })();
      await paper.publish({ language: 'ar' }, { path, live: {} });
      await post(paper, 1, 1, { language: 'en' });
      await post(paper, 2, 2);
      const { body } = await paper.get(path);
      const [around, english, arabic] = words === 'ar' ? [undefined, 'ltr', undefined] : ['ltr', undefined, 'rtl'];
      const dirOf = (pattern: RegExp): string | undefined => / dir="(\w+)"/.exec(pattern.exec(body)?.[0] ?? '')?.[1];
      expect(dirOf(/<html[^>]*>/)).toBe('rtl');
      expect(dirOf(/<section class="posts"[^>]*>/)).toBe(around);
      expect(dirOf(/<h2[^>]*>Post 1/)).toBe(english);
      expect(dirOf(/<h2[^>]*>Post 2/)).toBe(arabic);
      const { items } = JSON.parse((await paper.get(`/feeds/live/${harbour}.json`)).body) as {
        items: { language: string; content_html: string }[];
      };
      expect(items.map(({ language }) => language)).toEqual(['ar', 'en']);
      expect(items.map(({ content_html: text }) => text.includes(' dir="rtl"'))).toEqual([true, false]);
    },
  );

  test('whose coverage ends before it begins is accepted with a warning, and says so nowhere', async () => {
    await site.publish({ versionCreated: at(1) }, { live: { coverageStartTime: at(30), coverageEndTime: at(20) } });
    expect(JSON.stringify(site.announcer.announced)).toContain(
      JSON.stringify([{ path: 'live.coverageStartTime', message: 'must not be after coverageEndTime' }]),
    );
    expect((await site.get(path)).body).not.toContain(at(30));
  });

  test('is a LiveBlogPosting', async () => {
    await post(site, 1, 1, { text: 'Rain &amp; wind.' });
    const { body } = await site.get(path);
    const [, json = ''] =
      /<script type="application\/ld\+json">(\{[^<]*LiveBlogPosting[^<]*)<\/script>/.exec(body) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'LiveBlogPosting',
      coverageStartTime: at(-5),
      headline: 'Harbour bridge reopens after storm repairs',
      liveBlogUpdate: [
        { '@type': 'BlogPosting', headline: 'Post 1', datePublished: at(1), articleBody: 'Rain & wind.' },
      ],
    });
  });

  test('lists its newest posts in a short answer that open pages poll', async () => {
    await post(site, 1, 1);
    await post(site, 2, 2);
    const { body, headers } = await site.get(`/articles/${harbour}.posts.json`);
    expect(JSON.parse(body)).toEqual({ posts: [2, 1].map(postId) });
    expect(headers['cache-tag']?.split(',')).toEqual([articleTag(harbour), liveTag, 'feeds']);
    expect((await site.get(path)).body).toContain(`data-posts="/articles/${harbour}.posts.json"`);
    await site.publish({ versionCreated: at(2) }, { live: { coverageEndTime: at(30) } });
    expect((await site.get(path)).body).not.toContain('data-posts=');
  });

  test.each(['unpublished', 'deleted', 'held', 'erased'])('loses a post everywhere when it is %s', async (kind) => {
    await post(site, 1, 1, {}, { pinned: true, key: true });
    await post(site, 2, 2);
    site.purgeRequests.asked.splice(0);
    await site.send(`article.${kind}`, { article: { uri: postUri(1), versionCreated: at(3) } });
    expect(site.purgeRequests.asked[0]?.tags).toEqual([liveTag]);
    for (const url of [
      path,
      `/articles/${harbour}.posts.json`,
      `/feeds/live/${harbour}.json`,
      `/feeds/live/${harbour}.rss`,
    ]) {
      const { status, body } = await site.get(url);
      expect(status).toBe(200);
      expect(body).not.toMatch(new RegExp(`Post 1|post 1|${postId(1)}`));
    }
    const atom = await site.get(`/feeds/live/${harbour}.atom`);
    expect(atom.body).toContain(`ref="${postUri(1)}"`);
    expect((await site.get(`/articles/${postId(1)}.json`)).status).toBe(404);
  });
});

describe('a post', () => {
  test('has no page, no JSON and no other list, and is on no front and no related story', async () => {
    const site = await start(new Site());
    await post(site, 1, 1, {
      subjects: [
        { rel: 'section', literal: 'news/local' },
        { rel: 'about', name: 'Storms' },
      ],
    });
    const head = site.articles.heads.get(postId(1));
    for (const url of [`/articles/${postId(1)}.json`, head?.path ?? '', `/articles/${postId(1)}.fragment.html`])
      expect((await site.get(url)).status).toBe(404);
    for (const url of ['/latest', '/section/news/local', '/feeds/latest.json', '/sitemap-news.xml', '/changes?since=0'])
      expect((await site.get(url)).body).not.toContain('Post 1');
    expect((await site.get('/topic/storms')).status).toBe(404);
    await site.send('front.published', {
      front: { name: 'home', versionCreated: at(5), containers: [{ title: 'Top', pins: [postUri(1)] }] },
    });
    await site.publish({ uri: 'urn:other', associations: [{ type: 'text', uri: postUri(1) }] }, { path: '/other' });
    for (const url of ['/fronts/home.json', '/other']) expect((await site.get(url)).body).not.toContain('Post 1');
  });

  test('that comes before its story is not visible until the story is public', async () => {
    const site = new Site();
    await post(site, 1, 1);
    const urls = [path, `/articles/${harbour}.posts.json`, `/feeds/live/${harbour}.json`];
    for (const url of urls) expect((await site.get(url)).status).toBe(404);
    expect(site.announcer.announced).toEqual([]);
    expect(site.purgeRequests.asked).toEqual([]);
    await start(site);
    for (const url of urls) expect((await site.get(url)).body).toContain(postId(1));
  });

  test.each<[string, string, Parameters<typeof story>[0]]>([
    ['withdrawn', 'article.unpublished', {}],
    ['withheld', 'article.updated', { pubStatus: 'withheld' }],
    ['held', 'article.held', {}],
    ['erased', 'article.erased', {}],
  ])('of a story that is %s is visible nowhere, and its changes are not announced', async (_, type, overrides) => {
    const site = await start(new Site());
    await post(site, 1, 1);
    await site.send(type, { article: { ...story(overrides), versionCreated: at(10) } });
    site.announcer.announced.splice(0);
    site.purgeRequests.asked.splice(0);
    await post(site, 1, 20, { text: 'Changed.' });
    await post(site, 2, 21);
    for (const url of [
      path,
      `/articles/${harbour}.posts.json`,
      `/articles/${harbour}.posts.html?after=${Buffer.from(`${at(40)}#${postId(1)}`).toString('base64url')}`,
      ...['json', 'rss', 'atom', 'mrss'].map((format) => `/feeds/live/${harbour}.${format}`),
      `/feeds/live/${harbour}/key.json`,
      `/articles/${postId(1)}.json`,
    ]) {
      const { status, body } = await site.get(url);
      expect([404, 410]).toContain(status);
      expect(body).not.toMatch(/Post \d|post \d|Changed/);
    }
    expect(site.announcer.announced).toEqual([]);
    expect(site.purgeRequests.asked).toEqual([]);
  });

  test('of an embargoed story is not visible until the embargo ends', async () => {
    const site = new Site();
    await site.publish({ embargoedUntil: at(300) }, { path, live: {} });
    await post(site, 1, 1);
    expect((await site.get(path)).status).toBe(404);
    expect((await site.get(`/feeds/live/${harbour}.json`)).status).toBe(404);
    expect(JSON.stringify(site.announcer.announced)).not.toMatch(/live\//);
    site.clock.time = Date.parse(at(301));
    await site.wake(harbour);
    expect((await site.get(path)).body).toContain('Text of post 1.');
  });

  test('that was withdrawn before its story was public is listed in no feed', async () => {
    const site = new Site();
    await site.publish({ embargoedUntil: at(300) }, { path, live: {} });
    await post(site, 1, 1);
    await site.send('article.deleted', { article: { uri: postUri(1), versionCreated: at(3) } });
    site.clock.time = Date.parse(at(301));
    await site.wake(harbour);
    const { status, body } = await site.get(`/feeds/live/${harbour}.atom`);
    expect(status).toBe(200);
    expect(body).not.toContain(postUri(1));
  });

  test('has an embargo and an expiry of its own', async () => {
    const site = await start(new Site());
    await post(site, 1, 1, { embargoedUntil: at(300), expires: at(400) });
    expect((await site.get(path)).body).not.toContain('Post 1');
    site.clock.time = Date.parse(at(301));
    await site.wake(postId(1));
    expect((await site.get(path)).body).toContain('Post 1');
    site.clock.time = Date.parse(at(401));
    await site.wake(postId(1));
    expect((await site.get(path)).body).not.toContain('Post 1');
  });

  test('is not shown on an article that is no live story, nor on another post', async () => {
    const site = await new Site().publish({}, { path });
    await post(site, 1, 1);
    await post(site, 'inner', 2, {}, { story: postUri(1) });
    expect((await site.get(path)).body).not.toContain('Post 1');
    for (const id of [harbour, postId(1)]) expect((await site.get(`/feeds/live/${id}.json`)).status).toBe(404);
  });

  test('can move to another story, and both pages are purged', async () => {
    const site = await start(new Site());
    await site.publish({ uri: 'urn:other' }, { path: '/other', live: {} });
    await post(site, 1, 1);
    site.purgeRequests.asked.splice(0);
    await post(site, 1, 2, {}, { story: 'urn:other' });
    expect(site.purgeRequests.asked.flatMap(({ tags }) => tags)).toEqual(
      expect.arrayContaining([liveTag, feedTag(`live/${articleIdOf('urn:other')}`)]),
    );
    expect((await site.get(path)).body).not.toContain('Post 1');
    expect((await site.get('/other')).body).toContain('Text of post 1.');
  });

  test('that was an article is withdrawn as an article, and an article that was a post is new', async () => {
    const site = await start(new Site());
    const article = story({ uri: postUri(1), headlines: [{ value: 'Post 1' }] });
    await site.send('article.published', { article, path: '/news/one' });
    site.announcer.announced.splice(0);
    site.purgeRequests.asked.splice(0);
    await post(site, 1, 1);
    expect(site.announcer.announced.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['article.withdrawn', 'feed.changed']),
    );
    expect(site.purgeRequests.asked.flatMap(({ tags }) => tags)).toEqual(
      expect.arrayContaining([articleTag(postId(1)), liveTag, feedTag('latest')]),
    );
    expect((await site.get('/news/one')).status).toBe(404);
    expect((await site.get('/changes?since=0')).body).not.toContain('"headline":"Post 1"');
    await site.send('article.updated', { article: { ...article, versionCreated: at(5) }, path: '/news/one' });
    expect(site.announcer.announced.map(({ type }) => type)).toContain('article.live');
    expect((await site.get('/news/one')).status).toBe(200);
    expect((await site.get(path)).body).not.toContain(postId(1));
  });
});
