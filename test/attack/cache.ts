import { describe, expect, test } from '@jest/globals';
import { portNumber, stack } from './shared-stack.ts';

describe('answers that the cache shares between readers', () => {
  const body = (text: string): string => text.slice(text.indexOf('\r\n\r\n'));

  test('an answer to one name of the machine never has links to another name', async () => {
    const number = portNumber('edge');
    for (const target of ['/robots.txt', '/feeds/latest.json', '/feeds/latest.rss', '/sitemap-news.xml', '/']) {
      await stack.ask('edge', target, { headers: { Host: `localhost:${number}` } });
      const { text } = await stack.ask('edge', target, { headers: { Host: `127.0.0.1:${number}` } });
      expect([target, body(text).includes('localhost')]).toEqual([target, false]);
    }
  });

  test.each([
    'X-Forwarded-Host',
    'X-Host',
    'X-Forwarded-Server',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X-Pressrun-Host',
    'Forwarded',
    'X-Forwarded-Proto',
    'X-Forwarded-Prefix',
    'Range',
    'Accept',
    'Accept-Language',
    'User-Agent',
    'Cookie',
    'Authorization',
    'If-None-Match',
    'X-Middleware-Subrequest',
    'Transfer-Encodin',
  ])('the header %s does not change a cached answer', async (header) => {
    // An address of its own for each header, so that this request is the one whose answer is kept.
    const target = `/section/poison-${header.toLowerCase()}`;
    const { text: poisoned } = await stack.ask('edge', target, { headers: { [header]: 'evil.example' } });
    const { text } = await stack.ask('edge', target);
    expect(text).not.toContain('evil.example');
    expect(poisoned).not.toContain('evil.example');
    const other = `/section/clean-${header.toLowerCase()}`;
    expect(body(text).replaceAll(target, '')).toBe(body((await stack.ask('edge', other)).text).replaceAll(other, ''));
  });

  test('parameters are part of the cache key only on paths that use them', async () => {
    const path = `/robots.txt`;
    await stack.ask('edge', path);
    for (const query of [
      'utm_source=x',
      'limit=5',
      'after=x',
      'exclude=x',
      'since=1',
      'limit=1&limit=2',
      '%6cimit=3',
      `cb=${Date.now()}`,
      '=',
      '&&&',
      'a'.repeat(4000),
    ]) {
      const { text } = await stack.ask('edge', `${path}?${query}`);
      expect([query.slice(0, 40), /x-cache: (.*)/i.exec(text)?.[1]]).toEqual([
        query.slice(0, 40),
        'Hit from cloudfront',
      ]);
    }
    await stack.ask('edge', '/feeds/latest.json?limit=7');
    for (const query of [
      'limit=7&utm_source=x',
      'x=1&limit=7',
      'exclude=aaaaaaaaaaaaaaaa&limit=7',
      'limit=7&limit=8',
      'since=1&limit=7',
    ]) {
      const { text } = await stack.ask('edge', `/feeds/latest.json?${query}`);
      expect([query, /x-cache: (.*)/i.exec(text)?.[1]]).toEqual([query, 'Hit from cloudfront']);
    }
  });
});

describe('HTTP methods', () => {
  test('the edge itself rejects every method but GET and HEAD', async () => {
    for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'PURGE']) {
      const { statuses, text } = await stack.ask('edge', `/feeds/latest.json?limit=${method.length}`, { method });
      expect([method, statuses]).toEqual([method, [method === 'OPTIONS' ? 204 : 403]]);
      // An answer of the origin is problem+json or has its headers.
      expect(text).not.toMatch(/problem\+json|x-content-type-options/i);
    }
  });
});
