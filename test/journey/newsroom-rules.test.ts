import { afterAll, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { story } from '../unit/story.ts';
import { keepsASearchIndex } from './examples/search.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

// Each test has stories of its own and mostly waits for clocks, so they run concurrently. They start before any hook runs.
const newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });

afterAll(async () => newsroom.close());

const pageOf = (uri: string): string => `/articles/${articleIdOf(uri)}.json`;
const status = async (path: string): Promise<number> => (await newsroom.get(path)).status;

test.concurrent(
  'an embargoed story is shown nowhere before its instant, and everywhere within seconds after it',
  async () => {
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
    // A request after the embargo shows nothing of the earlier state.
    if (Date.now() < embargo) {
      expect(waiting.status).toBe(404);
      expect(await waiting.text()).toBe(unknown);
      expect(await newsroom.uris('section/news/politics')).toEqual([]);
      expect(newsroom.about(uri)).toEqual([]);
    }
    await newsroom.until('it is live', async () => (await status(path)) === 200);
    expect(Date.now()).toBeGreaterThanOrEqual(embargo);
    await newsroom.until('it is listed', async () => (await newsroom.uris('section/news/politics')).includes(uri));
    // The 404 from before the end of its embargo is cached for five seconds.
    await newsroom.until('its JSON is there', async () => (await status(pageOf(uri))) === 200);
    expect(((await newsroom.json(pageOf(uri)))['_pressrun'] as { firstPublished: string }).firstPublished).toBe(
      new Date(embargo).toISOString(),
    );
  },
);

test.concurrent('an embargo that is moved to a later instant shows nothing at the earlier one', async () => {
  const uri = 'urn:rules:moved';
  const first = Date.now() + 2000;
  const put = async (minutes: number, instant: number): Promise<string> =>
    newsroom.put(
      'article.updated',
      story({ uri, versionCreated: minutesAgo(minutes), embargoedUntil: new Date(instant).toISOString() }),
      {
        receivedAt: Date.now(),
      },
    );
  await put(2, first);
  await put(1, first + 3000);
  await newsroom.until('it is live', async () => (await status(pageOf(uri))) === 200);
  expect(Date.now()).toBeGreaterThanOrEqual(first + 3000);
});

test.concurrent(
  'an embargo that is moved to an earlier instant ends then; a public story stays public while a newer version waits',
  async () => {
    const uri = 'urn:rules:forward';
    const put = async (minutes: number, inSeconds: number, headline: string): Promise<string> =>
      newsroom.put(
        'article.updated',
        story({
          uri,
          versionCreated: minutesAgo(minutes),
          embargoedUntil: new Date(Date.now() + inSeconds * 1000).toISOString(),
          headlines: [{ value: headline }],
        }),
        { receivedAt: Date.now() },
      );
    const headline = async (): Promise<unknown> => (await newsroom.json(pageOf(uri)))['headlines'];
    await put(9, 3600, 'In an hour');
    await put(8, 1, 'At once');
    await newsroom.until('it is live', async () => (await status(pageOf(uri))) === 200);
    await put(7, 3600, 'Tomorrow');
    await newsroom.settled();
    expect(await headline()).toEqual([{ value: 'At once' }]);
  },
);

test.concurrent(
  'an embargoed story is answered like a missing one in every list, front, sitemap, path and announcement',
  async () => {
    const uri = 'urn:rules:secret';
    const front = { name: 'secret', versionCreated: minutesAgo(5), containers: [{ title: 'Pins', pins: [uri] }] };
    await newsroom.putFront('front.published', front);
    await newsroom.put(
      'article.published',
      story({
        uri,
        versionCreated: minutesAgo(1),
        embargoedUntil: new Date(Date.now() + 3_600_000).toISOString(),
        headlines: [{ value: 'Sealed verdict' }],
        genres: [{ name: 'Sealed' }],
      }),
      { path: '/news/sealed' },
    );
    await newsroom.until('it is stored', async () => (await newsroom.versions(uri)) === 1);
    await newsroom.settled();
    const answerTo = async (path: string): Promise<unknown> => {
      const response = await newsroom.get(path);
      const { status: code, headers } = response;
      const shown = ['content-type', 'cache-control', 'x-amz-meta-cache-tag', 'etag', 'last-modified', 'location'].map(
        (name) => headers.get(name),
      );
      const unnamed = (text: string | null): string | undefined =>
        text
          ?.replaceAll(/sealed|not-there/g, 'NAME')
          .replaceAll(new RegExp(`${articleIdOf(uri)}|${articleIdOf('urn:rules:not-there')}`, 'g'), 'ID');
      // Other tests publish meanwhile, and an error page lists the latest stories.
      const text = (await response.text()).replace(/<nav class="more".*?<\/nav>/s, '');
      return [code, shown.map(unnamed), unnamed(text)];
    };
    expect(await answerTo(pageOf(uri))).toEqual(await answerTo(pageOf('urn:rules:not-there')));
    expect(await answerTo(`/articles/${articleIdOf(uri)}`)).toEqual(
      await answerTo(`/articles/${articleIdOf('urn:rules:not-there')}`),
    );
    expect(await answerTo('/news/sealed')).toEqual(await answerTo('/news/not-there'));
    expect(await answerTo('/feeds/genre/sealed.json')).toEqual(await answerTo('/feeds/genre/not-there.json'));
    for (const path of ['/sitemap-news.xml', '/feeds/latest.json?limit=100', '/fronts/secret.json', '/'])
      expect([path, (await (await newsroom.get(path)).text()).includes('Sealed')]).toEqual([path, false]);
    expect(newsroom.about(uri)).toEqual([]);
  },
);

const kinds: readonly (readonly [string, string, Record<string, string>, number])[] = [
  ['article.unpublished', 'unpublished', {}, 410],
  ['article.deleted', 'deleted', {}, 410],
  ['article.updated', 'canceled', { pubStatus: 'canceled' }, 410],
  ['article.updated', 'withheld', { pubStatus: 'withheld' }, 404],
];
test.concurrent(
  'a withdrawal of any kind removes a story from page, feeds, front and sitemap for good, and is purged twice',
  async () => {
    await Promise.all(kinds.map(async (kind) => withdraws(...kind)));
  },
);

async function withdraws(event: string, name: string, fields: Record<string, string>, code: number): Promise<void> {
  const uri = `urn:rules:${name}`;
  const path = `/news/${name}`;
  await newsroom.putFront('front.published', {
    name,
    versionCreated: minutesAgo(9),
    containers: [{ title: 'Pins', pins: [uri] }],
  });
  const publish = async (minutes: number): Promise<string> =>
    newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(minutes) }), { path });
  const surfaces = [
    '/feeds/latest.json?limit=100',
    '/feeds/section/news/local.rss',
    `/fronts/${name}.json`,
    '/sitemap-news.xml',
  ];
  const showing = async (): Promise<string[]> => {
    const texts = await Promise.all(surfaces.map(async (surface) => (await newsroom.get(surface)).text()));
    return surfaces.filter((_, index) => texts[index]?.includes(path) === true);
  };
  await publish(8);
  await newsroom.until(
    'it stands everywhere',
    async () => (await status(path)) === 200 && (await showing()).length === surfaces.length,
  );
  await newsroom.put(event, { uri, versionCreated: minutesAgo(5), ...fields }, { actor: 'ada', reason: 'complaint' });
  await newsroom.until(
    'it is gone everywhere',
    async () => (await status(path)) === code && (await showing()).length === 0,
  );
  // An older version, and the first one sent anew, bring nothing back.
  await publish(6);
  await publish(8);
  await newsroom.settled();
  expect([await status(path), await showing()]).toEqual([code, []]);
  await publish(2);
  await newsroom.until('a later version brings it back', async () => (await status(path)) === 200);
  const withdrawn = newsroom.about(uri, 'article.withdrawn')[0]?.detail as { seq: number };
  await newsroom.until(
    'it was purged twice',
    () =>
      newsroom
        .about(uri, 'cdn.purged')
        .filter(({ detail }) =>
          (detail as { articles: { seq: number }[] }).articles.some(({ seq }) => seq === withdrawn.seq),
        ).length >= 2,
  );
}

test.concurrent('a picture can be pulled from every story and list that uses it', async () => {
  const picture = {
    uri: 'urn:rules:picture',
    type: 'picture',
    by: 'A Photographer',
    renditions: [{ href: 'https://pictures.example.com/pulled.jpg', width: 800, height: 600 }],
  };
  const uris = ['urn:rules:illustrated-1', 'urn:rules:illustrated-2'];
  for (const uri of uris)
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9), associations: [picture] }));
  const showing = async (): Promise<number> => {
    const paths = [
      ...uris.map(pageOf),
      '/feeds/latest.json?limit=100',
      '/feeds/latest.rss?limit=100',
      '/latest?limit=100',
    ];
    const texts = await Promise.all(paths.map(async (path) => (await newsroom.get(path)).text()));
    return texts.filter((text) => text.includes('pulled.jpg')).length;
  };
  await newsroom.until('it shows', async () => (await showing()) >= 4);
  await newsroom.put('article.held', { uri: picture.uri, type: 'picture', versionCreated: minutesAgo(1) });
  await newsroom.until('nothing shows it', async () => (await showing()) === 0);
  expect(await status(pageOf(uris[0] ?? ''))).toBe(200);
  await newsroom.put(
    'article.unheld',
    { uri: picture.uri, type: 'picture', versionCreated: minutesAgo(1) },
    { receivedAt: Date.now() + 1000 },
  );
  await newsroom.until('it shows again', async () => (await showing()) >= 4);
});

test.concurrent(
  'a correction is shown on the page and in JSON-LD with its time; first publication stays, and notes to the desk never show',
  async () => {
    const uri = 'urn:rules:corrected';
    const path = '/news/corrected';
    const put = async (minutes: number, more: Record<string, unknown>): Promise<string> =>
      newsroom.put(
        'article.updated',
        story({ uri, versionCreated: minutesAgo(minutes), edNote: 'Lawyers: careful', ...more }),
        { path },
      );
    await put(90, { firstCreated: minutesAgo(200), firstPublished: minutesAgo(100) });
    await newsroom.until('it is live', async () => (await status(path)) === 200);
    const meta = async (): Promise<{ firstPublished: string; updated: string }> =>
      (await newsroom.json(pageOf(uri)))['_pressrun'] as { firstPublished: string; updated: string };
    const { firstPublished } = await meta();
    const corrected = minutesAgo(30);
    await newsroom.put(
      'article.updated',
      story({
        uri,
        versionCreated: corrected,
        firstPublished: minutesAgo(40),
        edNote: 'Lawyers: careful',
        genres: [{ name: 'Correction' }],
      }),
      { path },
    );
    await newsroom.until('the correction shows', async () =>
      (await (await newsroom.get(path)).text()).includes('CorrectionComment'),
    );
    const text = await (await newsroom.get(path)).text();
    expect(text).toMatch(new RegExp(`<p class="correction">.*<time datetime="${corrected}">`));
    expect(text).toContain(`"correction":{"@type":"CorrectionComment","datePublished":"${corrected}"}`);
    expect(await meta()).toMatchObject({ firstPublished, updated: corrected });
    await newsroom.until('lists know', async () =>
      (await (await newsroom.get('/feeds/genre/correction.json')).text()).includes(corrected),
    );
    for (const surface of [
      path,
      pageOf(uri),
      '/feeds/genre/correction.json',
      '/feeds/genre/correction.rss',
      '/feeds/genre/correction.atom',
    ])
      expect([surface, (await (await newsroom.get(surface)).text()).includes('Lawyers')]).toEqual([surface, false]);
  },
);

test.concurrent('an expired story leaves every list at its time, and its page stays', async () => {
  const uri = 'urn:rules:offer';
  await newsroom.put(
    'article.published',
    story({
      uri,
      versionCreated: minutesAgo(1),
      expires: new Date(Date.now() + 3000).toISOString(),
      genres: [{ name: 'Offer' }],
    }),
  );
  await newsroom.until('it is listed', async () => (await newsroom.uris('genre/offer')).includes(uri));
  await newsroom.until('it has left', async () => (await newsroom.uris('genre/offer')).length === 0);
  expect(await status(pageOf(uri))).toBe(200);
});

test.concurrent('a hold hides a story until it ends, whatever the CMS sends', async () => {
  const uri = 'urn:rules:trial';
  const item = { uri, versionCreated: minutesAgo(1) };
  await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9) }));
  await newsroom.until('it is live', async () => (await status(pageOf(uri))) === 200);
  await newsroom.put('article.held', item, { actor: 'legal', reason: 'injunction' });
  await newsroom.until('it is dark', async () => (await status(pageOf(uri))) === 410);
  await newsroom.put(
    'article.updated',
    story({ uri, versionCreated: minutesAgo(5), headlines: [{ value: 'Sent all the same' }] }),
  );
  await newsroom.settled();
  expect(await status(pageOf(uri))).toBe(410);
  await newsroom.put('article.unheld', item, { receivedAt: Date.now() + 1000 });
  await newsroom.until('it is back, as last sent', async () =>
    JSON.stringify(await newsroom.json(pageOf(uri))).includes('Sent all the same'),
  );
});

test.concurrent('an old path leads to the present one after every move', async () => {
  const uri = 'urn:rules:mover';
  const put = async (minutes: number, path: string): Promise<string> =>
    newsroom.put('article.updated', story({ uri, versionCreated: minutesAgo(minutes) }), { path });
  const isAt = async (path: string): Promise<boolean> => (await status(path)) === 200;
  await put(9, '/news/a');
  await newsroom.until('it is at A', () => isAt('/news/a'));
  await put(8, '/news/b');
  await newsroom.until('it is at B', () => isAt('/news/b'));
  await newsroom.until(
    'A leads to B',
    async () => (await newsroom.get('/news/a')).headers.get('location') === '/news/b',
  );
  await put(7, '/news/a');
  await newsroom.until('it is at A again', () => isAt('/news/a'));
  await newsroom.until(
    'B leads to A',
    async () => (await newsroom.get('/news/b')).headers.get('location') === '/news/a',
  );
});

test.concurrent('a path whose story was deleted shows the new story with the same slug', async () => {
  await newsroom.put('article.published', story({ uri: 'urn:rules:old', versionCreated: minutesAgo(9) }), {
    path: '/news/slug',
  });
  await newsroom.until('the old one is there', async () => (await status('/news/slug')) === 200);
  await newsroom.put('article.published', story({ uri: 'urn:rules:clash', versionCreated: minutesAgo(8) }), {
    path: '/news/slug',
  });
  await newsroom.until('the clash of a second story is announced', () =>
    newsroom
      .about('urn:rules:clash', 'article.live')
      .some(({ detail }) => (detail as { pathClash?: string }).pathClash === '/news/slug'),
  );
  await newsroom.put('article.deleted', { uri: 'urn:rules:old', versionCreated: minutesAgo(7) });
  await newsroom.until('the second one is there', () =>
    newsroom
      .about('urn:rules:clash', 'article.revised')
      .some(({ detail }) => (detail as { path?: string }).path === '/news/slug'),
  );
  await newsroom.put('article.deleted', { uri: 'urn:rules:clash', versionCreated: minutesAgo(7) });
  await newsroom.until('it is gone', async () => (await status('/news/slug')) === 410);
  await newsroom.put(
    'article.published',
    story({ uri: 'urn:rules:new', versionCreated: minutesAgo(6), headlines: [{ value: 'Written anew' }] }),
    { path: '/news/slug' },
  );
  await newsroom.until('the new one is there', async () =>
    (await (await newsroom.get('/news/slug')).text()).includes('Written anew'),
  );
});

test.concurrent(
  'the search index of examples/search has what readers see, through updates, embargoes and crashes',
  () => keepsASearchIndex(newsroom),
);
