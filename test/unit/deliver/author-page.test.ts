import { beforeEach, describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate/node';
import { articleIdOf } from '../../../shared/article/article.ts';
import { at, json, Site, tagsOf } from './site.ts';
import { story } from '../story.ts';

const uri = 'urn:newsroom:people:ada-marlow';
const page = '/author/ada-marlow';
const tag = 'feed:author:ada-marlow';
const links = [{ label: 'Mastodon', href: 'https://social.example.com/@ada?a=1&b=2' }];
const portrait = {
  uri: 'urn:newsroom:portrait',
  type: 'picture',
  headlines: [{ value: 'Ada Marlow on the quay' }],
  renditions: [
    { href: 'https://pictures.example.com/ada-wide.jpg', width: 1600, height: 900, contentType: 'image/jpeg' },
    { href: 'https://pictures.example.com/ada-square.jpg', width: 600, height: 600, contentType: 'image/jpeg' },
  ],
};

const person = (overrides: Record<string, unknown> = {}, minute = 1): Record<string, unknown> => ({
  uri,
  versionCreated: at(minute),
  headlines: [{ value: 'Ada Marlow' }],
  bodies: [{ contentType: 'text/html', value: '<p>Ada has covered the <em>harbour</em> since 2009.</p>' }],
  associations: [portrait],
  ...overrides,
});

describe('the page of an author', () => {
  let site: Site;
  const profile = async (
    overrides: Record<string, unknown> = {},
    minute = 1,
    fields: Record<string, unknown> = {},
  ): Promise<Site> =>
    site.send('article.published', {
      article: person(overrides, minute),
      profile: { jobTitle: 'Harbour correspondent', links, ...fields },
    });
  const order = async (detailType: string, minute: number): Promise<Site> =>
    site.send(detailType, { article: { uri, versionCreated: at(minute) } }, at(60 + minute));
  const seen = async (): Promise<string> => (await site.get(page)).body;
  const withoutProfile = async (): Promise<string> => {
    const other = await new Site().publish();
    return (await other.get(page)).body;
  };

  beforeEach(async () => {
    site = await new Site().publish();
  });

  test('shows job, portrait, biography and links above the stories, and its feeds are unchanged', async () => {
    const feed = (await site.get('/feeds/author/ada-marlow.json')).body;
    await profile();
    const { body, status } = await site.get(page);
    expect(status).toBe(200);
    expect(/<h1>.*<\/h1>/.exec(body)?.[0]).toBe('<h1>Ada Marlow</h1>');
    expect(body).toContain('<p class="by">Harbour correspondent</p>');
    expect(body).toContain('<p>Ada has covered the <em>harbour</em> since 2009.</p>');
    expect(body).toMatch(
      /<img src="https:\/\/pictures\.example\.com\/ada-square\.jpg" alt="Ada Marlow on the quay" width="600" height="600"/,
    );
    expect(body).toContain('<a rel="me" href="https://social.example.com/@ada?a=1&amp;b=2">Mastodon</a>');
    expect(body).toContain('<meta property="og:image" content="https://pictures.example.com/ada-');
    expect(body.indexOf('class="profile"')).toBeLessThan(body.indexOf('class="river"'));
    expect(await new HtmlValidate({ extends: ['html-validate:standard'] }).validateString(body)).toMatchObject({
      results: [],
    });
    expect((await site.get('/feeds/author/ada-marlow.json')).body).toBe(feed);
  });

  test('describes the author to search engines as Google asks', async () => {
    await profile();
    const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(await seen()) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      '@type': 'ProfilePage',
      mainEntity: {
        '@type': 'Person',
        name: 'Ada Marlow',
        jobTitle: 'Harbour correspondent',
        description: 'Ada has covered the harbour since 2009.',
        image: [
          { '@type': 'ImageObject', url: 'https://pictures.example.com/ada-wide.jpg' },
          { '@type': 'ImageObject', url: 'https://pictures.example.com/ada-square.jpg' },
        ],
        sameAs: ['https://social.example.com/@ada?a=1&b=2'],
      },
    });
  });

  test('is purged by one tag for each change, which alone is announced', async () => {
    expect(tagsOf(await site.get(page))).toContain(tag);
    site.purgeRequests.asked.splice(0);
    site.announcer.announced.splice(0);
    await profile();
    await profile({}, 2, { jobTitle: 'Harbour editor' });
    await order('article.unpublished', 3);
    expect(site.purgeRequests.asked.map(({ tags }) => tags)).toEqual([[tag], [tag], [tag], [tag]]);
    expect(site.announcer.announced.map(({ type, detail }) => [type, 'feeds' in detail && detail.feeds])).toEqual(
      Array.from({ length: 3 }, () => ['feed.changed', ['author/ada-marlow/profile']]),
    );
  });

  test('has the newest version in whatever order they arrive, and moves with the name', async () => {
    await profile({}, 3, { jobTitle: 'Editor' });
    await profile({}, 2, { jobTitle: 'Reporter' });
    expect(await seen()).toContain('<p class="by">Editor</p>');
    await profile({ headlines: [{ value: 'Jon Bright' }] }, 4);
    expect(await seen()).toBe(await withoutProfile());
    expect((await site.get('/author/jon-bright')).body).toContain('class="profile"');
  });

  test.each(['article.unpublished', 'article.held', 'article.erased'])(
    'is as it was before the profile after %s, whatever arrives late',
    async (detailType) => {
      await profile({}, 2);
      await order(detailType, 4);
      await profile({}, 3);
      expect(await seen()).toBe(await withoutProfile());
    },
  );

  test('shows nothing of an embargoed profile, and no portrait that was pulled', async () => {
    await profile({ embargoedUntil: at(600) });
    expect(await seen()).toBe(await withoutProfile());
    await profile({}, 2);
    expect(await seen()).toContain('ada-square.jpg');
    await site.send('article.held', { article: { uri: portrait.uri, type: 'picture', versionCreated: at(3) } });
    const body = await seen();
    expect(body).not.toContain('pictures.example.com/ada-');
    expect(body).toContain('Harbour correspondent');
  });

  test('is all that shows a profile: it has no page, no place in other lists, and no 410', async () => {
    await profile();
    const id = articleIdOf(uri);
    const { path = '' } = await site.head(id);
    const urls = [`/articles/${id}.json`, path, `/articles/${id}.more.html`];
    for (const url of urls) expect((await site.get(url)).status).toBe(404);
    expect((await site.get('/feeds/author/ada-marlow/profile.json')).status).toBe(404);
    expect(json(await site.get('/feeds/latest.json'))['items']).toHaveLength(1);
    await order('article.deleted', 2);
    expect((await site.get(`/articles/${id}.json`)).status).toBe(404);
  });

  test('is 404 without a story, as before', async () => {
    await profile({ headlines: [{ value: 'Nobody Yet' }] });
    expect((await site.get('/author/nobody-yet')).status).toBe(404);
  });

  test('of a second page has the stories alone', async () => {
    await profile();
    await site.publish({ uri: 'urn:newsroom:second', versionCreated: at(2) });
    const [, next = ''] = /<a rel="next" href="([^"]*)"/.exec((await site.get(`${page}?limit=1`)).body) ?? [];
    expect((await site.get(next.replaceAll('&amp;', '&'))).body).not.toContain('class="profile"');
  });
});

test('an article that became a profile is withdrawn, and is new when it becomes one again', async () => {
  const site = await new Site().publish();
  const article = (minute: number): ReturnType<typeof story> => story({ versionCreated: at(minute) });
  site.announcer.announced.splice(0);
  await site.send('article.updated', { article: article(1), profile: {} });
  await site.send('article.updated', { article: article(2) });
  expect(site.announcer.announced.flatMap(({ type }) => (type.startsWith('article.') ? [type] : []))).toEqual([
    'article.withdrawn',
    'article.live',
  ]);
});
