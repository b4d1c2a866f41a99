import { describe, expect, test } from '@jest/globals';
import { type Bench, bench, hit } from './bench.ts';

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

  test('by tag removes the objects of that tag, in upper or lower case, and no others', async () => {
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

  test('ignores tags after the fiftieth, as CloudFront does', async () => {
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
    'of %s: a later request does not wait for a request to the origin that began before it',
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

  test('an older answer that arrives last does not replace a newer one', async () => {
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
  ])('an answer that was requested before the purge is cached: %s', async (storesFillsPurgedInFlight, body) => {
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

  test('an answer is cached if the purge meanwhile has none of its tags', async () => {
    const it = await bench({ storesFillsPurgedInFlight: false });
    const first = it.nextAsked();
    const early = it.read('/a');
    const one = await first;
    it.edge.invalidate(['#article:b', '/b*']);
    one.answer('one', tagged);
    await early;
    expect((await it.read('/a')).headers['x-cache']).toBe(hit);
  });

  test('a page that becomes private leaves no stale copy', async () => {
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
