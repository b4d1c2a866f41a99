import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { script } from '../../../functions/deliver/script.ts';
import { embedScript } from '../../../functions/deliver/embed-script.ts';
import { liveScript } from '../../../functions/deliver/live-script.ts';
import { deliver } from '../../../functions/deliver/deliver.ts';
import { Parser, site, json, elementsOf, textOf, expectNothingRuns } from './site.ts';

/** The texts of an XML document's elements of one name within another: entities resolved, CDATA as text. */
function xmlTexts(xml: string, within: string, name: string): string[] {
  const texts: string[] = [];
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentag: (opened) => {
        open.push(opened);
        if (opened === name && open.at(-2) === within) texts.push('');
      },
      ontext: (data) => {
        if (open.at(-1) === name && open.at(-2) === within) texts.push((texts.pop() ?? '') + data);
      },
      onclosetag: () => open.pop(),
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return texts.map((text) => text.trim());
}

/** The structured data of a page, as a search engine reads it. */
function structuredData(html: string): unknown {
  return JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
}

describe('the content security policy', () => {
  test('allows the page’s own style, byte for byte, and no other', async () => {
    const { body, headers } = await (await site().publish({}, { path: '/p' })).get('/p');
    const style = /<style>([^]*?)<\/style>/.exec(body)?.[1] ?? '';
    expect(style).not.toBe('');
    expect(headers['content-security-policy']).toContain(
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    );
  });
});

describe('structured data', () => {
  test('has the same texts as the page, as NewsArticle', async () => {
    const { body } = await (await site().publish({}, { path: '/p' })).get('/p');
    expect(structuredData(body)).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'Harbour bridge reopens after storm repairs',
      datePublished: '2026-05-01T12:00:00.000Z',
      author: [
        { '@type': 'Person', name: 'Ada Marlow' },
        { '@type': 'Person', name: 'Jon Bright' },
      ],
      image: [{ '@type': 'ImageObject', url: 'https://pictures.example.com/bridge-1280.jpg' }],
    });
    expect(structuredData(body)).not.toHaveProperty('correction');
  });

  test.each([
    { genres: [{ name: 'Correction' }] },
    { trustIndicators: [{ title: 'Correction', href: 'https://www.example.com/corrections' }] },
  ])('and the page have the correction and its time: %j', async (marked) => {
    const { body } = await (await site().publish({ ...marked }, { path: '/p' })).get('/p');
    expect(textOf(body)).toMatch(/Correction made 1 May 2026/);
    expect(structuredData(body)).toMatchObject({
      correction: { '@type': 'CorrectionComment', datePublished: '2026-05-01T12:00:00.000Z' },
    });
  });

  test('cannot be closed by a text', async () => {
    const headline = '</script><script>alert(1)</script><!--';
    const { body } = await (await site().publish({ headlines: [{ value: headline }] }, { path: '/p' })).get('/p');
    expect(structuredData(body)).toMatchObject({ headline });
  });
});

describe('hostile text', () => {
  const hostile = [
    '<script>alert(1)</script>',
    ']]><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '</title></style></textarea><script>alert(1)</script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<!-- --><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
    '${alert(1)}{{7*7}}<%= 7 %>',
  ];

  test.each(hostile)('does not run anywhere, and is shown as it was written: %s', async (text) => {
    const newsroom = await site().publish(
      {
        headlines: [{ value: text }],
        descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: text }],
        bodies: [{ contentType: 'text/html', value: `<p>body</p>${text}` }],
        by: text,
        genres: [{ name: text }],
        subjects: [{ rel: 'section', literal: 'news' }, { name: text }],
        associations: [
          {
            type: 'picture',
            by: text,
            headlines: [{ value: text }],
            descriptions: [{ contentType: 'text/plain', value: text }],
            renditions: [{ href: 'https://pictures.example.com/a.jpg?"><script>', width: 900, height: 600 }],
          },
        ],
      },
      { path: '/p' },
    );
    const page = (await newsroom.get('/p')).body;
    expectNothingRuns(page);
    expect(textOf(page)).toContain(text);
    const list = (await newsroom.get('/latest')).body;
    expectNothingRuns(list);
    expect(textOf(list)).toContain(text);

    const rss = (await newsroom.get('/feeds/latest.rss')).body;
    expect(xmlTexts(rss, 'item', 'title')).toEqual([text]);
    // Readers of RSS take a description for HTML.
    const [description = ''] = xmlTexts(rss, 'item', 'description');
    expect(elementsOf(description)).toEqual([]);
    expect(textOf(description)).toBe(text);
    const atom = (await newsroom.get('/feeds/latest.atom')).body;
    expect(xmlTexts(atom, 'entry', 'title')).toEqual([text]);
    expect(xmlTexts(atom, 'entry', 'summary')).toEqual([text]);
    expect(parseAtomFeed(atom).entries?.[0]).toMatchObject({ title: { type: 'text' }, summary: { type: 'text' } });
    expect(parseRssFeed(rss).items).toHaveLength(1);
    expect(parseJsonFeed(json(await newsroom.get('/feeds/latest.json'))).items?.[0]?.title).toBe(text);
  });

  test('with characters that XML does not allow leaves a feed valid', async () => {
    const newsroom = await (
      await site().publish()
    ).publish({
      uri: 'urn:newsroom:odd',
      headlines: [{ value: 'Odd\u0008 \u0000\ufffe\u001b one' }],
      descriptions: [{ value: 'a\u0001b', contentType: 'text/plain' }],
    });
    for (const format of ['rss', 'atom']) {
      const { body } = await newsroom.get(`/feeds/latest.${format}`);
      // XML 1.0, production 2, for the character itself and for a reference to it.
      expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&#(?:x?[01]?[0-9a-f]);/i);
      expect(body).toContain('Harbour bridge');
    }
  });

  test('in the host of a request is escaped', async () => {
    const newsroom = await site().publish({}, { path: '/p' });
    const { body } = await deliver(newsroom.with({ siteUrl: undefined }), {
      method: 'GET',
      path: '/p',
      query: new URLSearchParams(),
      host: 'evil"><script>alert(1)</script>',
    });
    expectNothingRuns(body);
  });

  test.each([
    `/section/${'a'.repeat(300)}`,
    `/feeds/section/${'a'.repeat(300)}.json`,
    `/fronts/${'a'.repeat(300)}.json`,
  ])('in the address of a missing list is in no tag, because CloudFront limits their length', async (path) => {
    const { status, headers } = await site().get(path);
    expect(status).toBe(404);
    expect(headers['x-amz-meta-cache-tag'] ?? '').not.toContain('aaa');
  });

  test.each([
    ['reader@www.example.com:8443/x?y#z', 'https://www.example.com:8443'],
    ['cut \ud83d', 'http://localhost'],
    ['', 'http://localhost'],
  ])('in the host %j is reduced to a host', async (host, origin) => {
    const newsroom = await site().publish();
    const { body } = await deliver(newsroom.with({ siteUrl: undefined }), {
      method: 'GET',
      path: '/feeds/latest.json',
      query: new URLSearchParams(),
      host,
    });
    expect(body).toContain(`"home_page_url":"${origin}/latest"`);
    expect(body.isWellFormed()).toBe(true);
  });

  test('would be stopped by the policy of the page: no script, frame, form or foreign style', async () => {
    const { headers } = await (await site().publish({}, { path: '/p' })).get('/p');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const hashes = [script, liveScript, embedScript].map(
      (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );
    expect(policy).toContain(`script-src ${hashes.join(' ')};`);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
