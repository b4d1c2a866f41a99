import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Response } from '../../../functions/deliver/http.ts';
import { previewToken } from '../../../shared/article/preview-token.ts';
import { at, harbour, previewSecret, Site } from './site.ts';
import { story } from '../story.ts';

const uri = 'urn:newsroom:harbour-bridge';
const path = '/news/local/bridge';
const hour = 3_600_000;

describe('a link to a preview', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site();
  });

  const look = async (
    claims: Partial<Parameters<typeof previewToken>[0]> = {},
    secret = previewSecret,
  ): Promise<Response> =>
    site.get(`/preview/${previewToken({ uri, expiresAt: site.clock.time + hour, ...claims }, secret)}`);

  const missing = async (): Promise<Response> => site.get('/no/such/story');

  test('shows an embargoed story exactly as it will be, and is marked as a preview', async () => {
    await site.publish(
      {
        embargoedUntil: at(300),
        associations: [
          { ...story().associations?.[0], embargoedUntil: at(250) },
          {
            type: 'picture',
            name: 'later',
            embargoedUntil: at(400),
            renditions: [{ href: 'https://pictures.example.com/later.jpg', contentType: 'image/jpeg' }],
          },
        ],
      },
      { path },
    );
    expect((await site.get(path)).status).toBe(404);
    const preview = await look();
    expect(preview.status).toBe(200);
    expect(preview.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    });
    expect(preview.headers).not.toHaveProperty('cache-tag');
    expect(preview.headers).not.toHaveProperty('etag');
    expect(preview.body).toContain('<meta name="robots" content="noindex">');
    expect(preview.body).toContain('bridge-1280.jpg');
    expect(preview.body).not.toContain('later.jpg');

    site.clock.time = Date.parse(at(301));
    await site.wake(harbour);
    const { body } = await site.get(path);
    const unmarked = preview.body
      .replace(/<aside class="preview"[^>]*>[^<]*<\/aside>/, '')
      .replace('content="noindex"', 'content="max-image-preview:large"');
    expect(unmarked).toBe(body);
    expect(unmarked).not.toBe(preview.body);
  });

  test('shows the newest version, or the one that it names', async () => {
    await site.publish({}, { path });
    const headlines = [{ value: 'The next headline' }];
    await site.publish({ versionCreated: at(5), embargoedUntil: at(300), headlines }, { path });
    expect((await site.get(path)).body).not.toContain('The next headline');
    expect((await look()).body).toContain('The next headline');
    const first = await look({ versionCreated: Date.parse(at(0)) });
    expect(first.status).toBe(200);
    expect(first.body).not.toContain('The next headline');
    expect(await look({ versionCreated: Date.parse(at(1)) })).toEqual(await missing());
  });

  test('shows a held story, and a live story with its posts, but no withdrawn or erased one', async () => {
    await site.publish({ embargoedUntil: at(300) }, { path, live: {} });
    await site.send('article.published', {
      article: story({ uri: 'urn:post', headlines: [{ value: 'A first post' }] }),
      post: { story: uri },
    });
    expect((await look()).body).toContain('A first post');
    await site.send('article.held', { article: { uri, versionCreated: at(10) } });
    expect((await look()).status).toBe(200);
    await site.send('article.unpublished', { article: { uri, versionCreated: at(20) } });
    expect(await look()).toEqual(await missing());
    expect((await look({ versionCreated: Date.parse(at(0)) })).status).toBe(200);
    await site.send('article.erased', { article: { uri, versionCreated: at(30) } });
    expect(await look({ versionCreated: Date.parse(at(0)) })).toEqual(await missing());
  });

  test('shows no pulled picture', async () => {
    await site.publish({ embargoedUntil: at(300) }, { path });
    await site.send('article.held', {
      article: { uri: 'https://pictures.example.com/bridge-320.jpg', type: 'picture', versionCreated: at(10) },
    });
    expect((await look()).body).not.toContain('bridge-1280.jpg');
  });

  test('is answered as a story that does not exist if it is forged, old, too long-lived or of an unknown story', async () => {
    await site.publish({ embargoedUntil: at(300) }, { path });
    const now = site.clock.time;
    const good = previewToken({ uri, expiresAt: now + hour }, previewSecret);
    const [head = '', body = '', signature = ''] = good.split('.');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = (text: string): string =>
      `${text}.${createHmac('sha256', previewSecret).update(text).digest('base64url')}`;
    const later = part({ sub: uri, exp: Math.floor(now / 1000) + 7200 });
    const tokens = [
      previewToken({ uri, expiresAt: now + hour }, 'another secret'),
      previewToken({ uri, expiresAt: now + hour }, ''),
      previewToken({ uri, expiresAt: now }, previewSecret),
      previewToken({ uri, expiresAt: now + 8 * 24 * hour }, previewSecret),
      previewToken({ uri: 'urn:none', expiresAt: now + hour }, previewSecret),
      `${head}.${later}.${signature}`,
      `${part({ alg: 'none' })}.${body}.${signature}`,
      signed(`${part({ alg: 'none' })}.${body}`),
      signed(`${head}.${part({ sub: uri })}`),
      signed(`${head}.${part({ sub: uri, exp: 'tomorrow' })}`),
      signed(`${head}.${Buffer.from('no json').toString('base64url')}`),
      `${good}A`,
      good.slice(0, -1),
      `${head}.${body}.`,
      `${head}.${body}`,
      'a.b.c',
    ];
    const expected = await missing();
    for (const token of tokens) expect(await site.get(`/preview/${token}`)).toEqual(expected);
    expect((await site.get(`/preview/${good}`)).status).toBe(200);
  });

  test('is 404 without a secret', async () => {
    await site.publish({ embargoedUntil: at(300) }, { path });
    const token = previewToken({ uri, expiresAt: site.clock.time + hour }, '');
    const { deliver } = await import('../../../functions/deliver/deliver.ts');
    const request = { method: 'GET', path: `/preview/${token}`, query: new URLSearchParams(), host: 'www.example.com' };
    for (const preview of [undefined, { articles: site.articles, secrets: async () => Promise.resolve([]) }])
      expect((await deliver({ ...site.with({}), preview }, request)).status).toBe(404);
  });

  test('can be made by any library of JSON Web Tokens', async () => {
    await site.publish({ embargoedUntil: at(300) }, { path });
    const token = [
      { alg: 'HS256', typ: 'JWT', kid: 'x' },
      { sub: uri, iat: 1, exp: Math.floor(site.clock.time / 1000) + 60, iss: 'cms' },
    ]
      .map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))
      .join('.');
    const signature = createHmac('sha256', previewSecret).update(token).digest('base64url');
    expect((await site.get(`/preview/${token}.${signature}`)).status).toBe(200);
  });
});
