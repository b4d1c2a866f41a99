import { describe, expect, test } from '@jest/globals';
import { bench, hit, miss, error } from './bench.ts';

describe('caching', () => {
  test('an object is a miss, then hits with their age in whole seconds, then a miss again', async () => {
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
    'an answer is not cached: %s',
    async (cacheControl) => {
      const it = await bench();
      it.answers = () => ({ headers: { 'cache-control': cacheControl } });
      await it.read('/a');
      expect((await it.read('/a')).headers['x-cache']).toBe(miss);
    },
  );

  test('redirects are cached like pages', async () => {
    const it = await bench();
    it.answers = () => ({ statusCode: 301, headers: { location: '/b', 'cache-control': 'max-age=60' }, body: '' });
    await it.read('/a');
    expect(await it.read('/a')).toMatchObject({ status: 301, headers: { location: '/b', 'x-cache': hit } });
  });

  test('HEAD is answered from a cached GET, and the reverse', async () => {
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

  test('the least recently read object is evicted first', async () => {
    const it = await bench({ maxBytes: 4_000 });
    it.answers = () => ({ body: 'x'.repeat(1_000) });
    await it.read('/a');
    await it.read('/b');
    await it.read('/a');
    await it.read('/c');
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
    expect((await it.read('/b')).headers['x-cache']).toBe(miss);
  });

  test('an object larger than the cache is served and not cached', async () => {
    const it = await bench({ maxBytes: 4_000 });
    it.answers = ({ rawPath }) => ({ body: rawPath === '/large' ? 'x'.repeat(5_000) : 'small' });
    await it.read('/a');
    expect((await it.read('/large')).body).toHaveLength(5_000);
    expect((await it.read('/large')).headers['x-cache']).toBe(miss);
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
  });
});

describe('the cache key and the request to the origin have', () => {
  test('only the query parameters that the policy names', async () => {
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

  test('the path with its percent-encoding; a whole URL counts as its path', async () => {
    const it = await bench();
    await it.read('/caf%C3%A9/a%2Fb');
    await it.read('http://other.example/a?limit=1');
    expect(it.asked.map(({ rawPath }) => rawPath)).toEqual(['/caf%C3%A9/a%2Fb', '/a']);
  });

  test('only listed headers, and never one that would make the answer personal', async () => {
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

  test('no hop-by-hop headers', async () => {
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

  test('no method but GET and HEAD: others are rejected by the edge', async () => {
    const it = await bench();
    for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await it.read('/a', { method })).toMatchObject({ status: 403, headers: { 'x-cache': error } });
    }
    expect(it.asked).toEqual([]);
  });

  test('headers of the cache policy; one purge of the path removes all variants', async () => {
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
    'parameters, cookies and headers named %s, like any other',
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
