import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { functionUrl } from '../../tools/laptop/lambda/function-url.ts';
import { FunctionRuntime, maxPayloadBytes } from '../../tools/laptop/lambda/function-runtime.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const uriOf = (n: number): string => `urn:story:${n}`;

/** HTML of this many bytes that hardly grows in JSON, and compresses well below the limit of a version. */
const htmlOf = (bytes: number): string =>
  `<p>${'The harbour bridge reopened at dawn. '.repeat(Math.ceil(bytes / 37))}</p>`;

const publish = async (
  pipeline: Pipeline,
  n: number,
  body: { readonly contentType: string; readonly value: string },
): Promise<void> =>
  pipeline.send('article.published', {
    article: story({
      uri: uriOf(n),
      versionCreated: at(n),
      firstPublished: at(n),
      headlines: [{ value: `Story ${n}` }],
      bodies: [body],
    }),
    path: `/s/${n}`,
  });

/** Lambda's bound is on the JSON in which a function returns an answer. */
const payloadBytes = ({ status, headers, body }: { status: number; headers: object; body: string }): number =>
  Buffer.byteLength(JSON.stringify({ statusCode: status, headers, body }));

describe('a feed with whole texts', () => {
  const formats = {
    json: (text: string) => ({
      ids: (parseJsonFeed(text).items ?? []).map(({ id }) => id),
      next: parseJsonFeed(text).next_url,
    }),
    rss: (text: string) => {
      const { items = [], atom } = parseRssFeed(text);
      return { ids: items.map(({ guid }) => guid?.value), next: atom?.links?.find(({ rel }) => rel === 'next')?.href };
    },
    atom: (text: string) => {
      const { entries = [], links = [] } = parseAtomFeed(text);
      return { ids: entries.map(({ id }) => id), next: links.find(({ rel }) => rel === 'next')?.href };
    },
  } as const;

  test.each(Object.entries(formats))(
    '%s: each page fits into an answer, and the pages together hold every story once',
    async (extension, read) => {
      const pipeline = new Pipeline(noon + 3_600_000, { ...theme, feeds: { text: 'full' as const } });
      for (let n = 1; n <= 7; n += 1)
        await publish(pipeline, n, { contentType: 'text/html', value: htmlOf(1_900_000) });
      const ids: (string | undefined)[] = [];
      let url: string | undefined = `/feeds/latest.${extension}`;
      let pages = 0;
      while (url !== undefined && (pages += 1) <= 7) {
        const response = await pipeline.see(url);
        expect(response.status).toBe(200);
        expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
        const page = read(response.body);
        ids.push(...page.ids);
        url = page.next === undefined ? undefined : page.next.replace(new URL(page.next).origin, '');
      }
      expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(uriOf));
      expect(pages).toBeLessThan(7);
    },
  );
});

describe('one story', () => {
  test.each([
    ['text/html', `<p>${'"'.repeat(990_000)}</p>`],
    ['text/html', htmlOf(1_900_000)],
    ['text/plain', '&'.repeat(390_000)],
  ])('of the longest %s that is accepted has a page and a JSON answer', async (contentType, value) => {
    const pipeline = new Pipeline(noon + 3_600_000, { ...theme, feeds: { text: 'full' as const } });
    await publish(pipeline, 1, { contentType, value });
    for (const url of [
      '/s/1',
      `/articles/${articleIdOf(uriOf(1))}.json`,
      '/feeds/latest.rss',
      '/feeds/latest.atom',
      '/feeds/latest.json',
    ]) {
      const response = await pipeline.see(url);
      expect([url, response.status]).toEqual([url, 200]);
      expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
    }
  });

  test('with the longest caption and the longest body, in characters that a page escapes, has a page', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const picture = {
      type: 'picture',
      uri: 'urn:p:1',
      descriptions: [{ role: 'caption', value: "'".repeat(190_000) }],
      renditions: [{ href: 'https://pictures.example.com/1.jpg' }],
    };
    await pipeline.send('article.published', {
      article: story({
        uri: uriOf(1),
        versionCreated: at(1),
        associations: [picture],
        bodies: [{ contentType: 'text/html', value: htmlOf(1_700_000) }],
      }),
      path: '/s/1',
    });
    const response = await pipeline.see('/s/1');
    expect(response.status).toBe(200);
    expect(payloadBytes(response)).toBeLessThanOrEqual(maxPayloadBytes);
  });

  test('with a standfirst that is too long gets it cut, with a warning', async () => {
    const pipeline = new Pipeline(noon + 3_600_000);
    const value = `Ends here ${'x'.repeat(200_001)}`;
    await pipeline.send('article.published', { article: story({ descriptions: [{ role: 'standfirst', value }] }) });
    expect(pipeline.announcer.announced).toContainEqual(
      expect.objectContaining({
        type: 'article.live',
        detail: expect.objectContaining({
          warnings: [{ path: 'article.descriptions.0.value', message: 'must be at most 20,000 bytes: it is cut' }],
        }) as unknown,
      }),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['article.headlines.1.value', { headlines: [{ value: 'A' }, { role: 'main', value: 'é'.repeat(1001) }] }],
    [
      'article.people',
      { people: Array.from({ length: 300 }, (_, n) => ({ rel: 'author', name: `${n}${'&'.repeat(500)}` })) },
    ],
  ])('with too much of %s is rejected, and the field is named', async (path, fields) => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await pipeline.send('article.published', { article: story(fields) });
    expect(pipeline.announcer.announced).toMatchObject([{ type: 'article.rejected', detail: { errors: [{ path }] } }]);
  });

  test.each([
    ['text/html', htmlOf(2_100_000)],
    ['text/plain', '&'.repeat(410_000)],
  ])('of longer %s is rejected, and the field is named', async (contentType, value) => {
    const pipeline = new Pipeline(noon + 3_600_000);
    await publish(pipeline, 1, { contentType, value });
    expect(pipeline.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'article.bodies' }] } },
    ]);
  });
});

describe('accepted articles and fronts of any size', () => {
  const characters = fc.constantFrom('<', '&', '"', "'", '\\', '\u0001', 'x', 'é', '\n');
  const size = fc.constantFrom(10, 500, 1900, 195_000);
  const long = fc.tuple(characters, size).map(([one, times]) => one.repeat(times));
  const named = fc.tuple(characters, fc.constantFrom(1, 400)).map(([one, times]) => `A${one.repeat(times)}`);
  const text = long.map((value) => ({ value, contentType: 'text/plain' }));
  const picture = fc.record({
    type: fc.constant('picture'),
    uri: fc.uuid().map((id) => `urn:picture:${id}`),
    by: named,
    headlines: fc.tuple(text),
    descriptions: fc.tuple(text),
    renditions: fc.array(
      fc.record({
        href: fc
          .tuple(fc.constantFrom('&', "'", 'x'), fc.nat(1900), fc.nat())
          .map(([one, times, n]) => `https://p.example/${n}?${one.repeat(times)}`),
        width: fc.nat(2000),
      }),
      { maxLength: 20 },
    ),
  });
  const body = fc
    .tuple(
      fc.constantFrom('<p>"</p>', '<img src="http://a/1">', '<p>&lt;</p>', '<br>'),
      fc.constantFrom(1, 10_000, 55_000),
    )
    .map(([one, times]) => [{ contentType: 'text/html', value: `<p>x</p>${one.repeat(times)}` }]);
  const article = fc.record(
    {
      headlines: fc.tuple(
        fc
          .tuple(characters, fc.constantFrom(10, 990, 1990))
          .map(([one, times]) => ({ role: 'main', value: `A${one.repeat(times)}` })),
      ),
      descriptions: fc.tuple(
        text.map((one) => ({ ...one, role: 'standfirst' })),
        text.map((one) => ({ ...one, role: 'correction' })),
      ),
      by: named,
      people: fc.array(
        named.map((name) => ({ rel: 'author', name })),
        { maxLength: 10 },
      ),
      subjects: fc.array(
        named.map((name) => ({ rel: 'about', name })),
        { maxLength: 10 },
      ),
      associations: fc.array(picture, { maxLength: 3 }),
      bodies: body,
    },
    { requiredKeys: [] },
  );
  const container = fc.record(
    {
      title: fc.tuple(characters, fc.constantFrom(1, 999, 700_000)).map(([one, times]) => `A${one.repeat(times)}`),
      pins: fc.subarray([0, 1, 2].map(uriOf)),
      backfill: fc.constantFrom('latest', 'section/news'),
      limit: fc.constantFrom(1, 50, 100),
      links: fc.array(
        fc.record({
          label: long.map((value) => `A${value}`),
          href: fc.constantFrom('/latest', `/x?${'&'.repeat(1900)}`),
        }),
        { maxLength: 20 },
      ),
    },
    { requiredKeys: ['title'] },
  );

  test('have answers that fit', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(article, { minLength: 1, maxLength: 3 }),
        fc.array(container, { minLength: 1, maxLength: 30 }),
        async (articles, containers) => {
          const pipeline = new Pipeline(noon + 3_600_000, { ...theme, feeds: { text: 'full' as const } });
          for (const [n, fields] of articles.entries())
            await pipeline.send('article.published', {
              article: story({ uri: uriOf(n), versionCreated: at(n), firstPublished: at(n), ...fields }),
              path: `/s/${n}`,
            });
          await pipeline.send('front.published', { front: { name: 'home', versionCreated: at(1), containers } });
          const pages = articles.flatMap((_, n) => [`/s/${n}`, `/articles/${articleIdOf(uriOf(n))}.json`]);
          for (const url of [
            ...pages,
            '/',
            '/latest',
            '/section/news',
            '/changes',
            '/sitemap-news.xml',
            '/fronts/home.json',
            '/fronts/home.html',
            '/fronts/home.fragment.html',
            ...['json', 'rss', 'atom'].map((format) => `/feeds/latest.${format}`),
          ]) {
            const response = await pipeline.see(url);
            if (response.status === 200 && url.startsWith('/s/')) accepted += 1;
            expect([url, payloadBytes(response) <= maxPayloadBytes]).toEqual([url, true]);
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(accepted).toBeGreaterThan(10);
  });

  test('a front with the largest number of stories and the longest cards fits', async () => {
    const front = {
      name: 'home',
      versionCreated: at(1),
      containers: Array.from({ length: 5 }, () => ({ title: '&'.repeat(1000), backfill: 'latest', limit: 100 })),
    };
    const pipeline = new Pipeline(noon + 3_600_000);
    for (let n = 0; n < 510; n += 1)
      await pipeline.send('article.published', {
        article: story({
          uri: uriOf(n),
          versionCreated: at(0),
          headlines: [{ value: '&'.repeat(1900) }],
          associations: [],
        }),
      });
    await pipeline.send('front.published', { front });
    for (const url of ['/fronts/home.json', '/', '/fronts/home.fragment.html', '/sitemap-news.xml']) {
      const response = await pipeline.see(url);
      expect([url, response.status]).toEqual([url, 200]);
      expect([url, payloadBytes(response) <= maxPayloadBytes]).toEqual([url, true]);
    }
    await pipeline.send('front.published', {
      front: { ...front, containers: [...front.containers, { title: 'A', pins: [uriOf(1)] }] },
    });
    expect(pipeline.announcer.announced.at(-1)).toMatchObject({
      type: 'article.rejected',
      detail: { errors: [{ path: 'front.containers' }] },
    });
  }, 30_000);
});

describe('the emulator’s limits of Lambda payloads', () => {
  let directory = '';
  let runtime: FunctionRuntime;
  const failures: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pressrun-payload-'));
    await writeFile(
      join(directory, 'index.js'),
      `exports.handler = async ({ bytes, body }) => (bytes === undefined ? { statusCode: 200, body: String(body.length) } : 'x'.repeat(bytes - 2));`,
    );
    runtime = new FunctionRuntime(
      {
        directory,
        handler: 'index.handler',
        functionName: 'echo',
        functionArn: 'arn:echo',
        memoryMegabytes: 256,
        environment: {},
        timeoutSeconds: 20,
        concurrency: 1,
      },
      { log: ({ line }) => failures.push(line), invoked: () => undefined },
    );
    await runtime.start();
  });

  afterAll(async () => {
    await runtime.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('allow a response of the largest size, and none larger', async () => {
    expect(await runtime.invokeJson(JSON.stringify({ bytes: maxPayloadBytes }))).toHaveLength(maxPayloadBytes);
    await expect(runtime.invokeJson(JSON.stringify({ bytes: maxPayloadBytes + 1 }))).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test('allow an event of the largest size, measured with the event around the request', async () => {
    const ask = functionUrl(runtime, 'echo.lambda-url.local');
    const request = (body: string) => ({
      method: 'POST',
      rawPath: '/',
      rawQueryString: '',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    });
    expect((await ask(request('x'.repeat(6_000_000)))).statusCode).toBe(200);
    // Each line break is two characters in JSON.
    expect((await ask(request('\n'.repeat(3_200_000)))).statusCode).toBe(413);
  });
});
