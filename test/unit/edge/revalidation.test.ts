import { describe, expect, test } from '@jest/globals';
import { bench, settled, hit, miss, error } from './bench.ts';

const refreshHit = 'RefreshHit from cloudfront';

describe('revalidation', () => {
  test('sends the validators to the origin; a 304 renews the object with the new headers', async () => {
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

  test('replaces a page that changed', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=60', etag: '"1"' }, body: 'one' });
    await it.read('/a');
    it.advance(60);
    it.answers = () => ({ headers: { 'cache-control': 's-maxage=60', etag: '"2"' }, body: 'two' });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': miss, etag: '"2"' } });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': hit } });
  });

  test('happens at each request for an object with max-age=0', async () => {
    const it = await bench();
    it.answers = ({ headers }) => ({
      statusCode: 'if-none-match' in headers ? 304 : 200,
      headers: { 'cache-control': 'max-age=0', etag: '"1"' },
    });
    await it.read('/a');
    expect(await it.read('/a')).toMatchObject({ status: 200, body: 'text', headers: { 'x-cache': refreshHit } });
  });

  test('does not happen for a 404', async () => {
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
  ])('of the reader’s own copy: %j is %d', async (headers, status) => {
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

  test('is not served after its limit', async () => {
    const it = await bench();
    it.answers = () => ({ headers: stale, body: 'one' });
    await it.read('/a');
    it.advance(30);
    it.answers = () => ({ headers: stale, body: 'two' });
    expect(await it.read('/a')).toMatchObject({ body: 'two', headers: { 'x-cache': miss } });
  });

  test('is not served with must-revalidate', async () => {
    const it = await bench();
    it.answers = () => ({
      headers: { 'cache-control': 's-maxage=10, must-revalidate, stale-while-revalidate=20, stale-if-error=300' },
    });
    await it.read('/a');
    it.advance(11);
    it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
    expect(await it.read('/a')).toMatchObject({ status: 503, headers: { 'x-cache': error } });
  });

  test('is served if the origin fails, which is then not asked for a while', async () => {
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

  test('is served for ever without stale-if-error, and never with stale-if-error=0', async () => {
    for (const [bound, status] of [
      ['', 200],
      [', stale-if-error=0', 503],
    ] as const) {
      const it = await bench();
      it.answers = () => ({ headers: { 'cache-control': `s-maxage=10${bound}` }, body: 'one' });
      await it.read('/a');
      it.advance(24 * 3600);
      it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
      expect([bound, (await it.read('/a')).status]).toEqual([bound, status]);
    }
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

  test('is never served instead of a withdrawal', async () => {
    const it = await bench();
    it.answers = () => ({ headers: { ...stale, 'cache-tag': 'article:a' } });
    await it.read('/a');
    it.edge.invalidate(['#article:a']);
    it.answers = () => ({ statusCode: 503, headers: {}, body: 'down' });
    expect(await it.read('/a')).toMatchObject({ status: 503 });
  });
});
