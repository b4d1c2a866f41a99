import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { sweep } from '../../../functions/sweep/sweep.ts';
import { HttpCmsApi } from '../../../shared/aws/http-cms-api.ts';
import type { ApiAnswer } from '../../../shared/cms/source-api.ts';
import { idOf, timeIn } from '../../../shared/cms/feed-values.ts';
import { entriesIn } from '../../../shared/cms/feed-document.ts';
import { feed } from '../../../shared/cms/sources/feed.ts';
import { readWebhook } from '../../../shared/cms/source.ts';
import { settingsOf } from '../../../shared/cms/sources.ts';
import { xmlTextOf } from '../../../shared/cms/xml-bytes.ts';
import { atomEntry, atomFeed, blog, feedUri, rssFeed } from '../../fixtures/cms/feed.ts';
import { MemoryBus } from '../../fakes/memory-webhooks.ts';
import { Newsroom } from '../sweep/newsroom.ts';
import { noon } from '../story.ts';
import { only, read } from './newsroom.ts';

const html = (item: string): string | undefined => only(read('feed', rssFeed(item))).detail.article.bodies?.[0]?.value;
const articleIn = (document: string, settings = {}) => only(read('feed', document, { feed: settings })).detail.article;

test('an entry of Atom becomes an article, canonical at its own address', () => {
  expect(read('feed', atomFeed(atomEntry('e1')), { feed: { sections: { dams: 'uk/water' } } })).toEqual([
    {
      type: 'article.published',
      detail: {
        article: {
          uri: feedUri('tag:rivers.example.com,2026:e1'),
          type: 'text',
          versionCreated: '2026-03-02T10:00:00.000Z',
          pubStatus: 'usable',
          firstPublished: '2026-03-02T09:30:00.000Z',
          language: 'en-GB',
          altIds: [{ role: 'canonical', value: `${blog}/2026/03/e1` }],
          headlines: [{ role: 'main', value: 'Story e1' }],
          descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: 'Standfirst of e1' }],
          bodies: [{ role: 'main', contentType: 'text/html', value: '<p>Body of e1.</p>' }],
          by: 'Ada Marlow',
          people: [{ rel: 'author', name: 'Ada Marlow' }],
          subjects: [
            { rel: 'section', literal: 'uk/water' },
            { rel: 'about', name: 'Rivers' },
          ],
        },
      },
    },
  ]);
});

test('an item of RSS with its modules becomes the same kind of article', () => {
  const article = articleIn(
    rssFeed(`<title>AT&amp;amp;T &lt;i&gt;buys&lt;/i&gt; dams &amp; more</title><link>/2026/dams</link>
      <guid isPermaLink="false">1234</guid><pubDate>Mon, 02 Mar 2026 11:00:00 +0100</pubDate>
      <atom:updated>2026-03-02T11:30:00Z</atom:updated><dc:creator>Ada Marlow</dc:creator><author>ada@rivers.example.com</author>
      <category>Rivers</category><description>In short &amp;hellip;</description>
      <content:encoded><![CDATA[<p>Long. <a href="about">Us</a> <a href="#n1">1</a> <img src="/a.jpg" srcset="/a.jpg 1x, b.jpg 2x"></p>]]></content:encoded>
      <media:content url="/s.jpg" medium="image" width="140" height="84"/><media:content url="/l.jpg" type="image/jpeg" width="1200" height="720"><media:description>The dam</media:description></media:content>
      <media:thumbnail url="/t.jpg"/><enclosure url="/p.mp3" type="audio/mpeg" length="99"/><itunes:duration>1:05</itunes:duration>`),
  );
  expect(article).toMatchObject({
    uri: feedUri('1234'),
    versionCreated: '2026-03-02T11:30:00.000Z',
    firstPublished: '2026-03-02T10:00:00.000Z',
    headlines: [{ value: 'AT&T buys dams & more' }],
    descriptions: [{ value: 'In short …' }],
    altIds: [{ role: 'canonical', value: `${blog}/2026/dams` }],
    by: 'Ada Marlow',
    language: 'en-gb',
    bodies: [
      {
        value: `<p>Long. <a href="${blog}/2026/about">Us</a> <a href="#n1">1</a> <img src="${blog}/a.jpg" srcset="${blog}/a.jpg 1x, ${blog}/2026/b.jpg 2x"></p>`,
      },
    ],
  });
  expect(article.associations).toMatchObject([
    { type: 'picture', name: 'lead', renditions: [{ href: `${blog}/s.jpg`, width: 140, height: 84 }] },
    {
      type: 'picture',
      descriptions: [{ role: 'caption', value: 'The dam' }],
      renditions: [{ href: `${blog}/l.jpg`, contentType: 'image/jpeg' }],
    },
    {
      type: 'audio',
      renditions: [{ href: `${blog}/p.mp3`, contentType: 'audio/mpeg', sizeInBytes: 99, duration: 65 }],
    },
  ]);
});

describe('the text of an item', () => {
  test.each([
    [
      'a summary alone ends with a link to the whole text',
      `<title>A</title><link>${blog}/a</link><description>&lt;b&gt;Short&lt;/b&gt;</description>`,
      `<b>Short</b><p><a href="${blog}/a">rivers.example.com</a></p>`,
    ],
    [
      'the last paragraph of WordPress is left out',
      `<title>A</title><link>${blog}/a</link><content:encoded><![CDATA[<p>Long.</p>\n<p>The post <a href="${blog}/a">A</a> first appeared on <a href="${blog}">Rivers</a>.</p>]]></content:encoded>`,
      '<p>Long.</p>\n',
    ],
    [
      'a last paragraph with other links stays',
      `<title>A</title><link>${blog}/a</link><content:encoded><![CDATA[<p>See <a href="${blog}/b">B</a>.</p>]]></content:encoded>`,
      `<p>See <a href="${blog}/b">B</a>.</p>`,
    ],
  ])('%s', (_, item, expected) => {
    expect(html(item)).toBe(expected);
  });

  test('an automatic excerpt is no standfirst', () => {
    const footer = `<p>The post <a href="${blog}/a">A</a> first appeared on <a href="${blog}">Rivers</a>.</p>`;
    const article = articleIn(
      rssFeed(
        `<title>A</title><link>${blog}/a</link><description><![CDATA[<p>Long and […]</p>${footer}]]></description><content:encoded><![CDATA[<p>Long and longer.</p>${footer}]]></content:encoded>`,
      ),
    );
    expect(article).not.toHaveProperty('descriptions');
  });

  test('an item without a title has the beginning of its text', () => {
    const title = (text: string): unknown =>
      articleIn(rssFeed(`<guid>1</guid><description>${text}</description>`)).headlines?.[0]?.value;
    expect(title('Just this.')).toBe('Just this.');
    expect(title('word '.repeat(40))).toBe(`${'word '.repeat(15)}word…`);
  });

  test('an entity that the document declares is not expanded; one of HTML is', () => {
    for (const declared of ['<!ENTITY secret "expanded">', '<!ENTITY secret SYSTEM "file:///etc/hostname">']) {
      const document = rssFeed('<title>&secret; caf&eacute; & more</title><guid>1</guid>');
      expect(articleIn(document.replace('<rss', `<!DOCTYPE rss [${declared}]><rss`)).headlines?.[0]?.value).toBe(
        '&secret; café & more',
      );
    }
  });

  test('a module is known by its namespace, and a text with unescaped markup is read', () => {
    const document = rssFeed(
      '<guid>1</guid><title>A</title><c:encoded><p>B<br/>c</p></c:encoded><encoded>no</encoded>',
    );
    expect(articleIn(document.replaceAll('xmlns:content', 'xmlns:c')).bodies?.[0]?.value).toBe('<p>B<br>c</p>');
  });

  test.each([
    ['ada@rivers.example.com (Ada Marlow)', 'Ada Marlow'],
    ['ada@rivers.example.com', undefined],
    ['Ada Marlow', 'Ada Marlow'],
  ])('the author %s is shown as %s', (author, by) => {
    expect(articleIn(rssFeed(`<guid>1</guid><title>A</title><author>${author}</author>`)).by).toBe(by);
  });

  test('texts of Atom are HTML only if the feed says so; xml:base is the base of addresses', () => {
    const document = atomFeed(
      `<entry xml:base="2026/"><id>urn:1</id><title>The &lt;b&gt; element</title><updated>2026-03-02T10:00:00Z</updated><content type="xhtml" ><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2 <a href="a">a</a></p></div></content></entry>`,
    ).replace('xml:lang', `xml:base="${blog}/en/" xml:lang`);
    expect(articleIn(document)).toMatchObject({
      headlines: [{ value: 'The <b> element' }],
      bodies: [{ value: `<p>1 &lt; 2 <a href="${blog}/en/2026/a">a</a></p>` }],
    });
  });
});

test('RSS 1.0 is read too, and anything else is an issue', () => {
  const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="${blog}/rdf"><title>R</title><link>${blog}</link></channel><item rdf:about="${blog}/a"><title>A</title><link>${blog}/a</link><dc:date>2026-03-02T10:00:00Z</dc:date></item></rdf:RDF>`;
  expect(articleIn(rdf)).toMatchObject({ uri: feedUri(`${blog}/a`), versionCreated: '2026-03-02T10:00:00.000Z' });
  for (const text of [
    '',
    '<html><title>Not found</title></html>',
    '{"version":"https://jsonfeed.org/version/1.1"}',
    'x',
  ])
    expect(() => read('feed', text)).toThrow('must be a whole RSS or Atom feed');
});

describe('the id of an entry', () => {
  test.each([
    ['http://www.bbc.example/a#0', 'https://bbc.example/a/#3'],
    ['https://x.example/?p=1&utm_source=rss', 'https://x.example/?p=1'],
    [' urn:1 ', 'urn:1'],
  ])('%s is that of %s', (one, other) => {
    expect(idOf(one, blog)).toBe(idOf(other, blog));
  });

  test.each([
    ['https://x.example/a#block-1', 'https://x.example/a#block-2'],
    ['https://x.example/?p=1', 'https://x.example/?p=2'],
    ['urn:1', 'urn:2'],
  ])('%s is not that of %s', (one, other) => {
    expect(idOf(one, blog)).not.toBe(idOf(other, blog));
  });

  test('is unique only at its site if it is no uri', () => {
    expect(idOf('1', blog)).not.toBe(idOf('1', 'https://other.example'));
    expect(idOf('urn:1', blog)).toBe(idOf('urn:1', 'https://other.example'));
  });

  test('is an address only if it is a whole one', () => {
    expect(articleIn(rssFeed('<title>A</title><guid>2</guid>'))).not.toHaveProperty('altIds');
    expect(articleIn(rssFeed(`<title>A</title><guid>${blog}/a</guid>`)).altIds?.[0]?.value).toBe(`${blog}/a`);
  });

  test('is the link’s, if an item has none; of two entries with one id the later counts', () => {
    expect(articleIn(rssFeed(`<title>A</title><link>${blog}/a</link>`)).uri).toBe(feedUri(`${blog}/a`));
    const later = atomEntry('e1', { title: 'Later', updated: '2026-03-02T11:00:00Z' });
    for (const document of [atomFeed(later, atomEntry('e1')), atomFeed(atomEntry('e1'), later)])
      expect(articleIn(document).headlines?.[0]?.value).toBe('Later');
  });
});

describe('a time', () => {
  test.each([
    ['Mon, 02 Mar 2026 10:00:00 GMT', '2026-03-02T10:00:00.000Z'],
    ['Mon, 2 Mar 2026 10:00 EST', '2026-03-02T15:00:00.000Z'],
    ['2 Mar 2026 10:00:00', '2026-03-02T10:00:00.000Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T10:00:00+01:00', '2026-03-02T09:00:00.000Z'],
    ['Mon, 02 Mar 2026 10:00:00 CET', undefined],
    ['yesterday', undefined],
    ['1', undefined],
    [undefined, undefined],
  ])('%s', (given, expected) => {
    expect(timeIn(given)).toBe(expected);
  });

  test('that is missing is when the feed was asked; one ahead is an embargo', () => {
    const [command] = read('feed', rssFeed('<title>A</title><guid>1</guid>'));
    expect(command).toMatchObject({
      isUndated: true,
      detail: { article: { versionCreated: new Date(noon).toISOString() } },
    });
    expect(articleIn(atomFeed(atomEntry('e1', { published: '2026-12-02T10:00:00Z' })))).toMatchObject({
      versionCreated: '2026-03-02T10:00:00.000Z',
      embargoedUntil: '2026-12-02T10:00:00.000Z',
    });
  });
});

describe('the encoding of a feed', () => {
  const latin1 = (declared: string): Buffer =>
    Buffer.from(`<?xml version="1.0" encoding="${declared}"?><a>café – “x”</a>`.replace(/[–“”]/g, '?'), 'latin1');
  test.each<[string, Uint8Array, string, string]>([
    [
      'UTF-8 that says it is ISO-8859-1',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>café</a>'),
      'text/xml; charset=iso-8859-1',
      'café',
    ],
    ['ISO-8859-1 that says it is UTF-8', latin1('utf-8'), 'text/xml; charset=utf-8', 'café'],
    ['ISO-8859-1 as declared', latin1('ISO-8859-1'), 'text/xml', 'café'],
    [
      'KOI8-R as sent',
      Buffer.from([0x3c, 0x61, 0x3e, 0xd2, 0xc5, 0xcb, 0xc1, 0x3c, 0x2f, 0x61, 0x3e]),
      'text/xml; charset="koi8-r"',
      'река',
    ],
    [
      'UTF-8 with an invalid byte',
      Buffer.concat([Buffer.from('<a>café, '), Buffer.from([0xe9]), Buffer.from('</a>')]),
      'text/xml; charset=iso-8859-1',
      'café, \uFFFD',
    ],
    ['an encoding that no one knows', latin1('x-none'), 'text/xml', 'café'],
    ['UTF-16 with a byte order mark', Buffer.from('\uFEFF<a>café</a>', 'utf16le'), 'text/xml', 'café'],
    ['UTF-16BE with a byte order mark', Buffer.from('\uFEFF<a>café</a>', 'utf16le').swap16(), 'text/xml', 'café'],
  ])('%s', (_, bytes, type, text) => {
    expect(xmlTextOf(bytes, type)).toContain(text);
  });
});

describe('the sweep of a feed', () => {
  const address = `${blog}/feed/?x=1`;
  const settings = settingsOf(feed, { feed: { url: 'https://down.example.com', feeds: { [address]: 'opinion' } } });
  const answering = (document: string) => ({
    ask: ({ url }: { readonly url: string }): Promise<ApiAnswer> =>
      Promise.resolve({ status: url === address ? 200 : 503, headers: {}, body: document }),
  });
  const one = { settings: { ...settings, url: '' } };
  const undated = (text: string): string => rssFeed(`<title>U</title><guid>1</guid><description>${text}</description>`);

  test('publishes what changed in the section of the feed; an entry that left the feed stays, a deleted one goes', async () => {
    const newsroom = new Newsroom({});
    const swept = async (...entries: readonly string[]) => newsroom.sweep('feed', one, answering(atomFeed(...entries)));
    expect(await swept(atomEntry('e1'), atomEntry('e2'))).toMatchObject({ sent: 2, isComplete: true });
    expect(await swept(atomEntry('e1'), atomEntry('e2'))).toMatchObject({ sent: 0, withdrawn: 0 });
    expect(await swept(atomEntry('e2', { title: 'Second' }))).toMatchObject({ sent: 1, withdrawn: 0 });
    const deleted = '<at:deleted-entry ref="tag:rivers.example.com,2026:e2" when="2026-03-02T11:00:00Z"/>';
    expect(await swept(deleted)).toMatchObject({ sent: 1 });
    expect(await swept(deleted)).toMatchObject({ sent: 0 });
    expect(newsroom.live()).toEqual({ [feedUri('tag:rivers.example.com,2026:e1')]: ['Story e1', 'opinion'] });
  });

  test('publishes an undated entry once, and again when its text changes', async () => {
    const newsroom = new Newsroom({});
    const sent = async (text: string) => (await newsroom.sweep('feed', one, answering(undated(text)))).sent;
    expect([await sent('a'), await sent('a'), await sent('b'), await sent('b'), await sent('a')]).toEqual([
      1, 0, 1, 0, 1,
    ]);
    expect(newsroom.versions(feedUri('1'))).toBe(3);
  });

  test('reads the other feeds if one is down, and says that it is', async () => {
    const { pipeline, marks } = new Newsroom({});
    const { articles, feeds, clock, payloads } = pipeline;
    const bus = new MemoryBus();
    const ports = { articles, feeds, clock, payloads, bus, marks, cms: answering(undated('a')) };
    const order = { source: feed, settings, credentials: { key: undefined }, wholeArchive: false, until: Infinity };
    await expect(sweep(ports, order)).rejects.toThrow('feed answered 503');
    expect(bus.events.map(({ detail }) => (detail as { article: { uri: string } }).article.uri)).toEqual([
      feedUri('1'),
    ]);
  });
});

test('a feed is fetched as the text that its bytes are, and not at all if it is too large', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/xml; charset=utf-8');
    if (request.url === '/large') response.end(Buffer.alloc(9 * 1024 * 1024, 'x'));
    else response.end(Buffer.from(rssFeed('<title>café</title>'), 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [request] = feed.api?.list(settingsOf(feed, { feed: { url } }), { key: undefined }, '', 1) ?? [];
    if (!request) throw new Error('no request');
    const api = new HttpCmsApi({ now: Date.now });
    const answer = await api.ask(request);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<title>café</title>') as unknown });
    expect(feed.api?.listed(answer, settingsOf(feed, {}), request)?.total).toBe(1);
    await expect(api.ask({ ...request, url: `${url}/large` })).rejects.toThrow('answered more than 8 MB');
  } finally {
    server.close();
  }
});

test('a feed of a megabyte in two hundred entries is read', () => {
  const text = `<p>${'Water. '.repeat(800)}</p>`;
  const document = atomFeed(...Array.from({ length: 200 }, (_, index) => atomEntry(`e${index}`, { content: text })));
  expect(document.length).toBeGreaterThan(1024 * 1024);
  expect(entriesIn(document)).toHaveLength(200);
  const reading = readWebhook(feed, document, settingsOf(feed, {}), { receivedAt: noon, headers: {} });
  expect('commands' in reading && reading.commands).toHaveLength(200);
});
