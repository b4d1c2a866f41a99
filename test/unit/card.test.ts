import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleIdOf } from '../../shared/article/article.ts';
import { cardOf, isCovered, type Card } from '../../shared/article/card.ts';
import { noon, story } from './story.ts';

describe('a card', () => {
  test('has the fields that a list needs', () => {
    expect(cardOf(story(), '/news/bridge', noon)).toEqual({
      articleId: expect.stringMatching(/^[a-z2-7]{16}$/) as unknown,
      uri: 'urn:newsroom:harbour-bridge',
      path: '/news/bridge',
      headline: 'Harbour bridge reopens after storm repairs',
      standfirst: 'Traffic flowed again at dawn, three weeks ahead of plan.',
      by: 'By Ada Marlow and Jon Bright, Harbour Press',
      picture: {
        id: articleIdOf('https://pictures.example.com/bridge-320.jpg'),
        href: 'https://pictures.example.com/bridge-1280.jpg',
        srcset: 'https://pictures.example.com/bridge-320.jpg 320w',
        width: 1280,
        height: 853,
        alt: 'Lorries on a bridge at dawn',
        caption: 'The first lorries cross.',
        credit: 'Mia Stone',
      },
      section: 'news/local',
      genres: ['Explainer'],
      topics: ['Bridges'],
      language: 'en',
      firstPublished: '2026-05-01T12:00:00.000Z',
      updated: '2026-05-01T12:00:00Z',
    });
  });

  test('leaves out fields that the story does not have', () => {
    const bare = cardOf(
      { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z', headlines: [{ value: 'Only this' }] },
      '/p',
      noon,
    );
    expect(Object.keys(bare).sort()).toEqual(['articleId', 'firstPublished', 'headline', 'path', 'updated', 'uri']);
  });

  test('of any story fits into one write unit, and keeps uri, path and a headline', () => {
    const long = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ maxLength: 2000 }));
    fc.assert(
      fc.property(
        fc.record({
          headline: fc.string({ minLength: 1, unit: 'grapheme', maxLength: 500 }),
          standfirst: long,
          by: long,
          alt: long,
          caption: long,
          credit: long,
          genre: long,
          query: fc.nat(600),
        }),
        (given) => {
          const uri = 'u'.repeat(255);
          const path = `/${'p'.repeat(299)}`;
          const card = cardOf(
            story({
              uri,
              headlines: [{ value: `H${given.headline}` }],
              descriptions: [{ value: given.standfirst, contentType: 'text/plain' }],
              by: given.by,
              genres: [{ name: given.genre }],
              associations: [
                {
                  type: 'picture',
                  by: given.credit,
                  headlines: [{ value: given.alt }],
                  descriptions: [{ value: given.caption }],
                  renditions: [{ href: `https://pictures.example.com/${'q'.repeat(given.query)}`, width: 900 }],
                },
              ],
            }),
            path,
            noon,
            { live: { coverageStartTime: '2026-05-01T12:00:00.000Z', coverageEndTime: '2026-05-01T13:00:00.000Z' } },
          );
          expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(1024 - 218);
          expect(card).toMatchObject({ uri, path });
          expect(card.headline.startsWith('H')).toBe(true);
          expect(card.headline.isWellFormed() || !given.headline.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  test('says of a live story until when it is covered', () => {
    expect(cardOf(story(), '/a', noon, { live: { coverageStartTime: '2026-05-01T12:00:00.000Z' } }).live).toEqual({});
    const card = cardOf(story(), '/a', noon, { live: { coverageEndTime: '2026-05-01T13:00:00.000Z' } });
    expect(card.live).toEqual({ coverageEndTime: '2026-05-01T13:00:00.000Z' });
    expect([59, 60].map((minute) => isCovered(card, noon + minute * 60_000))).toEqual([true, false]);
    expect(isCovered(cardOf(story(), '/a', noon), noon)).toBe(false);
  });

  test('loses part of a long byline before picture or standfirst', () => {
    const card = cardOf(
      story({ by: `By ${Array.from({ length: 40 }, (_, index) => `Reporter Number${index}`).join(' and ')}` }),
      '/news/x',
      noon,
    );
    expect(card.by).toMatch(/^By Reporter Number0 and .*…$/);
    expect(card).toMatchObject({
      standfirst: expect.any(String) as unknown,
      picture: { href: expect.any(String) as unknown },
    });
  });

  test('of a story of ordinary length loses nothing', () => {
    const card = cardOf(
      story({
        headlines: [{ value: 'Council backs plan to reopen century-old tram line by the sea after long debate' }],
        descriptions: [
          {
            value:
              'Supporters say the line will bring visitors back to the pier; opponents fear for the dunes and the rare birds that nest there each spring.',
          },
        ],
      }),
      '/news/local/council-backs-plan-to-reopen-tram-line',
      noon,
    );
    expect(card.standfirst).toMatch(/each spring\.$/);
    expect(card.picture?.caption).toBe('The first lorries cross.');
  });

  test.each([
    ['the first that is wide enough', [320, 600, 1280], 600],
    ['else the last', [100, 250, 280], 280],
    ['else the only one, without a width', [undefined], undefined],
  ])('shows of a picture’s renditions %s', (_, widths, shown) => {
    const renditions = widths.map((width) => ({
      href: `https://pictures.example.com/${width ?? 'any'}.jpg`,
      ...(width !== undefined && { width }),
    }));
    const { picture } = cardOf(story({ associations: [{ type: 'picture', renditions }] }), '/news/x', noon);
    expect(picture?.href).toBe(`https://pictures.example.com/${shown ?? 'any'}.jpg`);
    const others = widths
      .filter((width) => width !== shown)
      .map((width) => `https://pictures.example.com/${width}.jpg ${width}w`);
    expect(picture?.srcset?.split(', ') ?? []).toEqual(others.filter((other) => !/\/(?:100|250)\./.test(other)));
  });

  test('has no picture without a rendition', () => {
    expect(
      cardOf(story({ associations: [{ type: 'picture', uri: 'urn:p', renditions: [] }] }), '/news/x', noon),
    ).not.toHaveProperty('picture');
  });

  describe('that is too long', () => {
    const words = (count: number): string =>
      Array.from({ length: count }, (_, index) => `word${String(index).padStart(4, '0')}`).join(' ');
    const withTexts = ({
      alt,
      caption,
      by,
      standfirst,
    }: Readonly<Partial<Record<'alt' | 'caption' | 'by' | 'standfirst', string>>>): Card =>
      cardOf(
        story({
          descriptions: standfirst === undefined ? [] : [{ value: standfirst }],
          associations: [
            {
              type: 'picture',
              ...(by !== undefined && { by }),
              ...(alt !== undefined && { headlines: [{ value: alt }] }),
              ...(caption !== undefined && { descriptions: [{ value: caption }] }),
              renditions: [{ href: 'https://pictures.example.com/1.jpg', width: 900 }],
            },
          ],
        }),
        '/news/x',
        noon,
      );

    test('first loses the end of the caption, between two words', () => {
      const card = withTexts({ caption: words(60), alt: words(5), standfirst: words(10) });
      // 13 words of eight letters and the spaces between them are 116 characters, and the next one would be cut in two.
      expect(card.picture).toMatchObject({ caption: `${words(13)}…`, alt: words(5) });
      expect(card.standfirst).toBe(words(10));
    });

    test('then loses the caption, then part of standfirst and alternative text, and keeps the credit', () => {
      const card = withTexts({ caption: words(60), alt: words(30), by: words(3), standfirst: words(40) });
      expect(card.picture).not.toHaveProperty('caption');
      expect(card.picture).toMatchObject({ alt: `${words(8)}…`, credit: words(3) });
      expect(card.standfirst).toBe(`${words(22)}…`);
    });

    test('is cut within a word if there is no space, but never within a character', () => {
      // 119 letters, then one of two UTF-16 units across the edge.
      const card = withTexts({ caption: `${'a'.repeat(119)}${'🌊'.repeat(120)}` });
      expect(card.picture?.caption).toBe(`${'a'.repeat(119)}…`);
    });

    test('has no space before the ellipsis, and no single short word before it', () => {
      expect(withTexts({ caption: `It ${'b'.repeat(800)}` }).picture?.caption).toBe(`It ${'b'.repeat(116)}…`);
      expect(withTexts({ caption: `${'c'.repeat(90)}     ${'d'.repeat(800)}` }).picture?.caption).toBe(
        `${'c'.repeat(90)}…`,
      );
    });
  });
});
