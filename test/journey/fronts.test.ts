import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
});

afterAll(async () => newsroom.close());

const numbered = Array.from({ length: 40 }, (_, index) => `urn:front:${index}`);
const isRoyal = (index: number): boolean => index % 10 === 5;
const isExplained = (index: number): boolean => index % 10 === 3;
const pins = ['urn:front:38', 'urn:front:later', 'urn:front:0'];

/** The front below an article of a news site. */
const front = (minutes: number, title: string): object => ({
  name: 'article',
  versionCreated: minutesAgo(minutes),
  containers: [
    { title, backfill: 'latest', limit: 16, seeMore: '/latest' },
    { title: 'Latest News', backfill: 'latest', limit: 10, seeMore: '/latest' },
    {
      title: 'The News Explained',
      backfill: 'genre/the-news-explained',
      limit: 4,
      seeMore: '/genre/the-news-explained',
    },
    { title: 'Royals', backfill: 'section/news/royals', limit: 4, seeMore: '/section/news/royals' },
    { title: 'Highlights & Opinion', pins },
    {
      title: 'More Topics',
      links: [
        { label: 'Weather', href: '/topic/weather' },
        { label: 'Health', href: '/topic/health' },
      ],
    },
  ],
});

interface Container {
  readonly title: string;
  readonly items: readonly { readonly uri: string }[];
  readonly links?: unknown;
}

const containers = async (query = ''): Promise<readonly Container[]> => {
  const { containers: found = [] } = (await newsroom.json(`/fronts/article.json${query}`)) as {
    containers?: Container[];
  };
  return found;
};
const uris = async (query = ''): Promise<string[][]> =>
  (await containers(query)).map(({ items }) => items.map(({ uri }) => uri));
const isNow = async (wanted: readonly (readonly string[])[]): Promise<boolean> =>
  JSON.stringify(await uris()) === JSON.stringify(wanted);

/** The rails as they must be, from the stories of `latest`, newest first. */
function railsOf(latest: readonly string[], pinned: readonly string[]): string[][] {
  const free = latest.filter((uri) => !pinned.includes(uri));
  const [more, next] = [free.slice(0, 16), free.slice(16, 26)];
  const rest = free.slice(26);
  const of = (is: (index: number) => boolean): string[] =>
    rest.filter((uri) => numbered.includes(uri) && is(numbered.indexOf(uri))).slice(0, 4);
  return [more, next, of(isExplained), of(isRoyal), [...pinned], []];
}

test('the front page of a news site is right after shuffled and repeated events, and changes with its articles', async () => {
  const events = numbered.map((uri, index) =>
    story({
      uri,
      versionCreated: minutesAgo(200 + index),
      headlines: [{ value: `Story ${index}` }],
      genres: isExplained(index) ? [{ name: 'The News Explained' }] : [],
      subjects: [{ rel: 'section', literal: isRoyal(index) ? 'news/royals' : 'news' }],
    }),
  );
  // Two definitions, the older one arriving last: fronts are ordered like articles.
  const definitions = [front(3, 'More Latest News'), front(4, 'An older title')];
  const everything = [
    ...[...events, ...events].map((item) => async () => newsroom.put('article.published', item)),
    ...[...definitions, ...definitions].map(
      (definition) => async () => newsroom.putFront('front.published', definition),
    ),
  ];
  const shuffled = everything
    .map((send, index) => ({ send, at: articleIdOf(`shuffle ${index}`) }))
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ send }) => send);
  await Promise.all(shuffled.map(async (send) => send()));

  const pinned = ['urn:front:38', 'urn:front:0'];
  // Both definitions have the same rails, so the newer one is awaited by its title.
  await newsroom.until(
    'the front is right',
    async () => (await containers())[0]?.title === 'More Latest News' && (await isNow(railsOf(numbered, pinned))),
  );
  const shown = await containers();
  expect(shown.map(({ title }) => title)).toEqual([
    'More Latest News',
    'Latest News',
    'The News Explained',
    'Royals',
    'Highlights & Opinion',
    'More Topics',
  ]);
  expect(shown.map(({ items }) => items.length)).toEqual([16, 10, 1, 1, 2, 0]);
  expect(shown[5]?.links).toEqual([
    { label: 'Weather', href: '/topic/weather' },
    { label: 'Health', href: '/topic/health' },
  ]);
  const page = await (await newsroom.get('/fronts/article.html')).text();
  for (const text of ['More Latest News', 'Story 38', 'Highlights &amp; Opinion', 'href="/topic/weather"', 'See more'])
    expect(page).toContain(text);

  // Each article's page leaves itself out, and no list gets shorter.
  expect(await uris(`?exclude=${articleIdOf('urn:front:4')}`)).toEqual(
    railsOf(
      numbered.filter((uri) => uri !== 'urn:front:4'),
      pinned,
    ),
  );

  await newsroom.put(
    'article.published',
    story({ uri: 'urn:front:later', versionCreated: minutesAgo(600), genres: [], subjects: [] }),
  );
  await newsroom.until('a pin that went live appears', () => isNow(railsOf(numbered, pins)));

  const purges = (): number => newsroom.announced.filter((event) => event['detail-type'] === 'cdn.purged').length;
  const before = purges();
  await newsroom.put('article.held', { uri: 'urn:front:38', versionCreated: minutesAgo(1) });
  await newsroom.put('article.unpublished', { uri: 'urn:front:2', versionCreated: minutesAgo(1) });
  const left = numbered.filter((uri) => !['urn:front:38', 'urn:front:2'].includes(uri));
  await newsroom.until('both are skipped and the lists move up', () =>
    isNow(railsOf(left, ['urn:front:later', 'urn:front:0'])),
  );
  expect(purges()).toBeGreaterThan(before);

  // A new body alone touches no list: the front is not purged for it.
  await newsroom.until('the second purges are over', async () => {
    const asked = newsroom.announced.filter(
      (event) =>
        event['detail-type'] === 'cdn.purged' && JSON.stringify(event.detail).includes(articleIdOf('urn:front:2')),
    );
    return Promise.resolve(asked.length >= 2);
  });
  await newsroom.put('article.updated', {
    ...events[6],
    versionCreated: minutesAgo(1),
    bodies: [{ contentType: 'text/html', value: '<p>New text.</p>' }],
  });
  await newsroom.until('the page is purged', () => newsroom.about('urn:front:6', 'cdn.purged').length >= 2);
  expect((newsroom.about('urn:front:6', 'cdn.purged').at(-1)?.detail as { tags: string[] }).tags).toEqual([
    `article:${articleIdOf('urn:front:6')}`,
  ]);

  await newsroom.putFront('front.unpublished', { name: 'article', versionCreated: minutesAgo(1) });
  await newsroom.until('the front is gone', async () => (await newsroom.get('/fronts/article.json')).status === 404);
});

test('an invalid front is rejected with every issue', async () => {
  const refused = async (definition: object): Promise<string[]> => {
    const eventId = await newsroom.putFront('front.published', {
      name: 'refused',
      versionCreated: minutesAgo(1),
      ...definition,
    });
    await newsroom.until('it is refused', () =>
      newsroom.announced.some(({ detail }) => (detail as { eventId?: string }).eventId === eventId),
    );
    const { errors } = newsroom.announced.find(({ detail }) => (detail as { eventId?: string }).eventId === eventId)
      ?.detail as {
      errors: { path: string }[];
    };
    return errors.map(({ path }) => path);
  };
  expect(await refused({ containers: [{ title: 'A', backfill: 'sections/news' }] })).toEqual([
    'front.containers.0.backfill',
  ]);
  expect(await refused({ containers: [] })).toEqual(['front.containers']);
  expect(await refused({})).toEqual(['front.containers']);
  expect(
    await refused({ containers: [{ title: 'A', pins: Array.from({ length: 41 }, (_, n) => `urn:p:${n}`) }] }),
  ).toEqual(['front.containers']);
});
