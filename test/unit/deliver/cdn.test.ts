import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { encodingOf, forCdn, pathOf } from '../../../functions/deliver/cdn.ts';
import { ON_REQUEST, ON_RESPONSE } from '../../../infra/viewer-functions.ts';
import {
  viewerFunction,
  viewerResponseFunction,
  type ViewerRequest,
} from '../../../tools/laptop/cloudfront/viewer-function.ts';
import { story } from '../story.ts';
import { bench, hit, miss, type Bench } from '../edge/bench.ts';
import { at, harbour, site, type Site } from './site.ts';

/** The edge before `deliver`, with the distribution's settings. */
async function cdnOf(newsroom: Site): Promise<Bench> {
  return bench({
    viewerRequest: ON_REQUEST,
    viewerResponse: ON_RESPONSE,
    tagHeader: 'x-amz-meta-cache-tag',
    cachePolicy: {
      queryStrings: ['limit'],
      headers: [],
      encodings: ['br', 'gzip'],
      minTtlSeconds: 0,
      defaultTtlSeconds: 0,
      maxTtlSeconds: 86_400,
    },
    origin: async ({ rawPath, rawQueryString, headers }) => {
      const encoding = encodingOf(headers['accept-encoding']);
      const { statusCode, ...answer } = await forCdn(
        await newsroom.get(pathOf(rawPath), {
          query: new URLSearchParams(rawQueryString),
          ifNoneMatch: headers['if-none-match'],
          encoding,
        }),
        encoding,
      );
      const body = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
      return { statusCode, headers: answer.headers, body };
    },
  });
}

function flush({ edge }: Bench, { purgeRequests }: Site): void {
  edge.invalidate(purgeRequests.asked.flatMap(({ tags }) => tags.map((tag) => `#${tag}`)));
}

test('a withdrawn story is cached, 410 for readers, and live as soon as it comes back', async () => {
  const newsroom = site();
  const cdn = await cdnOf(newsroom);
  await newsroom.publish({}, { path: '/news/bridge' });
  const live = await cdn.read('/news/bridge');
  expect(live).toMatchObject({ status: 200, headers: { 'x-cache': miss } });

  await newsroom.send('article.unpublished', { article: { uri: story().uri, versionCreated: at(10) } });
  flush(cdn, newsroom);
  for (const path of ['/news/bridge', `/articles/${harbour}.json`]) {
    const gone = await cdn.read(path, { headers: { 'if-none-match': String(live.headers.etag) } });
    expect(gone).toMatchObject({ status: 410, headers: { 'x-cache': miss } });
    for (const header of ['etag', 'last-modified', 'x-pressrun-status'])
      expect(gone.headers).not.toHaveProperty(header);
    const again = await cdn.read(path, { headers: { 'if-none-match': '*' } });
    expect(again).toMatchObject({ status: 410, body: gone.body, headers: { 'x-cache': hit } });
  }

  await newsroom.publish({ versionCreated: at(20) }, { path: '/news/bridge' });
  flush(cdn, newsroom);
  expect(await cdn.read('/news/bridge')).toMatchObject({ status: 200, headers: { 'x-cache': miss } });
  expect(await cdn.read(`/articles/${harbour}.json`)).toMatchObject({ status: 200 });
});

describe('a redirect', () => {
  test('keeps the whole query of each reader, and is one entry of the cache for all', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    await newsroom.publish({ versionCreated: at(10) }, { path: '/news/harbour-bridge' });
    const cdn = await cdnOf(newsroom);
    const read = async (url: string): Promise<unknown> => {
      const { status, headers } = await cdn.read(url);
      return [status, headers.location, headers['x-cache']];
    };
    expect(await read('/news/bridge?utm_source=mail&fbclid=a%20b&x=1&x=2')).toEqual([
      301,
      '/news/harbour-bridge?utm_source=mail&fbclid=a%20b&x=1&x=2',
      miss,
    ]);
    expect(await read('/news/bridge?utm_source=push')).toEqual([301, '/news/harbour-bridge?utm_source=push', hit]);
    expect(await read('/news/bridge')).toEqual([301, '/news/harbour-bridge', hit]);
    expect(await read('/SECTION/News?limit=5&utm_source=push')).toEqual([
      301,
      '/section/news?limit=5&utm_source=push',
      miss,
    ]);
    expect(await read('/news/harbour-bridge?utm_source=push')).toEqual([200, undefined, miss]);
    expect(await read('/news/harbour-bridge?utm_source=mail')).toEqual([200, undefined, hit]);
  });

  // AWS does not document which request a function at the viewer-response event gets.
  test.each(['as the reader sent it', 'as the viewer-request function changed it'])(
    'keeps the query if CloudFront gives the viewer-response function the request %s',
    (which) => {
      const onRequest = viewerFunction(ON_REQUEST);
      const onResponse = viewerResponseFunction(ON_RESPONSE);
      const asked = (): ViewerRequest => ({
        method: 'GET',
        uri: '/latest/',
        querystring: { utm_source: { value: 'mail' }, limit: { value: '5' } },
        headers: { host: { value: 'example.com' } },
        cookies: {},
      });
      const changed = onRequest(asked(), '::1') as ViewerRequest;
      expect(changed.querystring).toEqual({ limit: { value: '5' } });
      const moved = { statusCode: 301, headers: { location: { value: '/latest?limit=5' } } };
      expect(onResponse(which.startsWith('as the reader') ? asked() : changed, moved, '::1')).toEqual({
        statusCode: 301,
        headers: { location: { value: '/latest?utm_source=mail&limit=5' } },
      });
    },
  );
});

describe('compression', () => {
  const decompress = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
    identity: (bytes: Buffer) => bytes,
  } as const;

  test.each([
    '/feeds/latest.json',
    '/feeds/latest.atom',
    '/feeds/latest.rss',
    '/news/bridge',
    `/articles/${harbour}.json`,
    '/site.webmanifest',
    '/sitemap-news.xml',
  ])('%s: each encoding has the same text, and an ETag of its own', async (path) => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const { body } = await newsroom.get(path);
    const etags = new Set<string>();
    for (const encoding of ['br', 'gzip', undefined] as const) {
      const response = await newsroom.get(path, { encoding });
      const answer = await forCdn(response, encoding);
      const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
      expect(answer).toMatchObject({ statusCode: 200, headers: { vary: 'accept-encoding' } });
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(decompress[encoding ?? 'identity'](bytes).toString()).toBe(body);
      const etag = answer.headers['etag'] ?? '';
      etags.add(etag);
      const unchanged = await newsroom.get(path, { encoding, ifNoneMatch: `W/${etag}` });
      expect(await forCdn(unchanged, encoding)).toMatchObject({ statusCode: 304, body: '', headers: { etag } });
      const other = await newsroom.get(path, { encoding: encoding === 'br' ? 'gzip' : 'br', ifNoneMatch: etag });
      expect(other.status).toBe(200);
    }
    expect(etags.size).toBe(3);
  });

  test('leaves a body as it is that would grow', async () => {
    const response = { status: 200, headers: {}, body: 'ok' };
    expect(await forCdn(response, 'br')).toMatchObject({ body: 'ok', isBase64Encoded: false });
    expect((await forCdn(response, 'br')).headers).not.toHaveProperty('content-encoding');
  });

  test.each([
    ['br,gzip', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, BR;q=0.5', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['br;q=0.000', undefined],
    ['identity', undefined],
    ['x-gzip', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('Accept-Encoding: %s is answered with %s', (accepted, encoding) => {
    expect(encodingOf(accepted)).toBe(encoding);
  });

  test('has one cached copy for each encoding, whatever else a reader accepts, and a purge removes all', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const cdn = await cdnOf(newsroom);
    const encodings = async (xCache: string): Promise<void> => {
      for (const [accepted, encoding] of [
        ['gzip, deflate, br, zstd', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
      ] as const) {
        const { headers } = await cdn.read('/news/bridge', { headers: { 'accept-encoding': accepted } });
        expect([accepted, headers['x-cache'], headers['content-encoding']]).toEqual([accepted, xCache, encoding]);
      }
    };
    await encodings(miss);
    await encodings(hit);
    for (const accepted of ['br;q=1, gzip;q=0.1', 'BR,gzip', 'x-gzip, gzip', 'deflate', 'br;q=0, gzip']) {
      const { headers } = await cdn.read('/news/bridge', { headers: { 'accept-encoding': accepted } });
      expect([accepted, headers['x-cache']]).toEqual([accepted, hit]);
    }
    cdn.edge.invalidate([`#article:${harbour}`]);
    await encodings(miss);
  });

  test('has 304 for the ETag of the reader’s encoding', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const cdn = await cdnOf(newsroom);
    const br = { 'accept-encoding': 'br' };
    const { headers } = await cdn.read('/news/bridge', { headers: br });
    const known = { 'if-none-match': String(headers.etag) };
    expect(await cdn.read('/news/bridge', { headers: { ...br, ...known } })).toMatchObject({ status: 304 });
    expect(await cdn.read('/news/bridge', { headers: known })).toMatchObject({ status: 200 });
    // The copy is older than its lifetime: the origin is asked by the ETag of that encoding.
    cdn.advance(600);
    const again = await cdn.read('/news/bridge', { headers: br });
    expect(again.headers).toMatchObject({ 'x-cache': 'RefreshHit from cloudfront', 'content-encoding': 'br' });
  });
});
