import { expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import RssParser from 'rss-parser';
import { feedFormats } from '../../functions/deliver/feed-documents.ts';
import type { FeedContent } from '../../functions/deliver/feed-parts.ts';
import { iriOf } from '../../functions/deliver/iri.ts';
import { siteOf } from '../../functions/deliver/site.ts';
import type { Card } from '../../shared/article/card.ts';
import { theme } from './newspaper.ts';
import { noon } from './story.ts';

const site = siteOf({ theme, siteUrl: 'https://www.example.com' }, '', noon);

function contentOf(card: Partial<Card>, content?: string): FeedContent {
  const whole: Card = {
    articleId: 'a',
    uri: 'urn:a',
    path: '/a',
    headline: 'h',
    firstPublished: '2026-05-01T12:00:00.000Z',
    updated: '2026-05-01T12:00:00.000Z',
    ...card,
  };
  return {
    feed: 'latest',
    page: '/latest',
    title: card.headline ?? '',
    items: [{ card: whole, seq: 1, content }],
    removed: [],
    changedAt: new Date(1),
    selfUrl: 'https://www.example.com/feeds/latest.rss?limit=1&after=x',
    nextUrl: undefined,
  };
}

async function written(format: 'rss' | 'atom', content: FeedContent): Promise<string> {
  return (await feedFormats[format]?.write(site, content)) ?? '';
}

/** A parser that leaves white space alone, as XML asks. */
const strict = new XMLParser({
  trimValues: false,
  parseTagValue: false,
  ignoreAttributes: false,
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: 100_000, maxExpandedLength: 1_000_000 },
});

/** A value with characters that XML escapes, without white space at its ends, because cards are trimmed. */
const value = fc
  .array(
    fc.constantFrom(
      '&',
      '<',
      '>',
      ']]>',
      ']]',
      '<![CDATA[',
      '&amp;',
      '&#38;',
      '"',
      "'",
      'a',
      'é',
      '👩‍👧',
      ' ',
      '\n ',
      '\n',
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join('').trim())
  .filter((text) => text !== '');

test('any text comes back from a feed character by character', async () => {
  await fc.assert(
    fc.asyncProperty(value, value, value, async (uri, headline, html) => {
      const content = contentOf({ uri, headline, by: headline, genres: [headline.replaceAll('\n', ' ')] }, html);
      const { rss } = strict.parse(await written('rss', content)) as {
        rss: { channel: { item: Record<string, unknown> } };
      };
      const { item } = rss.channel;
      expect(item).toMatchObject({
        title: headline,
        guid: { '#text': uri },
        category: headline.replaceAll('\n', ' '),
        'content:encoded': html,
        link: 'https://www.example.com/a',
      });
      const { feed } = strict.parse(await written('atom', content)) as { feed: { entry: Record<string, unknown> } };
      expect(feed.entry).toMatchObject({ id: iriOf(uri), title: { '#text': headline }, content: { '#text': html } });
      const read = await new RssParser().parseString(await written('rss', content));
      expect(read.items[0]).toMatchObject({ title: headline, guid: uri });
    }),
    { numRuns: 300 },
  );
});

test('ampersands and carriage returns come back from a feed unchanged', async () => {
  const content = contentOf({
    uri: 'https://a.example/?a=1&b=2',
    headline: 'A\r\nB & C',
    path: '/a&b',
    by: 'Black & White',
  });
  for (const format of ['rss', 'atom'] as const) {
    const document = await written(format, content);
    expect(document).not.toContain('CDATA');
    expect(document).toContain('>https://a.example/?a=1&#x26;b=2<');
    expect(document).toContain('>A&#13;\nB &#x26; C<');
    expect(document).toContain(
      format === 'rss' ? '<link>https://www.example.com/a&#x26;b</link>' : 'href="https://www.example.com/a&amp;b"',
    );
  }
});
