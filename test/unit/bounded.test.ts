import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { store } from '../../functions/store/store.ts';
import { accept } from '../../shared/article/accept.ts';
import { readNinjs } from '../../shared/article/ninjs.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { withFewerFeeds } from '../../shared/feed/placement.ts';
import { noSettings } from '../../shared/cms/source-settings.ts';
import { sourceNamed } from '../../shared/cms/sources.ts';
import { NoTimeLeft, Overrun } from '../../shared/time-limit.ts';
import { message, newsItem, newsmlUri, packageItem } from '../fixtures/cms/newsml.ts';
import { wordpressPost } from '../fixtures/cms/newsroom.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { CallCounter } from './executed-calls.ts';
import { busEvent, noon, story } from './story.ts';

const long = 'a'.repeat(100_000);
const judged = (article: Record<string, unknown>): ReturnType<typeof accept> =>
  accept(busEvent('article.published', { article: { ...article } }), 'd');

// Everything made from a text is a small multiple of it; otherwise a few texts would fill a function's memory.
describe('one long text is not repeated for each of many parts:', () => {
  test('a name in the paths of issues', () => {
    const { issues } = readNinjs(story({ [long]: Array.from({ length: 4000 }, () => ({ embarg: 1 })) }));
    expect(issues.length).toBeGreaterThan(0);
    expect(JSON.stringify(issues).length).toBeLessThan(20_000);
  });

  test('the names in deeply nested issues', () => {
    const many = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`embargo${index}`, 1]));
    const deep = Array.from({ length: 80 }).reduce<object>((item) => ({ associations: [item] }), many);
    expect(JSON.stringify(readNinjs(story({ ...deep })).issues).length).toBeLessThan(200_000);
  });

  test.each<[string, Record<string, unknown>]>([
    ['the name of associations', { associations: { [long]: Array.from({ length: 3000 }, () => ({})) } }],
    ['the name of renditions', { renditions: { [long]: Array.from({ length: 4000 }, () => ({})) } }],
    ['the type of renditions', { mimetype: long, renditions: Array.from({ length: 4000 }, () => ({})) }],
  ])('%s', (_, others) => {
    expect(JSON.stringify(readNinjs(story(others)).item).length).toBeLessThan(1_000_000);
  });

  test.each([
    ['the address of a link', `<p><a href="http://x/${long}">x</p>${'<p>x</p>'.repeat(1000)}`],
    ['the title of a link', `<p><a title="${long}" href="http://x/">x</p>${'<p>x</p>'.repeat(1000)}`],
    ['the class of an element', `<p><b class="${long}">x</p>${'<p>x</p>'.repeat(1000)}`],
  ])('%s, repeated by the parser in each paragraph', (_, html) => {
    expect(() => sanitise(html)).toThrow(/^must have less markup/);
  });

  test('an address longer than browsers accept', () => {
    expect(sanitise(`<p><a href="https://a.example/${'a'.repeat(5000)}">x</a></p>`)).toBe('<p>x</p>');
    const ordinary = `<p><a href="https://a.example/${'a'.repeat(2000)}">x</a></p>`;
    expect(sanitise(ordinary)).toBe(ordinary);
  });

  test('a text keeps its paragraphs when a data URL of a megabyte is removed', () => {
    expect(sanitise(`<p>x</p><img src="data:image/png;base64,${'A'.repeat(1_000_000)}"><p>y</p>`)).toBe(
      '<p>x</p><p>y</p>',
    );
  });
});

describe('JSON of excessive size is rejected before it is validated', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a list', { subjects: Array.from({ length: 100_000 }, () => 1) }],
    ['an object', { extra: Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, 1])) }],
    ['a name', { [long]: 1 }],
  ])('%s', (_, others) => {
    expect(judged(story(others))).toMatchObject({ kind: 'rejected', errors: [{ path: '' }] });
  });
});

test('a story that needs a text longer than V8’s limit is rejected after three attempts', async () => {
  const pipeline = new Pipeline(noon);
  const body = busEvent('article.published', { article: story() });
  const limit = (): never => {
    throw new RangeError('Invalid string length');
  };
  await expect(store(pipeline, body, 'd', { attempt: 1, limit })).rejects.toThrow(RangeError);
  expect(await store(pipeline, body, 'd', { attempt: 3, limit })).toBe('rejected');
  expect(pipeline.announcer.announced.map(({ type }) => type)).toEqual(['article.rejected']);
});

describe('work is at most linear in', () => {
  let counter: CallCounter;

  beforeAll(() => {
    counter = new CallCounter({ detailed: true });
  });

  afterAll(() => {
    counter.stop();
  });

  const ghost = (tags: readonly unknown[]): unknown => ({
    post: {
      current: {
        id: 'g1',
        title: 'T',
        html: '<p>x</p>',
        status: 'published',
        visibility: 'public',
        updated_at: '2026-05-01T12:00:00Z',
        published_at: '2026-05-01T12:00:00Z',
        tags,
      },
      previous: {},
    },
  });
  const readNewsml = (items: string): void => {
    const xml = `<newsMessage><itemSet>${items}</itemSet></newsMessage>`;
    sourceNamed('newsml')?.read(xml, noSettings, { receivedAt: noon, headers: {} });
  };
  const packed = (guid: string, ref: string, size: number): string =>
    `<packageItem guid="${guid}"><itemMeta></itemMeta>${some(size, (index) => `<itemRef residref="${size === 1 ? ref : ref + String(index)}"/>`).join('')}</packageItem>`;
  const bare = (guid: string, meta: string): string =>
    `<newsItem guid="${guid}"><itemMeta><itemClass qcode="n:picture"/>${meta}</itemMeta><contentSet><remoteContent href="https://a.example/${guid}.jpg"/></contentSet></newsItem>`;
  const some = <T>(length: number, entry: (index: number) => T): T[] =>
    Array.from({ length }, (_, index) => entry(index));

  test.each<[string, (size: number) => void]>([
    [
      'subjects and genres that are in too many feeds',
      (size) => {
        const genres = [...some(301, (index) => ({ name: `g${index}` })), ...some(size, () => ({ name: 'a' }))];
        withFewerFeeds(story({ subjects: some(size, () => ({ name: 'a' })), genres }), 300);
      },
    ],
    [
      'entries of a list of which many are left out',
      (size) => {
        const tags = [...some(size, () => null), ...some(size, () => ({ name: null, slug: 'a' }))];
        sourceNamed('ghost')?.read(ghost(tags), noSettings, { receivedAt: noon, headers: {} });
      },
    ],
    [
      'references of a package to one text',
      (size, few = size / 8) => {
        readNewsml(
          newsItem('a') +
            packageItem(
              'k',
              some(few, () => 'a'),
            ),
        );
      },
    ],
    [
      'the attributes of one element',
      (size) => {
        readNewsml(`<newsItem guid="a" ${some(size, (index) => `a${index}=""`).join(' ')}/>`);
      },
    ],
    [
      'the texts of one package',
      (size, few = size / 8) => {
        readNewsml(some(few, (index) => `<newsItem guid="t${index}"/>`).join('') + packed('k', 't', few));
      },
    ],
    [
      'the texts and pictures of one package',
      (size, few = size / 8) => {
        readNewsml(
          some(few, (index) => `<newsItem guid="t${index}"/>${bare(`p${index}`, '')}`).join('') +
            packed('k', 't', few) +
            packed('k', 'p', few),
        );
      },
    ],
    [
      'packages in packages, each with an embargo of its own',
      (size, few = size / 8) => {
        readNewsml(
          some(few, (index) =>
            packed(`k${index}`, `k${index + 1}`, 1).replace(
              '<itemMeta>',
              `<itemMeta><embargoed>${new Date(noon + index * 1000).toISOString()}</embargoed>`,
            ),
          ).join(''),
        );
      },
    ],
    [
      'embargoed pictures that texts name',
      (size, few = size / 8) => {
        readNewsml(
          some(
            few,
            (index) =>
              bare(`p${index}`, '<embargoed/>') +
              `<newsItem guid="t${index}"><contentSet><inlineXML><p href="https://a.example/p${index}.jpg"/></inlineXML></contentSet></newsItem>`,
          ).join(''),
        );
      },
    ],
  ])('%s', (_, work) => {
    const [once = 0, twice = 0, fourTimes = 0] = [1000, 2000, 4000].map((size) =>
      counter.callsOf(() => {
        work(size);
      }),
    );
    expect(once).toBeGreaterThan(1000);
    expect(twice).toBeLessThanOrEqual(2.4 * once);
    expect(fourTimes).toBeLessThanOrEqual(2.4 * twice);
  });

  test('the names of a WordPress post, which share one budget of markup', () => {
    const name = '<i>x</i>'.repeat(1000);
    const terms = some(200, (index) => ({ name, slug: `t${index}`, taxonomy: 'post_tag' }));
    const reading = sourceNamed('wordpress')?.read(
      {
        hook: 'wp_after_insert_post',
        new_status: 'publish',
        rest: wordpressPost(7, { _embedded: { 'wp:term': [terms] } }),
      },
      { ...noSettings, collection: 'post' },
      { receivedAt: noon, headers: {} },
    );
    const [command] = reading !== undefined && 'commands' in reading ? reading.commands : [];
    const names = (command?.detail.article.subjects ?? []).map((subject) => subject.name);
    expect([names[0], names.at(-1)]).toEqual(['x'.repeat(1000), name]);
  });
});

describe('ingest', () => {
  const item = (id: string): object => ({
    id,
    status: 'published',
    title: `Title ${id}`,
    body: '<p>x</p>',
    date_updated: '2026-05-01T11:00:00Z',
  });

  test.each<[string, Error]>([
    ['takes too long', new Overrun('must be simpler')],
    ['makes a text longer than V8 can hold', new RangeError('Invalid string length')],
    ['is read when no time is left', new NoTimeLeft('no time')],
  ])('answers 422 for one story that %s, and accepts the others', async (_, error) => {
    const endpoint = new WebhookEndpoint();
    const limit = <T>(work: () => T): T => {
      const result = work();
      if (typeof result === 'object' && result !== null && 'event' in result && JSON.stringify(result).includes('slow'))
        throw error;
      return result;
    };
    const response = await endpoint.post('directus', [item('a'), item('slow'), item('b')], { limit });
    expect([response.status, JSON.parse(response.body)]).toMatchObject([
      422,
      { errors: [{ path: '1.' }], accepted: ['directus:main/a', 'directus:main/b'] },
    ]);
    expect(endpoint.bus.events).toHaveLength(2);
  });

  test.each<[string, Error]>([
    ['takes too long', new Overrun('must be simpler')],
    ['is read when no time is left', new NoTimeLeft('no time')],
  ])('reads each story of a request separately: one that %s does not affect the others', async (_, error) => {
    const limit = <T>(work: () => T): T => {
      const result = work();
      if (
        typeof result === 'object' &&
        result !== null &&
        'commands' in result &&
        JSON.stringify(result).includes('slow')
      )
        throw error;
      return result;
    };
    for (const [source, payload, uris] of [
      ['newsml', message(newsItem('a'), newsItem('slow'), newsItem('b')), ['a', 'b'].map(newsmlUri)],
      ['directus', [item('a'), item('slow'), item('b')], ['directus:main/a', 'directus:main/b']],
    ] as const) {
      const response = await new WebhookEndpoint().post(source, payload, { limit });
      expect([response.status, JSON.parse(response.body)]).toMatchObject([
        422,
        { errors: [{ path: '1.' }], accepted: uris },
      ]);
    }
  });

  test('throws errors of its own code', async () => {
    const limit = (): never => {
      throw new Error('a bug');
    };
    await expect(new WebhookEndpoint().post('directus', [item('a')], { limit })).rejects.toThrow('a bug');
  });

  test('accepts an id that a Flow repeats only once', async () => {
    const endpoint = new WebhookEndpoint();
    const keys = Array.from({ length: 15_000 }, () => '7');
    const response = await endpoint.post('directus', { event: 'articles.items.delete', collection: 'articles', keys });
    expect([response.status, endpoint.bus.events.length]).toEqual([202, 1]);
  });

  test('rejects more than a thousand stories in one request', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => String(index));
    const deletes = { event: 'articles.items.delete', collection: 'articles', keys: many };
    expect(await new WebhookEndpoint().post('directus', deletes)).toMatchObject({
      status: 422,
      issues: [{ path: 'keys' }],
    });
    expect(await new WebhookEndpoint().post('directus', { data: many.map(item) })).toMatchObject({
      status: 422,
      issues: [{ path: 'data' }],
    });
  });
});

test.each([
  'embarɡoedUntil',
  'ᴇmbargoedUntil',
  'embɑrgoed',
  'embrago',
  'Sperrfrist',
  'goLiveDate',
  'liveDate',
  'releaseOn',
  'scheduledTime',
  'visibleFrom',
])('a field named %s is rejected, because it resembles an embargo', (name) => {
  expect(judged(story({ [name]: '2027-01-01T00:00:00Z' }))).toMatchObject({
    kind: 'rejected',
    errors: [{ message: expect.stringContaining('embargoedUntil') as unknown }],
  });
});
