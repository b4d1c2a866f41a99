import { describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { HtmlValidate } from 'html-validate/node';
import { articleIdOf } from '../../shared/article/article.ts';
import { awkwardStories } from '../fixtures/awkward-stories.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const harbour = articleIdOf(story().uri);
const full = { ...theme, feeds: { text: 'full' as const } };

/** A pipeline an hour after noon, with a story at `/p` by default. */
async function pipelineWith(article: Record<string, unknown> | null = {}, look = theme): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000, look);
  if (article !== null) await pipeline.send('article.published', { article: story(article), path: '/p' });
  return pipeline;
}

const publish = async (pipeline: Pipeline, n: number, more: Record<string, unknown> = {}): Promise<void> =>
  pipeline.send('article.published', {
    article: story({ uri: `urn:story:${n}`, versionCreated: at(n), headlines: [{ value: `Story ${n}` }], ...more }),
    path: `/s/${n}`,
  });

describe('an article’s page', () => {
  test('links each author in the byline, and adds authors whom the byline does not name', async () => {
    expect((await (await pipelineWith()).see('/p')).body).toContain(
      '<p class="by">By <a rel="author" href="/author/ada-marlow">Ada Marlow</a> and <a rel="author" href="/author/jon-bright">Jon Bright</a>, Harbour Press</p>',
    );
    const pipeline = await pipelineWith({
      by: 'From our correspondent',
      people: [{ rel: 'author', name: 'Åsa & Co' }],
    });
    expect((await pipeline.see('/p')).body).toMatch(
      /<p class="by">From our correspondent · <a rel="author" href="\/author\/[a-z-]+">Åsa &amp; Co<\/a><\/p>/,
    );
  });

  test.each([
    ['Ada Marlow', 'By Ada Marlow'],
    ['By Ada Marlow', 'By Ada Marlow'],
    ['BY ADA MARLOW', 'BY ADA MARLOW'],
    ['By: Ada Marlow', 'By: Ada Marlow'],
    ['Von Jürgen Groß', 'Von Jürgen Groß'],
    ['Par Zoé Petit et Ada Marlow', 'Par Zoé Petit et Ada Marlow'],
    ['Text: Åse Berg', 'Text: Åse Berg'],
    ['Byron Vance', 'By Byron Vance'],
    ['Harbour Press', 'By Harbour Press'],
  ])('begins the byline “%s” with a single By', async (by, shown) => {
    const { body } = await (await pipelineWith({ by, people: [] })).see('/p');
    expect(/<p class="by">(.*?)<\/p>/.exec(body)?.[1]?.replaceAll(/<[^>]*>/g, '')).toBe(shown);
  });

  test('has the By of the theme, and none for a story in another language', async () => {
    const bylineIn = async (language: string, by: string): Promise<string | undefined> => {
      const page = await (
        await pipelineWith({ language, by, people: [] }, { ...theme, language: 'nb', words: { by: 'Av' } })
      ).see('/p');
      return /<p class="by">(.*?)<\/p>/.exec(page.body)?.[1]?.replaceAll(/<[^>]*>/g, '');
    };
    expect([
      await bylineIn('nb-NO', 'Åse Berg'),
      await bylineIn('NB', 'av Åse Berg'),
      await bylineIn('es', 'Lucía Vega'),
    ]).toEqual(['Av Åse Berg', 'av Åse Berg', 'Lucía Vega']);
  });

  test('has the time of an update only if it differs from first publication to the minute', async () => {
    const updated = async (versionCreated: string): Promise<boolean> => {
      const pipeline = await pipelineWith();
      await pipeline.send('article.updated', { article: story({ versionCreated }), path: '/p' });
      return (await pipeline.see('/p')).body.includes('Updated <time');
    };
    expect([await updated(at(0.5)), await updated(at(1))]).toEqual([false, true]);
  });

  test('has every rendition of the lead picture with its size, and its caption and credit', async () => {
    const { body } = await (await pipelineWith()).see('/p');
    expect(body).toContain(
      'srcset="https://pictures.example.com/bridge-320.jpg 320w, https://pictures.example.com/bridge-1280.jpg 1280w"',
    );
    expect(body).toMatch(
      /<figure class="lead"><img src="https:\/\/pictures\.example\.com\/bridge-1280\.jpg"[^>]* alt="Lorries on a bridge at dawn" width="1280" height="853" fetchpriority="high"/,
    );
    expect(body).toContain('<figcaption>The first lorries cross. <small>Mia Stone</small></figcaption>');
  });

  test('shows a picture once that the desk also put into the text', async () => {
    const inText =
      '<p>One.</p><figure><img src="https://pictures.example.com/bridge-320.jpg" alt="x" width="320" height="213" /></figure>';
    const { body } = await (await pipelineWith({ bodies: [{ contentType: 'text/html', value: inText }] })).see('/p');
    expect(body.match(/<img src="https:\/\/pictures/g) ?? []).toHaveLength(0);
    expect(body.match(/<img loading="lazy" decoding="async" src="https:\/\/pictures/g)).toHaveLength(1);
  });

  test('has an audio player if there is audio, and none without', async () => {
    expect((await (await pipelineWith()).see('/p')).body).not.toContain('<audio');
    const sound = { href: 'https://sound.example.com/a.mp3', contentType: 'audio/mpeg' };
    const { body } = await (
      await pipelineWith({ renditions: [sound, { href: 'https://x.example/v.mp4', contentType: 'video/mp4' }] })
    ).see('/p');
    expect(body).toContain(
      '<figcaption>Listen to this article</figcaption><audio controls preload="none" aria-label="Listen to this article"><source src="https://sound.example.com/a.mp3" type="audio/mpeg"></audio>',
    );
  });

  test('has the text of a correction in the desk’s words', async () => {
    const { body } = await (
      await pipelineWith({
        descriptions: [{ role: 'correction', value: 'It was <three> weeks.', contentType: 'text/plain' }],
      })
    ).see('/p');
    expect(body).toContain('<strong>Correction made</strong>');
    expect(body).toContain('It was &lt;three&gt; weeks.');
    expect(body).toContain(String.raw`"text":"It was \u003cthree> weeks."`);
  });

  test('links topics by name, and has no such links once the article has expired', async () => {
    const topics = async (pipeline: Pipeline): Promise<string[]> =>
      [...(await pipeline.see('/p')).body.matchAll(/<a href="(\/(?:topic|genre|author)\/[^"]*)">/g)].map(
        ([, href]) => href ?? '',
      );
    expect(await topics(await pipelineWith())).toEqual(['/topic/bridges', '/genre/explainer']);
    expect(await topics(await pipelineWith({ expires: at(10) }))).toEqual([]);
  });
});

describe('related stories of an article', () => {
  const related = [
    { type: 'text', uri: 'urn:story:1' },
    { type: 'composite', uri: 'urn:story:2' },
    { type: 'text', uri: story().uri },
    { type: 'picture', uri: 'urn:picture' },
  ];
  const links = async (pipeline: Pipeline): Promise<string[]> =>
    [
      ...(/<nav class="more"[^]*?<\/nav>/.exec((await pipeline.see('/p')).body)?.[0] ?? '').matchAll(
        /<a href="([^"]*)">([^<]*)</g,
      ),
    ].map(([, href, text]) => `${href ?? ''} ${text ?? ''}`);

  test('are live ones with their present headline and path, and the page has a tag of each', async () => {
    const pipeline = await pipelineWith({ associations: related });
    expect(await links(pipeline)).toEqual([]);
    const tags = (await pipeline.see('/p')).headers['x-amz-meta-cache-tag']?.split(',');
    expect(tags).toEqual(
      expect.arrayContaining([`pin:${articleIdOf('urn:story:1')}`, `pin:${articleIdOf('urn:story:2')}`]),
    );
    expect(tags).not.toContain(`pin:${harbour}`);
    await publish(pipeline, 1);
    await publish(pipeline, 2, { embargoedUntil: at(600) });
    expect(await links(pipeline)).toEqual(['/s/1 Story 1']);
    await pipeline.send('article.updated', {
      article: story({ uri: 'urn:story:1', versionCreated: at(5), headlines: [{ value: 'Renamed' }] }),
      path: '/s/new',
    });
    expect(await links(pipeline)).toEqual(['/s/new Renamed']);
    pipeline.purgeRequests.asked.length = 0;
    await pipeline.send('article.unpublished', { article: { uri: 'urn:story:1', versionCreated: at(6) } });
    expect(await links(pipeline)).toEqual([]);
    expect(pipeline.purgeRequests.asked.flatMap(({ tags: purged }) => purged)).toContain(
      `pin:${articleIdOf('urn:story:1')}`,
    );
  });

  test('leave room for the pictures among the fifty tags that CloudFront accepts', async () => {
    const associations = [
      ...Array.from({ length: 60 }, (_, n) => ({ type: 'text', uri: `urn:story:${n}` })),
      ...Array.from({ length: 60 }, (_, n) => ({
        type: 'picture',
        uri: `urn:picture:${n}`,
        renditions: [{ href: `https://p.example/${n}.jpg` }],
      })),
    ];
    const { headers } = await (await pipelineWith({ associations })).see('/p');
    expect(headers['x-amz-meta-cache-tag']?.split(',').length).toBeLessThanOrEqual(50);
  });
});

describe('the name of a list', () => {
  test.each([
    ['/author/conan-o-brien', { by: 'By Conan O’Brien' }, 'Conan O’Brien'],
    ['/genre/q-and-a', { genres: [{ name: 'Q & A' }] }, 'Q & A'],
    ['/topic/uebergroesse-in-zuerich', { subjects: [{ name: 'Übergröße in Zürich' }] }, 'Übergröße in Zürich'],
    [
      '/author/ada-marlow',
      { by: 'From our correspondent', people: [{ rel: 'author', name: 'Ada Marlow' }] },
      'Ada Marlow',
    ],
    ['/section/news/local', {}, 'Around the Harbour'],
    ['/section/arts', { subjects: [{ rel: 'section', literal: 'Arts' }] }, 'Arts'],
    ['/latest', {}, 'Latest News'],
  ])('%s is specific to it', async (path, article, name) => {
    const pipeline = await pipelineWith(article);
    expect(/<h1>([^<]*)<\/h1>/.exec((await pipeline.see(path)).body)?.[1]?.replaceAll('&amp;', '&')).toBe(name);
    expect(parseRssFeed((await pipeline.see(`/feeds${path}.rss`)).body).title).toBe(`${name} – The Harbour`);
  });

  test('is in a different title on each page of the list', async () => {
    const pipeline = await pipelineWith(null);
    for (let n = 0; n < 3; n += 1) await publish(pipeline, n);
    const first = (await pipeline.see('/latest?limit=1')).body;
    const next = /<a rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const titleIn = (html: string): string => /<title>([^<]*)</.exec(html)?.[1] ?? '';
    const second = (await pipeline.see(next)).body;
    expect([titleIn(first), titleIn(second)]).toEqual([
      'Latest News – The Harbour',
      'Latest News, before 1 May 2026 at 12:01 UTC – The Harbour',
    ]);
    expect(second).toContain('<a href="/latest">Newest stories</a>');
  });
});

describe('the rails', () => {
  test('are one fragment with the tags of the front, and without the article', async () => {
    const pipeline = await pipelineWith();
    await pipeline.send('front.published', {
      front: {
        name: 'article',
        versionCreated: at(1),
        containers: [{ title: 'Box', backfill: 'latest', limit: 1, pins: ['urn:later'] }],
      },
    });
    const { status, headers, body } = await pipeline.see('/fronts/article.fragment.html');
    expect([status, headers['content-type'], headers['x-robots-tag']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'noindex',
    ]);
    expect(headers['x-amz-meta-cache-tag']).toBe(
      (await pipeline.see('/fronts/article.json')).headers['x-amz-meta-cache-tag'],
    );
    expect(body).toMatch(/^<section class="rail"/);
    expect(body).toContain('data-limit="1"');
  });

  test('are Latest News if the theme’s front was never published; another missing front is 404', async () => {
    const pipeline = await pipelineWith();
    const { status, headers, body } = await pipeline.see('/fronts/article.fragment.html');
    expect([status, headers['x-amz-meta-cache-tag']]).toEqual([200, 'front:article,feeds,feed:latest']);
    expect(body).toContain(`data-id="${harbour}"`);
    expect((await pipeline.see('/fronts/other.fragment.html')).status).toBe(404);
  });
});

describe('feeds', () => {
  test('as Atom have tombstones of withdrawn stories (RFC 6721 §3), which change the ETag', async () => {
    const pipeline = await pipelineWith();
    await publish(pipeline, 1);
    const before = await pipeline.see('/feeds/latest.atom');
    expect(before.body).not.toContain('deleted-entry');
    pipeline.clock.time = noon + 5_000_000;
    await pipeline.send('article.unpublished', { article: { uri: 'urn:story:1', versionCreated: at(30) } });
    const after = await pipeline.see('/feeds/latest.atom');
    expect(after.headers['etag']).not.toBe(before.headers['etag']);
    expect(after.body).toContain(
      `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:story:1" when="${new Date(noon + 5_000_000).toISOString()}" /></feed>`,
    );
    expect(parseAtomFeed(after.body).entries).toHaveLength(1);
    for (const format of ['rss', 'json'])
      expect((await pipeline.see(`/feeds/latest.${format}`)).body).not.toContain('urn:story:1');
  });

  test('have no tombstone of a story that only moved within a feed, or out of it and back', async () => {
    const pipeline = await pipelineWith();
    await pipeline.send('article.updated', { article: story({ versionCreated: at(1), subjects: [] }), path: '/p' });
    await publish(pipeline, 1);
    expect((await pipeline.see('/feeds/section/news.atom')).body).toContain(`ref="${story().uri}"`);
    // An older version arrives, so the story was first published earlier and has another sort position.
    await pipeline.send('article.updated', { article: story({ versionCreated: at(-60) }), path: '/p' });
    expect((await pipeline.see('/feeds/latest.atom')).body).not.toContain('deleted-entry');
    await pipeline.send('article.updated', { article: story({ versionCreated: at(2) }), path: '/p' });
    expect((await pipeline.see('/feeds/section/news.atom')).body).not.toContain('deleted-entry');
  });

  test('have whole texts if the theme says so, with absolute links and the tag of each story', async () => {
    const pipeline = await pipelineWith(
      {
        associations: [],
        bodies: [
          {
            contentType: 'text/html',
            value:
              '<p>See <a href="/q">there</a> &amp; <a href="//other.example/">there</a>.<sup><a href="#n">1</a></sup></p><p id="n">n</p>',
          },
        ],
      },
      full,
    );
    const text =
      '<p>See <a href="https://www.example.com/q">there</a> &amp; <a href="https://other.example/">there</a>.<sup><a href="https://www.example.com/p#user-content-n">1</a></sup></p><p id="user-content-n">n</p>';
    expect(parseRssFeed((await pipeline.see('/feeds/latest.rss')).body).items?.[0]?.content?.encoded).toBe(text);
    expect(parseAtomFeed((await pipeline.see('/feeds/latest.atom')).body).entries?.[0]?.content).toEqual({
      value: text,
      type: 'html',
    });
    const { headers, body } = await pipeline.see('/feeds/latest.json');
    expect(parseJsonFeed(JSON.parse(body)).items?.[0]).toMatchObject({
      content_html: text,
      summary: story().descriptions?.[0]?.value,
    });
    expect(headers['x-amz-meta-cache-tag']).toBe(`feed:latest,feeds,article:${harbour}`);
    expect((await (await pipelineWith()).see('/feeds/latest.rss')).body).not.toContain('content:encoded');
  });

  test('have no pulled picture, and no text of a withdrawn story', async () => {
    const pipeline = await pipelineWith(
      {
        bodies: [
          {
            contentType: 'text/html',
            value: '<p>One</p><figure><img src="https://p.example/x.jpg" alt="" /></figure>',
          },
        ],
      },
      full,
    );
    await pipeline.send('article.held', {
      article: { type: 'picture', uri: 'https://p.example/x.jpg', versionCreated: at(1) },
    });
    expect((await pipeline.see('/feeds/latest.json')).body).not.toContain('x.jpg');
  });

  test('name their hub and their own address, in document and headers (WebSub §4), or neither', async () => {
    const hub = 'https://hub.example.com/';
    const pipeline = await pipelineWith({}, { ...theme, hub });
    for (const format of ['rss', 'atom', 'json']) {
      const self = `https://www.example.com/feeds/latest.${format}`;
      const { headers, body } = await pipeline.see(`/feeds/latest.${format}`);
      expect(headers['link']).toBe(`<${hub}>; rel="hub", <${self}>; rel="self"`);
      if (format === 'json')
        expect(parseJsonFeed(JSON.parse(body))).toMatchObject({ feed_url: self, hubs: [{ type: 'WebSub', url: hub }] });
      const links =
        format === 'rss' ? parseRssFeed(body).atom?.links : format === 'atom' ? parseAtomFeed(body).links : undefined;
      if (links)
        expect(links).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ rel: 'hub', href: hub }),
            expect.objectContaining({ rel: 'self', href: self }),
          ]),
        );
    }
    expect((await (await pipelineWith()).see('/feeds/latest.rss')).headers).not.toHaveProperty('link');
  });
});

describe('metadata for programs', () => {
  test('robots.txt allows every crawler and names the sitemap (RFC 9309, sitemaps.org)', async () => {
    const { status, headers, body } = await (await pipelineWith()).see('/robots.txt');
    expect([status, headers['content-type'], headers['x-amz-meta-cache-tag'], body]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'site',
      'User-agent: *\nAllow: /\n\nSitemap: https://www.example.com/sitemap-news.xml\nSitemap: https://www.example.com/sitemap.xml\n',
    ]);
  });

  test('a page has metadata for link previews, and links to its other formats', async () => {
    const { body } = await (await pipelineWith()).see('/p');
    for (const said of [
      '<link rel="canonical" href="https://www.example.com/p">',
      '<link rel="alternate" hreflang="en" href="https://www.example.com/p">',
      '<meta property="og:type" content="article">',
      '<meta property="og:site_name" content="The Harbour">',
      '<meta property="og:image" content="https://pictures.example.com/bridge-1280.jpg">',
      '<meta property="og:image:alt" content="Lorries on a bridge at dawn">',
      '<meta property="article:published_time" content="2026-05-01T12:00:00.000Z">',
      '<meta property="article:author" content="https://www.example.com/author/ada-marlow">',
      '<meta name="twitter:card" content="summary_large_image">',
      '<link rel="alternate" type="application/atom+xml" title="Around the Harbour" href="https://www.example.com/feeds/section/news/local.atom">',
    ])
      expect(body).toContain(said);
  });

  test('structured data has all that Google recommends for an article, with each author and page', async () => {
    const pipeline = await pipelineWith({}, { ...theme, logo: { href: '/assets/logo.svg', width: 200, height: 40 } });
    const data = JSON.parse(
      /<script type="application\/ld\+json">(.*?)<\/script>/s.exec((await pipeline.see('/p')).body)?.[1] ?? '',
    ) as Record<string, unknown>;
    expect(data).toEqual({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      mainEntityOfPage: { '@type': 'WebPage', '@id': 'https://www.example.com/p' },
      url: 'https://www.example.com/p',
      headline: 'Harbour bridge reopens after storm repairs',
      description: 'Traffic flowed again at dawn, three weeks ahead of plan.',
      // Google: ISO 8601 with a zone.
      datePublished: '2026-05-01T12:00:00.000Z',
      dateModified: '2026-05-01T12:00:00.000Z',
      inLanguage: 'en',
      articleSection: 'Around the Harbour',
      author: [
        { '@type': 'Person', name: 'Ada Marlow', url: 'https://www.example.com/author/ada-marlow' },
        { '@type': 'Person', name: 'Jon Bright', url: 'https://www.example.com/author/jon-bright' },
      ],
      isAccessibleForFree: true,
      keywords: ['Bridges'],
      image: [
        {
          '@type': 'ImageObject',
          url: 'https://pictures.example.com/bridge-1280.jpg',
          width: 1280,
          height: 853,
          creditText: 'Mia Stone',
        },
      ],
      publisher: {
        '@type': 'NewsMediaOrganization',
        name: 'The Harbour',
        url: 'https://www.example.com',
        logo: { '@type': 'ImageObject', url: 'https://www.example.com/assets/logo.svg', width: 200, height: 40 },
      },
    });
  });
});

describe('HTML', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // The layout of the newsroom's text and of the templates is not checked.
      'void-style': 'off',
      'no-trailing-whitespace': 'off',
      'doctype-style': 'off',
      'long-title': 'off',
      // A player's caption is its label, and link lists need no other element.
      'no-inline-style': 'error',
      'require-sri': 'off',
    },
  });

  test.each([
    ['article', '/p'],
    ['content of other sites', '/embeds'],
    ['home', '/'],
    ['front', '/fronts/sport.html'],
    ['section', '/section/news/local'],
    ['topic', '/topic/bridges'],
    ['latest', '/latest?limit=1'],
    ['error', '/nothing'],
  ])('of a page is valid: %s', async (_, path) => {
    const pipeline = await pipelineWith({
      associations: [...(story().associations ?? []), { type: 'text', uri: 'urn:story:1' }],
      renditions: [{ href: 'https://sound.example.com/a.mp3', contentType: 'audio/mpeg' }],
      descriptions: [
        { role: 'correction', value: 'It was "three" & <four>.', contentType: 'text/plain' },
        ...(story().descriptions ?? []),
      ],
    });
    await publish(pipeline, 1);
    for (const article of awkwardStories.filter(({ uri }) => uri === 'urn:awkward:embeds'))
      await pipeline.send('article.published', { article, path: '/embeds' });
    for (const name of ['home', 'sport'])
      await pipeline.send('front.published', {
        front: {
          name,
          versionCreated: at(1),
          containers: [
            {
              title: 'A & B',
              backfill: 'latest',
              limit: 3,
              seeMore: '/latest',
              links: [{ label: 'Weather', href: 'https://weather.example.com/?a=1&b=2' }],
            },
          ],
        },
      });
    const { results } = await validator.validateString((await pipeline.see(path)).body);
    expect(
      results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`)),
    ).toEqual([]);
  });
});
