import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateInvalidationCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { connect } from '../../tools/cli/connection.ts';
import { redrive, rejectedEvents } from '../../tools/cli/rejected.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { busEvent, story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
}, 60_000);

afterAll(async () => newsroom.close());

const pageOf = (uri: string): string => `/articles/${articleIdOf(uri)}.json`;
const headlineAt = async (path: string): Promise<unknown> =>
  ((await newsroom.json(path)) as { headlines?: { value: string }[] }).headlines?.[0]?.value;

describe('a story', () => {
  const uri = 'urn:journey:bridge';
  const path = '/news/local/bridge-reopens';
  const feeds = [
    'latest',
    'section/news',
    'section/news/local',
    'topic/bridges',
    'author/ada-marlow',
    'author/jon-bright',
    'genre/explainer',
  ];
  const other = 'urn:journey:ferry';

  test('that is put on the bus is at the edge within a moment, in every feed and format', async () => {
    await newsroom.put(
      'article.published',
      story({
        uri: other,
        versionCreated: minutesAgo(50),
        subjects: [{ rel: 'section', literal: 'sport' }],
        by: 'Kim Lund',
        genres: [],
      }),
    );
    await newsroom.put(
      'article.published',
      story({ uri, versionCreated: minutesAgo(30), edNote: 'for the desk only' }),
      { path },
    );
    await newsroom.until('both are listed', async () => (await newsroom.uris('latest')).length === 2);

    expect(await newsroom.uris('latest')).toEqual([uri, other]);
    for (const feed of feeds) expect(await newsroom.uris(feed)).toContain(uri);
    const page = await newsroom.get(path);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('The first lorries crossed at five.');
    const item = await newsroom.json(pageOf(uri));
    expect(item).toMatchObject({
      uri,
      headlines: [{ value: 'Harbour bridge reopens after storm repairs' }],
      _pressrun: { articleId: articleIdOf(uri), path },
    });
    expect(item).not.toHaveProperty('edNote');
    const rss = parseRssFeed(await (await newsroom.get('/feeds/latest.rss')).text());
    expect(rss.items?.map(({ guid }) => guid?.value)).toEqual([uri, other]);
    const atom = parseAtomFeed(await (await newsroom.get('/feeds/section/news/local.atom')).text());
    expect(atom.entries?.map(({ id }) => id)).toEqual([uri]);
  });

  test('is answered from the cache the second time, and with 304 to a reader who has it', async () => {
    await newsroom.settled();
    await newsroom.get(`${path}?first`);
    const second = await newsroom.get(path);
    expect(second.headers.get('x-cache')).toBe('Hit from cloudfront');
    const etag = second.headers.get('etag') ?? '';
    expect((await newsroom.get(path, { 'if-none-match': etag })).status).toBe(304);
  });

  test('that is updated is fresh on every page that shows it, and no other page is fetched again', async () => {
    for (const warmed of [pageOf(uri), pageOf(other), ...feeds.map((feed) => `/feeds/${feed}.json`)])
      await newsroom.get(warmed);
    await newsroom.put(
      'article.updated',
      story({
        uri,
        versionCreated: minutesAgo(20),
        headlines: [{ role: 'main', value: 'Bridge open: first day in pictures' }],
      }),
      { path },
    );
    await newsroom.until(
      'the page is fresh',
      async () => (await headlineAt(pageOf(uri))) === 'Bridge open: first day in pictures',
    );
    for (const feed of feeds) {
      await newsroom.until(`${feed} is fresh`, async () =>
        JSON.stringify(await newsroom.json(`/feeds/${feed}.json`)).includes('first day in pictures'),
      );
    }
    // More than three feeds are purged as all lists; pages never are.
    expect((await newsroom.get(pageOf(other))).headers.get('x-cache')).toBe('Hit from cloudfront');
    expect(await newsroom.uris('latest').then((uris) => uris.filter((each) => each === uri || each === other))).toEqual(
      [uri, other],
    );
  });

  test('that is withdrawn is answered 410 and leaves every feed', async () => {
    await newsroom.put(
      'article.unpublished',
      { uri, versionCreated: minutesAgo(10) },
      { actor: 'legal', reason: 'complaint' },
    );
    await newsroom.until('the page is gone', async () => (await newsroom.get(path)).status === 410);
    for (const feed of feeds)
      await newsroom.until(`it has left ${feed}`, async () => !(await newsroom.uris(feed)).includes(uri));
    expect((await newsroom.get(pageOf(uri))).status).toBe(410);
    expect(
      newsroom.about(uri, 'article.live', 'article.revised', 'article.withdrawn').map((event) => event['detail-type']),
    ).toEqual(['article.live', 'article.revised', 'article.withdrawn']);
  });

  test('that was requested before it was published is there once it is published', async () => {
    const early = '/news/local/early-bird';
    expect((await newsroom.get(early)).status).toBe(404);
    expect((await newsroom.get(pageOf('urn:journey:early'))).status).toBe(404);
    await newsroom.put('article.published', story({ uri: 'urn:journey:early', versionCreated: minutesAgo(1) }), {
      path: early,
    });
    await newsroom.until(
      'it answers',
      async () =>
        (await newsroom.get(early)).status === 200 && (await newsroom.get(pageOf('urn:journey:early'))).status === 200,
    );
  });
});

describe('messages that repeat and arrive in any order', () => {
  test('are one version if delivered five times, and change nothing visible if sent again later', async () => {
    const uri = 'urn:journey:doubled';
    const event = busEvent(
      'article.published',
      { article: story({ uri, versionCreated: minutesAgo(5) }) },
      { time: minutesAgo(5) },
    );
    const { QueueUrl } = await newsroom.sqs.send(new GetQueueUrlCommand({ QueueName: 'pressrun-local-store' }));
    await Promise.all(
      Array.from({ length: 5 }, async () =>
        newsroom.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: event })),
      ),
    );
    await newsroom.until('it is live, purged and seen', () =>
      ['cdn.purged', 'article.fresh'].every((type) => newsroom.about(uri, type).length > 0),
    );
    expect(await newsroom.versions(uri)).toBe(1);

    await newsroom.until('readers saw it', () => newsroom.about(uri, 'article.fresh').length > 0);
    const announcedBefore = newsroom.about(uri).length;
    const { _pressrun: before } = await newsroom.json(pageOf(uri));
    await newsroom.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify({ ...(JSON.parse(event) as object), id: 'anew', time: minutesAgo(4) }),
      }),
    );
    await newsroom.until('it is stored again', async () => (await newsroom.versions(uri)) === 2);
    await newsroom.settled();
    expect(newsroom.about(uri)).toHaveLength(announcedBefore);
    expect((await newsroom.json(pageOf(uri)))['_pressrun']).toEqual(before);
  });

  test('leave the newest of twenty versions live, and all twenty stored', async () => {
    const uri = 'urn:journey:twenty';
    const order = [13, 2, 19, 7, 0, 11, 5, 16, 3, 9, 18, 1, 14, 6, 12, 17, 4, 10, 15, 8];
    await Promise.all(
      order.map(async (number) =>
        newsroom.put(
          'article.updated',
          story({ uri, versionCreated: minutesAgo(60 - number), headlines: [{ value: `Version ${number}` }] }),
        ),
      ),
    );
    await newsroom.until('all are stored', async () => (await newsroom.versions(uri)) === 20);
    await newsroom.until('the newest is live', async () => (await headlineAt(pageOf(uri))) === 'Version 19');
    await newsroom.settled();
    expect(await headlineAt(pageOf(uri))).toBe('Version 19');
    expect((await newsroom.json(pageOf(uri)))['_pressrun']).toMatchObject({
      firstPublished: expect.stringMatching(/Z$/) as unknown,
    });
  });
});

describe('an event that is not an article', () => {
  test('is announced with its issues, is kept in the dead-letter queue, and can be redriven', async () => {
    const uri = 'urn:journey:picture';
    const eventId = await newsroom.put('article.published', { ...story({ uri }), type: 'picture' });
    await newsroom.until('it is rejected', () =>
      newsroom.announced.some(({ detail }) => (detail as { eventId?: string }).eventId === eventId),
    );
    expect(newsroom.announced.find(({ detail }) => (detail as { eventId?: string }).eventId === eventId)).toMatchObject(
      {
        'detail-type': 'article.rejected',
        detail: { source: 'newsroom', uri, errors: [{ path: 'article.type' }] },
      },
    );
    await newsroom.until('it is kept', async () =>
      (await rejectedEvents(connect('local', newsroom.stack.awsUrl, ''))).some((event) => event.eventId === eventId),
    );
    const rejections = newsroom.announced.filter(({ 'detail-type': type }) => type === 'article.rejected').length;
    expect(await redrive(newsroom.sqs, 'local', Date.now())).toBe(1);
    await newsroom.until(
      'it is refused again',
      () => newsroom.announced.filter(({ 'detail-type': type }) => type === 'article.rejected').length > rejections,
    );
    expect(await newsroom.versions(uri)).toBe(0);
  });
});

describe('the CDN', () => {
  test('can be purged by hand, by tag', async () => {
    const uri = 'urn:journey:by-hand';
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(2) }));
    await newsroom.until('it is live', async () => (await newsroom.get(pageOf(uri))).status === 200);
    await newsroom.settled();
    await newsroom.get(pageOf(uri));
    expect((await newsroom.get(pageOf(uri))).headers.get('x-cache')).toBe('Hit from cloudfront');
    const { DistributionList } = await newsroom.cloudFront.send(new ListDistributionsCommand({}));
    const DistributionId = DistributionList?.Items?.[0]?.Id;
    const { Invalidation } = await newsroom.cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId,
        InvalidationBatch: {
          CallerReference: crypto.randomUUID(),
          Paths: { Quantity: 1, Items: [`#article:${articleIdOf(uri)}`] },
        },
      }),
    );
    expect(Invalidation?.Id).toMatch(/^I/);
    expect((await newsroom.get(pageOf(uri))).headers.get('x-cache')).toBe('Miss from cloudfront');
  });
});
