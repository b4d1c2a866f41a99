import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article.ts';
import { story } from '../unit/story.ts';
import { Newsroom } from './newsroom.ts';

let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
});

afterAll(async () => newsroom.close());

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const pageOf = (uri: string): string => `/articles/${articleIdOf(uri)}.json`;
const status = async (path: string): Promise<number> => (await newsroom.get(path)).status;

describe('an embargo', () => {
  test('shows nothing anywhere until its instant, and the story within seconds after', async () => {
    const uri = 'urn:rules:budget';
    const path = '/news/politics/budget';
    const embargo = Date.now() + 4000;
    await newsroom.put(
      'article.published',
      story({
        uri,
        versionCreated: minutesAgo(1),
        embargoedUntil: new Date(embargo).toISOString(),
        subjects: [{ rel: 'section', literal: 'news/politics' }],
      }),
      { path },
    );
    await newsroom.settled();
    const unknown = await (await newsroom.get(pageOf('urn:rules:never-heard-of'))).text();
    const waiting = await newsroom.get(pageOf(uri));
    // Whoever asks after the embargo learns nothing of what was there before.
    if (Date.now() < embargo) {
      expect(waiting.status).toBe(404);
      expect(await waiting.text()).toBe(unknown);
      expect(await newsroom.uris('section/news/politics')).toEqual([]);
      expect(newsroom.about(uri)).toEqual([]);
    }
    await newsroom.until('it is live', async () => (await status(path)) === 200);
    expect(Date.now()).toBeGreaterThanOrEqual(embargo);
    await newsroom.until('it is listed', async () => (await newsroom.uris('section/news/politics')).includes(uri));
    expect(((await newsroom.json(pageOf(uri)))['_pressrun'] as { firstPublished: string }).firstPublished).toBe(
      new Date(embargo).toISOString(),
    );
  });

  test('moved on before it came due, shows nothing at the earlier instant', async () => {
    const uri = 'urn:rules:moved';
    const first = Date.now() + 2000;
    const put = async (minutes: number, instant: number): Promise<string> =>
      newsroom.put(
        'article.updated',
        story({ uri, versionCreated: minutesAgo(minutes), embargoedUntil: new Date(instant).toISOString() }),
        { receivedAt: Date.now() },
      );
    await put(2, first);
    await put(1, first + 3000);
    await newsroom.until('it is live', async () => (await status(pageOf(uri))) === 200);
    expect(Date.now()).toBeGreaterThanOrEqual(first + 3000);
  });
});

describe('an expired story', () => {
  test('leaves every list at its time; its page stays', async () => {
    const uri = 'urn:rules:offer';
    await newsroom.put(
      'article.published',
      story({ uri, versionCreated: minutesAgo(1), expires: new Date(Date.now() + 3000).toISOString(), genres: [{ name: 'Offer' }] }),
    );
    await newsroom.until('it is listed', async () => (await newsroom.uris('genre/offer')).includes(uri));
    await newsroom.until('it has left', async () => (await newsroom.uris('genre/offer')).length === 0);
    expect(await status(pageOf(uri))).toBe(200);
  });
});

describe('a hold', () => {
  test('keeps a story dark whatever the CMS sends, until it ends', async () => {
    const uri = 'urn:rules:trial';
    const item = { uri, versionCreated: minutesAgo(1) };
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9) }));
    await newsroom.until('it is live', async () => (await status(pageOf(uri))) === 200);
    await newsroom.put('article.held', item, { actor: 'legal', reason: 'injunction' });
    await newsroom.until('it is dark', async () => (await status(pageOf(uri))) === 410);
    await newsroom.put('article.updated', story({ uri, versionCreated: minutesAgo(5), headlines: [{ value: 'Sent all the same' }] }));
    await newsroom.settled();
    expect(await status(pageOf(uri))).toBe(410);
    await newsroom.put('article.unheld', item, { receivedAt: Date.now() + 1000 });
    await newsroom.until('it is back, as last sent', async () =>
      JSON.stringify(await newsroom.json(pageOf(uri))).includes('Sent all the same'),
    );
  });
});

describe('paths', () => {
  test('an old path leads to the present one, there and back again', async () => {
    const uri = 'urn:rules:mover';
    const put = async (minutes: number, path: string): Promise<string> =>
      newsroom.put('article.updated', story({ uri, versionCreated: minutesAgo(minutes) }), { path });
    const isAt = async (path: string): Promise<boolean> => (await status(path)) === 200;
    await put(9, '/news/a');
    await newsroom.until('it is at A', () => isAt('/news/a'));
    await put(8, '/news/b');
    await newsroom.until('it is at B', () => isAt('/news/b'));
    await newsroom.until('A leads to B', async () => (await newsroom.get('/news/a')).headers.get('location') === '/news/b');
    await put(7, '/news/a');
    await newsroom.until('it is at A again', () => isAt('/news/a'));
    await newsroom.until('B leads to A', async () => (await newsroom.get('/news/b')).headers.get('location') === '/news/a');
  });

  test('deleted and written anew under the same slug, the new story stands there', async () => {
    await newsroom.put('article.published', story({ uri: 'urn:rules:old', versionCreated: minutesAgo(9) }), { path: '/news/slug' });
    await newsroom.until('the old one is there', async () => (await status('/news/slug')) === 200);
    await newsroom.put('article.published', story({ uri: 'urn:rules:clash', versionCreated: minutesAgo(8) }), { path: '/news/slug' });
    await newsroom.until('a second one is told that it clashes', () =>
      newsroom.about('urn:rules:clash', 'article.live').some(({ detail }) => (detail as { pathClash?: string }).pathClash === '/news/slug'),
    );
    await newsroom.put('article.deleted', { uri: 'urn:rules:old', versionCreated: minutesAgo(7) });
    await newsroom.until('it is gone', async () => (await status('/news/slug')) === 410);
    await newsroom.put(
      'article.published',
      story({ uri: 'urn:rules:new', versionCreated: minutesAgo(6), headlines: [{ value: 'Written anew' }] }),
      { path: '/news/slug' },
    );
    await newsroom.until('the new one is there', async () => (await (await newsroom.get('/news/slug')).text()).includes('Written anew'));
  });
});

describe('a front', () => {
  test('comes out right from shuffled, doubled events, and follows what stands on it', async () => {
    const numbered = Array.from({ length: 30 }, (_, index) => `urn:front:${index}`);
    const publications = numbered.map((uri, index) => ({
      uri,
      item: story({
        uri,
        versionCreated: minutesAgo(200 + index),
        headlines: [{ value: `Story ${index}` }],
        genres: index % 10 === 3 ? [{ name: 'The News Explained' }] : [],
        subjects: [{ rel: 'section', literal: index % 10 === 5 ? 'news/royals' : 'front-test' }],
      }),
    }));
    const shuffled = [...publications, ...publications].sort((a, b) => articleIdOf(`${a.uri}!`).localeCompare(articleIdOf(`${b.uri}!`)));
    const front = {
      name: 'article',
      versionCreated: minutesAgo(3),
      containers: [
        { title: 'More Latest News', backfill: 'section/front-test', limit: 16, seeMore: '/latest' },
        { title: 'Latest News', backfill: 'section/front-test', limit: 10 },
        { title: 'The News Explained', backfill: 'genre/the-news-explained', limit: 4 },
        { title: 'Royals', backfill: 'section/news/royals', limit: 4 },
        { title: 'Highlights & Opinion', pins: ['urn:front:0', 'urn:front:later', 'urn:front:9'] },
        { title: 'More Topics', links: [{ label: 'Weather', href: '/topic/weather' }] },
      ],
    };
    await newsroom.putFront('front.published', front);
    await Promise.all(shuffled.map(async ({ item }) => newsroom.put('article.published', item)));
    await newsroom.until(
      'all are listed',
      async () => (await newsroom.uris('latest')).filter((uri) => uri.startsWith('urn:front:')).length === 30,
    );

    const uris = async (query = ''): Promise<string[][]> => {
      const { containers } = (await newsroom.json(`/fronts/article.json${query}`)) as { containers: { items: { uri: string }[] }[] };
      return containers.map(({ items }) => items.map(({ uri }) => uri));
    };
    const ordinary = numbered.filter((_, index) => index % 10 !== 5 && index !== 0 && index !== 9);
    const explained = numbered.filter((_, index) => index % 10 === 3);
    const wanted = [
      ordinary.slice(0, 16),
      ordinary.slice(16, 26),
      explained.filter((uri) => !ordinary.slice(0, 26).includes(uri)),
      numbered.filter((_, index) => index % 10 === 5),
      ['urn:front:0', 'urn:front:9'],
      [],
    ];
    await newsroom.until('the front is filled', async () => JSON.stringify(await uris()) === JSON.stringify(wanted));

    const without = await uris(`?exclude=${articleIdOf('urn:front:1')}`);
    expect(without[0]).toHaveLength(16);
    expect(without.flat()).not.toContain('urn:front:1');

    await newsroom.put('article.published', story({ uri: 'urn:front:later', versionCreated: minutesAgo(1), subjects: [] }));
    await newsroom.until(
      'a pin that went live appears',
      async () => (await uris())[4]?.join() === 'urn:front:0,urn:front:later,urn:front:9',
    );
    await newsroom.put('article.unpublished', { uri: 'urn:front:1', versionCreated: minutesAgo(1) });
    await newsroom.until('the list moves up', async () => (await uris())[0]?.join() === ordinary.slice(1, 17).join());
    await newsroom.putFront('front.unpublished', { name: 'article', versionCreated: minutesAgo(1) });
    await newsroom.until('the front is gone', async () => (await status('/fronts/article.json')) === 404);
  });
});
