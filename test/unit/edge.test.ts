import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Edge } from '../../tools/laptop/cloudfront/edge.ts';
import type { EdgeOptions, OriginRequest, OriginResponse } from '../../tools/laptop/cloudfront/edge.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request that reached the origin, to be answered when the test says so. */
interface Asked {
  readonly request: OriginRequest;
  answer(body: string, headers?: Record<string, string>, statusCode?: number): void;
  fail(error: Error): void;
}

interface Bench {
  readonly edge: Edge;
  /** Everything the origin was asked so far. */
  readonly asked: OriginRequest[];
  read(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<Answer>;
  /** The next request to reach the origin, which from the first call on answers nothing by itself. */
  nextAsked(): Promise<Asked>;
  answers: (request: OriginRequest) => Partial<Omit<OriginResponse, 'body'>> & { body?: string };
  advance(seconds: number): void;
  readonly port: number;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function bench(options: Partial<EdgeOptions> = {}): Promise<Bench> {
  let clock = Date.UTC(2026, 5, 1);
  const asked: OriginRequest[] = [];
  const held: Asked[] = [];
  const waiting: ((asked: Asked) => void)[] = [];
  let isHeld = false;
  const edge = new Edge({
    tagHeader: 'Cache-Tag',
    errorCachingMinimumSeconds: new Map([
      [404, 5],
      [502, 5],
      [503, 5],
      [504, 5],
    ]),
    cachePolicy: {
      queryStrings: ['limit', 'after'],
      headers: [],
      minTtlSeconds: 0,
      defaultTtlSeconds: 0,
      maxTtlSeconds: 86_400,
    },
    originRequestHeaders: ['x-pressrun-host'],
    originTimeoutMilliseconds: 30_000,
    now: () => clock,
    origin: (request) => {
      asked.push(request);
      if (!isHeld) {
        const { statusCode = 200, headers = { 'cache-control': 's-maxage=60' }, body = 'text' } = it.answers(request);
        return Promise.resolve({ statusCode, headers, body: Buffer.from(body) });
      }
      const { promise, resolve, reject } = Promise.withResolvers<OriginResponse>();
      const one: Asked = {
        request,
        answer: (body, headers = { 'cache-control': 's-maxage=60' }, statusCode = 200) => {
          resolve({ statusCode, headers, body: Buffer.from(body) });
        },
        fail: reject,
      };
      const waiter = waiting.shift();
      if (waiter) waiter(one);
      else held.push(one);
      return promise;
    },
    ...options,
  });
  const server = createServer((request, response) => {
    void edge.handle(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const it: Bench = {
    edge,
    asked,
    port,
    answers: () => ({}),
    advance: (seconds) => {
      clock += seconds * 1000;
    },
    nextAsked: () => {
      isHeld = true;
      const { promise, resolve } = Promise.withResolvers<Asked>();
      const first = held.shift();
      if (first) resolve(first);
      else waiting.push(resolve);
      return promise;
    },
    read: (path, { method = 'GET', headers = {} } = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      });
      request.on('error', reject);
      request.end();
      return promise;
    },
  };
  return it;
}

/** Resolves once the edge has taken up what reached it: a request answered without the origin comes after all earlier ones. */
async function settled(it: Bench): Promise<void> {
  await it.read('/', { method: 'DELETE' });
}

const hit = 'Hit from cloudfront';
const miss = 'Miss from cloudfront';
const refreshHit = 'RefreshHit from cloudfront';
const error = 'Error from cloudfront';

describe('keeping', () => {
  test('a miss, then hits with their age in whole seconds, then a miss again', async () => {
    const it = await bench();
    const first = await it.read('/a');
    expect(first).toMatchObject({ status: 200, body: 'text', headers: { 'x-cache': miss, 'content-length': '4' } });
    expect(first.headers).not.toHaveProperty('age');
    expect(first.headers.via).toContain('CloudFront');
    it.advance(59.9);
    expect((await it.read('/a')).headers).toMatchObject({ 'x-cache': hit, age: '59', date: first.headers.date });
    it.advance(0.1);
    expect((await it.read('/a')).headers['x-cache']).toBe(miss);
    expect(it.asked).toHaveLength(2);
  });

  test.each<[string, Record<string, string>, number]>([
    ['s-maxage before max-age', { 'cache-control': 'max-age=5, s-maxage=60' }, 60],
    ['max-age', { 'cache-control': 'public, max-age=5' }, 5],
    ['max-age in quotes, in capitals', { 'Cache-Control': 'Max-Age="5"' }, 5],
    ['the first of two', { 'cache-control': 'max-age=5, max-age=60' }, 5],
    ['Expires', { date: 'Mon, 01 Jun 2026 00:00:00 GMT', expires: 'Mon, 01 Jun 2026 00:00:07 GMT' }, 7],
    ['nothing said: the default', {}, 3],
    ['the maximum', { 'cache-control': 'max-age=999999' }, 100],
    ['the minimum', { 'cache-control': 'max-age=0' }, 2],
    ['the minimum, even where storing is forbidden', { 'cache-control': 'no-store' }, 2],
    ['never with a cookie', { 'cache-control': 'max-age=60', 'set-cookie': 'a=1' }, 0],
  ])('time to live: %s', async (_name, headers, seconds) => {
    const it = await bench({
      cachePolicy: { queryStrings: 'none', headers: [], minTtlSeconds: 2, defaultTtlSeconds: 3, maxTtlSeconds: 100 },
    });
    it.answers = () => ({ headers });
    await it.read('/a');
    if (seconds > 0) {
      it.advance(seconds - 0.001);
      expect((await it.read('/a')).headers['x-cache']).toBe(hit);
      it.advance(0.001);
    }
    expect((await it.read('/a')).headers['x-cache']).toBe(miss);
  });

  test.each(['no-store', 'private, max-age=60', 'no-cache', 'max-age=0', 'max-age=soon', 'max-age=-1'])(
    'not kept: %s',
    async (cacheControl) => {
      const it = await bench();
      it.answers = () => ({ headers: { 'cache-control': cacheControl } });
      await it.read('/a');
      expect((await it.read('/a')).headers['x-cache']).toBe(miss);
    },
  );

  test('redirects are kept like pages', async () => {
    const it = await bench();
    it.answers = () => ({ statusCode: 301, headers: { location: '/b', 'cache-control': 'max-age=60' }, body: '' });
    await it.read('/a');
    expect(await it.read('/a')).toMatchObject({ status: 301, headers: { location: '/b', 'x-cache': hit } });
  });

  test('an answer to HEAD comes from what GET left, and the other way round', async () => {
    const it = await bench();
    const head = await it.read('/a', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '4', 'x-cache': miss } });
    expect(await it.read('/a')).toMatchObject({ body: 'text', headers: { 'x-cache': hit } });
    expect(await it.read('/a', { method: 'HEAD' })).toMatchObject({
      body: '',
      headers: { 'content-length': '4', 'x-cache': hit },
    });
    expect(it.asked.map(({ method }) => method)).toEqual(['GET']);
  });

  test('the least recently read goes first when room is short', async () => {
    const it = await bench({ maxBytes: 4_000 });
    it.answers = () => ({ body: 'x'.repeat(1_000) });
    await it.read('/a');
    await it.read('/b');
    await it.read('/a');
    await it.read('/c');
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
    expect((await it.read('/b')).headers['x-cache']).toBe(miss);
  });

  test('what is larger than all the room is served and not kept', async () => {
    const it = await bench({ maxBytes: 4_000 });
    it.answers = ({ rawPath }) => ({ body: rawPath === '/large' ? 'x'.repeat(5_000) : 'small' });
    await it.read('/a');
    expect((await it.read('/large')).body).toHaveLength(5_000);
    expect((await it.read('/large')).headers['x-cache']).toBe(miss);
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
  });
});

describe('the key, and what the origin is told', () => {
  test('only parameters that the policy names', async () => {
    const it = await bench();
    await it.read('/a?limit=5&utm_source=mail&after=x%2Fy');
    expect((await it.read('/a?utm_source=toot&limit=5&after=x%2Fy')).headers['x-cache']).toBe(hit);
    expect((await it.read('/a?limit=6&after=x%2Fy')).headers['x-cache']).toBe(miss);
    expect((await it.read('/a')).headers['x-cache']).toBe(miss);
    expect(it.asked.map(({ rawQueryString }) => rawQueryString)).toEqual([
      'limit=5&after=x%2Fy',
      'limit=6&after=x%2Fy',
      '',
    ]);
  });

  test.each([
    ['all', 'b=1&a=2&b=3'],
    ['none', ''],
  ] as const)('%s parameters', async (queryStrings, expected) => {
    const it = await bench({
      cachePolicy: { queryStrings, headers: [], minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 60 },
    });
    await it.read('/a?b=1&a=2&b=3');
    expect(it.asked[0]?.rawQueryString).toBe(expected);
  });

  test('percent-encoding is left alone, a whole URL is taken for its path', async () => {
    const it = await bench();
    await it.read('/caf%C3%A9/a%2Fb');
    await it.read('http://other.example/a?limit=1');
    expect(it.asked.map(({ rawPath }) => rawPath)).toEqual(['/caf%C3%A9/a%2Fb', '/a']);
  });

  test('listed headers only, never one that would make the answer fit one reader alone', async () => {
    const it = await bench({
      originRequestHeaders: ['X-Pressrun-Host', 'If-None-Match', 'Range', 'Accept-Encoding', 'Connection'],
    });
    const headers = {
      'x-pressrun-host': 'a.example',
      cookie: 'id=1',
      'if-none-match': '"x"',
      range: 'bytes=0-1',
      'accept-encoding': 'br',
      'x-other': '1',
    };
    await it.read('/a', { headers });
    expect(it.asked[0]?.headers).toEqual({
      'x-pressrun-host': 'a.example',
      'accept-encoding': 'identity',
      'user-agent': 'Amazon CloudFront',
      via: expect.stringContaining('CloudFront') as unknown,
    });
  });

  test('fields of one connection stay behind', async () => {
    const it = await bench();
    it.answers = () => ({
      headers: {
        'cache-control': 'max-age=60',
        connection: 'close, X-Hop',
        'x-hop': '1',
        'transfer-encoding': 'chunked',
        'content-length': '99',
        'x-kept': '1',
        'Cache-Tag': 'a',
      },
    });
    const { headers } = await it.read('/a');
    expect(headers).toMatchObject({ 'x-kept': '1', 'cache-tag': 'a', 'content-length': '4' });
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers).not.toHaveProperty('transfer-encoding');
  });

  test('methods other than GET and HEAD are refused, and the origin is not asked', async () => {
    const it = await bench();
    for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await it.read('/a', { method })).toMatchObject({ status: 403, headers: { 'x-cache': error } });
    }
    expect(it.asked).toEqual([]);
  });

  test('headers of the cache policy tell responses apart, and one purge of their path takes all', async () => {
    const it = await bench({
      cachePolicy: {
        queryStrings: 'none',
        headers: ['X-Pressrun-Host'],
        minTtlSeconds: 0,
        defaultTtlSeconds: 0,
        maxTtlSeconds: 100,
      },
      originRequestHeaders: [],
    });
    it.answers = ({ headers }) => ({
      headers: { 'cache-control': 's-maxage=60' },
      body: `for ${headers['x-pressrun-host'] ?? 'nobody'}`,
    });
    const [one, other] = [{ headers: { 'x-pressrun-host': 'one' } }, { headers: { 'x-pressrun-host': 'other' } }];
    expect(await it.read('/a', one)).toMatchObject({ body: 'for one', headers: { 'x-cache': miss } });
    expect(await it.read('/a', other)).toMatchObject({ body: 'for other', headers: { 'x-cache': miss } });
    expect(await it.read('/a')).toMatchObject({ body: 'for nobody', headers: { 'x-cache': miss } });
    expect(await it.read('/a', one)).toMatchObject({ body: 'for one', headers: { 'x-cache': hit } });
    it.edge.invalidate(['/a']);
    for (const each of [one, other]) expect(await it.read('/a', each)).toMatchObject({ headers: { 'x-cache': miss } });
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a parameter, a cookie or a header called %s is one like any other',
    async (name) => {
      const seen: unknown[] = [];
      const viewerRequest = `function handler(event) { var r = event.request; r.headers['x-names'] = { value: Object.keys(r.querystring).concat(Object.keys(r.cookies)).join() }; return r; }`;
      const it = await bench({
        viewerRequest,
        cachePolicy: {
          queryStrings: 'all',
          headers: ['x-names'],
          minTtlSeconds: 0,
          defaultTtlSeconds: 0,
          maxTtlSeconds: 0,
        },
      });
      await it.read(`/a?${name}=1&${name}=2`, { headers: { cookie: `${name}=3; ${name}=4` } });
      for (const { rawQueryString, headers } of it.asked) seen.push([rawQueryString, headers['x-names']]);
      expect(seen).toEqual([[`${name}=1&${name}=2`, `${name},${name}`]]);
      expect(({} as Record<string, unknown>)['multiValue']).toBeUndefined();
    },
  );
});

describe('revalidation', () => {
  test('the origin is asked by the validators; its 304 is a new lease with new headers', async () => {
    const it = await bench();
    it.answers = ({ headers }) =>
      headers['if-none-match'] === '"1"'
        ? { statusCode: 304, headers: { 'cache-control': 's-maxage=30', 'cache-tag': 'new', etag: '"1"' }, body: '' }
        : {
            headers: {
              'cache-control': 's-maxage=60',
              'cache-tag': 'old',
              etag: '"1"',
              'last-modified': 'Mon, 01 Jun 2026 00:00:00 GMT',
              'content-type': 'text/plain',
            },
          };
    await it.read('/a');
    it.advance(60);
    expect(await it.read('/a')).toMatchObject({
      status: 200,
      body: 'text',
      headers: { 'x-cache': refreshHit, 'cache-tag': 'new', 'content-type': 'text/plain' },
    });
    expect(it.asked[1]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT',
    });
    it.advance(29);
    expect((await it.read('/a')).headers).toMatchObject({ 'x-cache': hit, age: '29' });
    it.edge.invalidate(['#old']);
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
    it.edge.invalidate(['#new']);
    await it.read('/a');
    expect(it.asked[2]?.headers).not.toHaveProperty('if-none-match');
  });

  test('a page that changed replaces the old one', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=60', etag: '"1"' }, body: 'one' });
    await it.read('/a');
    it.advance(60);
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=60', etag: '"2"' }, body: 'two' });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': miss, etag: '"2"' } });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': hit } });
  });

  test('what may be kept for no time at all is kept to be asked after', async () => {
    const it = await bench();
    it.answers = ({ headers }) => ({
      statusCode: 'if-none-match' in headers ? 304 : 200,
      headers: { 'cache-control': 'max-age=0', etag: '"1"' },
    });
    await it.read('/a');
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'text', headers: { 'x-cache': refreshHit } });
  });

  test('a 404 is never revalidated', async () => {
    const it = await bench();
    it.answers = () => ({ statusCode: 404, headers: { etag: '"missing"' } });
    await it.read('/a');
    it.advance(5);
    await it.read('/a');
    expect(it.asked[1]?.headers).not.toHaveProperty('if-none-match');
  });

  test.each<[Record<string, string>, number]>([
    [{ 'if-none-match': '"1"' }, 304],
    [{ 'if-none-match': 'W/"1"' }, 304],
    [{ 'if-none-match': '"0", W/"1"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"0"' }, 200],
    [{ 'if-none-match': '"0"', 'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT' }, 200],
    [{ 'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Sun, 31 May 2026 23:59:59 GMT' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
  ])('a reader who has it already: %j is %d', async (headers, status) => {
    const it = await bench();
    it.answers = () => ({
      headers: {
        'cache-control': 's-maxage=60',
        etag: 'W/"1"',
        'last-modified': 'Mon, 01 Jun 2026 00:00:00 GMT',
        'content-type': 'text/plain',
        'cache-tag': 'a',
      },
    });
    for (const xCache of [miss, hit]) {
      const answer = await it.read('/a', { headers });
      expect(answer).toMatchObject({
        status,
        body: status === 304 ? '' : 'text',
        headers: { 'x-cache': xCache, etag: 'W/"1"', 'cache-control': 's-maxage=60', 'cache-tag': 'a' },
      });
      expect('content-type' in answer.headers).toBe(status === 200);
      expect('content-length' in answer.headers).toBe(status === 200);
    }
  });
});

describe('stale content', () => {
  const stale = { 'cache-control': 's-maxage=10, stale-while-revalidate=20, stale-if-error=300', etag: '"1"' };

  test('is served at once while one request refreshes it', async () => {
    const it = await bench();
    it.answers = () => ({ headers: stale, body: 'one' });
    await it.read('/a');
    it.advance(29);
    const asked = it.nextAsked();
    expect(await it.read('/a')).toMatchObject({ body: 'one', headers: { 'x-cache': hit, age: '29' } });
    expect(await it.read('/a')).toMatchObject({ body: 'one' });
    (await asked).answer('two', stale);
    await settled(it);
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': hit, age: '0' } });
    expect(it.asked).toHaveLength(2);
  });

  test('has its end', async () => {
    const it = await bench();
    it.answers = () => ({ headers: stale, body: 'one' });
    await it.read('/a');
    it.advance(30);
    it.answers = () => ({ headers: stale, body: 'two' });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': miss } });
  });

  test('is not served where revalidation is a must', async () => {
    const it = await bench();
    it.answers = () => ({
      headers: { 'cache-control': 's-maxage=10, must-revalidate, stale-while-revalidate=20, stale-if-error=300' },
    });
    await it.read('/a');
    it.advance(11);
    it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
    expect(await it.read('/a')).toMatchObject({ status: 503, headers: { 'x-cache': error } });
  });

  test('covers for an origin that fails, which is left in peace for a while', async () => {
    const it = await bench();
    it.answers = () => ({ headers: stale, body: 'one' });
    await it.read('/a');
    it.advance(40);
    it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'one', headers: { age: '40' } });
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'one' });
    expect(it.asked).toHaveLength(2);
    it.advance(5);
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'one' });
    expect(it.asked).toHaveLength(3);
    it.advance(265);
    expect(await it.read('/a')).toMatchObject({ status: 503, body: 'down', headers: { 'x-cache': error } });
  });

  test('survives a failed refresh in the background', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=10, stale-while-revalidate=20' }, body: 'one' });
    await it.read('/a');
    it.advance(11);
    it.answers = () => ({ statusCode: 500, headers: {}, body: 'down' });
    await it.read('/a');
    await settled(it);
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'one' });
  });

  test('never covers for a withdrawal', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { ...stale, 'cache-tag': 'article:a' } });
    await it.read('/a');
    it.edge.invalidate(['#article:a']);
    it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
    expect(await it.read('/a')).toMatchObject({ status: 503 });
  });
});

describe('errors', () => {
  test.each<[number, Record<string, string>, number]>([
    [404, {}, 5],
    [404, { 'cache-control': 's-maxage=2' }, 5],
    [404, { 'cache-control': 's-maxage=8' }, 8],
    [404, { 'cache-control': 'no-store' }, 5],
    [500, {}, 10],
    [410, { 'cache-control': 's-maxage=5' }, 5],
    [410, {}, 0],
    [400, {}, 0],
  ])('%d with %j is kept for %d s', async (statusCode, headers, seconds) => {
    const it = await bench();
    it.answers = () => ({ statusCode, headers, body: 'sorry' });
    expect(await it.read('/a')).toMatchObject({ status: statusCode, body: 'sorry', headers: { 'x-cache': error } });
    if (seconds > 0) {
      it.advance(seconds - 0.001);
      expect((await it.read('/a')).headers).toMatchObject({ 'x-cache': error, age: String(seconds - 1) });
      it.advance(0.001);
    }
    await it.read('/a');
    expect(it.asked).toHaveLength(2);
  });

  test('a 404 with tags is purged like any page', async () => {
    const it = await bench();
    it.answers = () => ({ statusCode: 404, headers: { 'cache-tag': 'article:a' } });
    await it.read('/a');
    it.edge.invalidate(['#article:a']);
    it.answers = () => ({});
    expect(await it.read('/a')).toMatchObject({ status: 200 });
  });

  test('an origin that throws is a 502 that says why, one that never answers a 504', async () => {
    const throwing = await bench({ origin: () => Promise.reject(new Error('no <bundle>')) });
    const thrown = await throwing.read('/a');
    expect(thrown).toMatchObject({ status: 502, headers: { 'x-cache': error } });
    expect(thrown.body).toContain('no &#60;bundle&#62;');
    const silent = await bench({
      originTimeoutMilliseconds: 1,
      origin: () => Promise.withResolvers<OriginResponse>().promise,
    });
    expect(await silent.read('/a')).toMatchObject({ status: 504, headers: { 'x-cache': error } });
  });

  test.each<[string, Partial<OriginResponse>]>([
    ['a header that HTTP cannot carry', { headers: { 'x-name': 'a\nb' } }],
    ['a status that is none', { statusCode: 99 }],
  ])('an answer with %s is a 502', async (_name, answer) => {
    const it = await bench();
    it.answers = () => ({ statusCode: answer.statusCode ?? 200, headers: answer.headers ?? {} });
    expect(await it.read('/a')).toMatchObject({ status: 502 });
  });
});

describe('many readers at once', () => {
  test('one request to the origin for all who miss the same', async () => {
    const it = await bench();
    const asked = it.nextAsked();
    const readers = [it.read('/a'), it.read('/a'), it.read('/a', { method: 'HEAD' })];
    const one = await asked;
    await settled(it);
    one.answer('one');
    const answers = await Promise.all(readers);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers['x-cache']).sort()).toEqual([hit, hit, miss]);
    expect(it.asked).toHaveLength(1);
  });

  test('none gets what was meant for another', async () => {
    const it = await bench();
    const first = it.nextAsked();
    const readers = [it.read('/a'), it.read('/a')];
    const one = await first;
    await settled(it);
    const second = it.nextAsked();
    one.answer('one', { 'set-cookie': 'id=1', 'cache-control': 's-maxage=60' });
    (await second).answer('two', { 'set-cookie': 'id=2' });
    const answers = await Promise.all(readers);
    expect(answers.map(({ body }) => body).sort()).toEqual(['one', 'two']);
  });

  test('a reader who leaves while the origin is asked harms nobody', async () => {
    const it = await bench();
    const asked = it.nextAsked();
    const leaver = httpRequest({ host: '127.0.0.1', port: it.port, path: '/a', agent: false });
    leaver.on('error', () => undefined);
    const left = new Promise((resolve) => leaver.on('close', resolve));
    leaver.end();
    const one = await asked;
    leaver.destroy();
    await left;
    await settled(it);
    one.answer('one');
    await settled(it);
    expect(await it.read('/a')).toMatchObject({ body: 'one', headers: { 'x-cache': hit } });
  });
});

describe('invalidation', () => {
  async function warm(it: Bench, paths: readonly string[]): Promise<void> {
    for (const path of paths) await it.read(path);
  }

  async function kept(it: Bench, paths: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const path of paths) if ((await it.read(path)).headers['x-cache'] === hit) left.push(path);
    return left;
  }

  const paths = ['/feeds/latest.json', '/feeds/latest.json?limit=5', '/feeds/latest.rss', '/news'];

  test.each([
    ['/feeds/latest.json', ['/feeds/latest.json?limit=5', '/feeds/latest.rss', '/news']],
    ['/feeds/latest.json?limit=5', ['/feeds/latest.json', '/feeds/latest.rss', '/news']],
    ['/feeds/latest.json*', ['/feeds/latest.rss', '/news']],
    ['/feeds/*', ['/news']],
    ['news', ['/feeds/latest.json', '/feeds/latest.json?limit=5', '/feeds/latest.rss']],
    ['/*', []],
    ['/f*/latest.rss', paths],
    ['/NEWS', paths],
  ])('by path: %s', async (path, left) => {
    const it = await bench();
    await warm(it, paths);
    it.edge.invalidate([path]);
    expect(await kept(it, paths)).toEqual(left);
  });

  test('by tag, in any case, and nothing else', async () => {
    const it = await bench();
    it.answers = ({ rawPath }) => ({
      headers: {
        'cache-control': 's-maxage=60',
        'cache-tag': rawPath === '/news' ? 'feed:News, feeds' : 'article:a,feeds,',
      },
    });
    await warm(it, ['/news', '/a']);
    it.edge.invalidate(['#FEED:news']);
    expect(await kept(it, ['/a', '/news'])).toEqual(['/a']);
    it.edge.invalidate(['#feed', '#article']);
    expect(await kept(it, ['/a', '/news'])).toEqual(['/a', '/news']);
    it.edge.invalidate(['#feeds']);
    expect(await kept(it, ['/a', '/news'])).toEqual([]);
  });

  test('tags beyond the fiftieth are not kept, as at CloudFront', async () => {
    const it = await bench();
    it.answers = () => ({
      headers: {
        'cache-control': 's-maxage=60',
        'cache-tag': Array.from({ length: 51 }, (_, index) => `t${index}`).join(','),
      },
    });
    await it.read('/a');
    it.edge.invalidate(['#t50']);
    expect(await kept(it, ['/a'])).toEqual(['/a']);
    it.edge.invalidate(['#t49']);
    expect(await kept(it, ['/a'])).toEqual([]);
  });

  const tagged = { 'cache-control': 's-maxage=60', 'cache-tag': 'article:a' };

  test.each(['#article:a', '/a', '/*'])(
    'a request after a purge of %s never waits for a fill begun before it',
    async (path) => {
      const it = await bench();
      const first = it.nextAsked();
      const early = it.read('/a');
      const old = await first;
      it.edge.invalidate([path]);
      const second = it.nextAsked();
      const late = it.read('/a');
      const fresh = await second;
      old.answer('old', tagged);
      expect((await early).body).toBe('old');
      fresh.answer('new', tagged);
      expect((await late).body).toBe('new');
      expect(await it.read('/a')).toMatchObject({ body: 'new', headers: { 'x-cache': hit } });
    },
  );

  test('an older fill that ends last does not replace a newer one, nor what came after it', async () => {
    const it = await bench();
    const first = it.nextAsked();
    const early = it.read('/a');
    const old = await first;
    it.edge.invalidate(['#article:a']);
    const second = it.nextAsked();
    const late = it.read('/a');
    (await second).answer('new', tagged);
    await late;
    it.edge.invalidate(['#article:a']);
    old.answer('old', tagged);
    expect((await early).body).toBe('old');
    const third = it.nextAsked();
    const later = it.read('/a');
    (await third).answer('newest', tagged);
    expect((await later).body).toBe('newest');
  });

  test.each([
    [true, 'old'],
    [false, 'new'],
  ])('a fill overtaken by a purge, stored: %s', async (storesFillsPurgedInFlight, body) => {
    for (const path of ['#article:a', '/a']) {
      const it = await bench({ storesFillsPurgedInFlight });
      const first = it.nextAsked();
      const early = it.read('/a');
      const old = await first;
      it.edge.invalidate([path]);
      old.answer('old', tagged);
      await early;
      const late = it.read('/a');
      if (!storesFillsPurgedInFlight) (await it.nextAsked()).answer('new', tagged);
      expect((await late).body).toBe(body);
    }
  });

  test('a fill is stored when what was purged meanwhile is none of its tags', async () => {
    const it = await bench({ storesFillsPurgedInFlight: false });
    const first = it.nextAsked();
    const early = it.read('/a');
    const one = await first;
    it.edge.invalidate(['#article:b', '/b*']);
    one.answer('one', tagged);
    await early;
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
  });

  test('a page that turned private leaves nothing stale behind', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=10, stale-if-error=300' }, body: 'open' });
    await it.read('/a');
    it.advance(11);
    it.answers = () => ({ headers: { 'cache-control': 'private' }, body: 'closed' });
    await it.read('/a');
    it.answers = () => ({ statusCode: 503, headers: {} });
    expect(await it.read('/a')).toMatchObject({ status: 503 });
  });
});

describe('a viewer-request function', () => {
  test('sees the request as CloudFront shows it, and what it sets reaches the origin where listed', async () => {
    const it = await bench({
      viewerRequest: `function handler(event) {
        var request = event.request;
        request.headers['x-pressrun-host'] = { value: [request.headers.host.value.split(':')[0], request.method, event.viewer.ip, request.cookies.id.value,
          request.querystring.limit.value, request.querystring.limit.multiValue.length].join(' ') };
        request.headers['x-not-listed'] = { value: '1' };
        request.uri = request.uri.replace(/^\\/old/, '/new');
        return request;
      }`,
    });
    await it.read('/old?limit=1&limit=2&x=3', { headers: { cookie: 'id=7; other=1' } });
    expect(it.asked[0]).toMatchObject({
      rawPath: '/new',
      rawQueryString: 'limit=1&limit=2',
      headers: { 'x-pressrun-host': '127.0.0.1 GET 127.0.0.1 7 1 2' },
    });
    expect(it.asked[0]?.headers).not.toHaveProperty('x-not-listed');
    it.edge.invalidate(['/new*']);
    expect((await it.read('/old?limit=1&limit=2', { headers: { cookie: 'id=7' } })).headers['x-cache']).toBe(miss);
  });

  test.each([
    [
      'function',
      `function handler() { return { statusCode: 302, headers: { location: { value: '/b' } }, body: 'go' }; }`,
    ],
    [
      'async function',
      `async function handler() { return { statusCode: 302, headers: { location: { value: '/b' } }, body: { encoding: 'base64', data: 'Z28=' } }; }`,
    ],
    ['constant', `const handler = () => ({ statusCode: 302, headers: { location: { value: '/b' } }, body: 'go' });`],
  ])('may answer itself: %s', async (_name, viewerRequest) => {
    const it = await bench({ viewerRequest });
    expect(await it.read('/a')).toMatchObject({
      status: 302,
      body: 'go',
      headers: { location: '/b', 'x-cache': 'FunctionGeneratedResponse from cloudfront' },
    });
    expect(it.asked).toHaveLength(0);
  });

  test.each([
    ['throws', `function handler() { throw new Error('oops'); }`],
    ['rejects', `async function handler() { throw new Error('oops'); }`],
    ['returns nothing', `function handler() {}`],
    ['has no Node around it', `function handler() { return process.env; }`],
  ])('that %s is a 503', async (_name, viewerRequest) => {
    const it = await bench({ viewerRequest });
    expect(await it.read('/a')).toMatchObject({
      status: 503,
      headers: { 'x-cache': 'FunctionExecutionError from cloudfront' },
    });
  });

  test('without a handler is refused at the start', async () => {
    await expect(bench({ viewerRequest: 'var x = 1;' })).rejects.toThrow('has no handler');
  });
});
