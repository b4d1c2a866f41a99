import { describe, expect, test } from '@jest/globals';
import { bodyHtmlOf } from '../../../shared/article/body.ts';
import { story } from '../story.ts';
import { version, published, warned, at } from './accepted.ts';

describe('an optional part that is invalid is left out with a warning, and the article is accepted', () => {
  const picture = (rendition: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    associations: [
      {
        type: 'picture',
        headlines: [{ value: 'A bridge' }],
        renditions: [rendition, { href: 'https://pictures.example.com/small.jpg' }],
        ...more,
      },
    ],
  });

  test.each<[string, Record<string, unknown>, unknown?]>([
    ['article.firstPublished', { firstPublished: '2026-06-01T12:00:00Z' }],
    ['article.firstPublished', { firstPublished: 'yesterday' }],
    ['article.firstCreated', { firstCreated: 'yesterday' }],
    ['article.urgency', { urgency: 0 }],
    ['article.urgency', { urgency: 'high' }],
    ['article.language', { language: 'english!' }],
    ['article.by', { by: 'x'.repeat(2001) }],
    ['article.slugline', { slugline: { value: 'bridge' } }],
    ['article.located', { located: ['Kyiv'] }],
    ['article.copyrightHolder', { copyrightHolder: 2026 }],
    ['article.bodies', { bodies: 'text' }],
    ['article.bodies.0.value', { bodies: [{ value: 7 }] }],
    ['article.descriptions.0.value', { descriptions: [{ role: 'standfirst' }] }],
    ['article.descriptions.0.role', { descriptions: [{ role: 7, value: 'Not before six!' }] }],
    ['article.people.0.name', { people: [{ rel: 'author', name: 7 }] }],
    ['article.people', { people: { name: 'Ada' } }],
    ['article.genres.0', { genres: [[null]] }],
    // A list is no object, though ECMAScript thinks so.
    ['article.subjects.0', { subjects: [['news']] }],
    ['article.subjects.1.literal', { subjects: [{ name: 'a' }, { rel: 'section', name: 'World' }] }],
    ['article.associations', { associations: 'none' }],
    ['article.associations.0', { associations: [[]] }],
    ['article.associations.0.uri', { associations: [{ uri: 7, type: 'picture' }] }],
    ['article.associations.0.headlines', picture({ href: 'https://pictures.example.com/1.jpg' }, { headlines: false })],
    ['article.associations.0.renditions.0', picture([])],
    ['article.associations.0.renditions.0.href', picture({ href: 'javascript:alert(1)' })],
    ['article.associations.0.renditions.0.href', picture({ href: '' })],
    ['article.associations.0.renditions.0.href', picture({ href: '/pictures/1.jpg' })],
    ['article.associations.0.renditions.0.href', picture({ href: 'data:image/png;base64,AAAA' })],
    ['article.associations.0.renditions.0.width', picture({ href: 'https://pictures.example.com/1.jpg', width: -5 })],
    [
      'article.associations.0.renditions.0.width',
      picture({ href: 'https://pictures.example.com/1.jpg', width: 'wide' }),
    ],
    [
      'article.associations.0.renditions.0.height',
      picture({ href: 'https://pictures.example.com/1.jpg', height: 1e21 }),
    ],
  ])('%s', (path, overrides) => {
    const { article, warnings } = version(published(story(overrides))).content;
    expect(warnings).toEqual([{ path, message: expect.any(String) as unknown }]);
    const given = at({ article: overrides }, path);
    if (given !== undefined) expect(at({ article }, path)).not.toEqual(given);
    expect(article.headlines).toEqual(story().headlines);
  });

  test.each<[string, unknown]>([
    ['path', 'news/world'],
    ['path', '/articles/mine'],
    ['path', '/'],
    ['path', ''],
    ['path', `/a${'/'.repeat(100_000)}b`],
    ['path', '/news/%zz'],
    ['path', '/news/%00'],
    ['actor', 7],
    ['reason', 'x'.repeat(1001)],
  ])('%s of the detail', (path, value) => {
    const { content } = version(published(story(), { [path]: value }));
    expect(content.warnings).toEqual([{ path, message: expect.any(String) as unknown }]);
    expect(content).not.toHaveProperty(path);
  });

  test('a size that is written as text becomes a number, and an empty one is left out', () => {
    const { article, warnings } = version(
      published(story(picture({ href: 'https://pictures.example.com/1.jpg', width: '150', height: '' }))),
    ).content;
    expect(article.associations?.[0]?.renditions?.[0]).toEqual({
      href: 'https://pictures.example.com/1.jpg',
      width: 150,
    });
    expect(warnings).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'article.bodies.0.contentType',
      { bodies: [{ contentType: 'application/nitf+xml', value: '<nitf>All of the text</nitf>' }] },
    ],
    [
      'article.bodies.1',
      {
        bodies: [
          { contentType: 'text/html', value: '<p>The text</p>' },
          { role: 'infobox', contentType: 'text/html', value: '<p>In brief</p>' },
        ],
      },
    ],
    [
      'article.descriptions.0.contentType',
      { descriptions: [{ contentType: 'text/markdown', value: '*Traffic flowed*' }] },
    ],
    ['article.descriptions.0.role', { descriptions: [{ role: 'pull-quote', value: 'We made it' }] }],
    [
      'article.associations.0.descriptions.0.contentType',
      picture(
        { href: 'https://pictures.example.com/1.jpg' },
        { descriptions: [{ contentType: 'text/markdown', value: '*A bridge*' }] },
      ),
    ],
  ])('a text that no page shows is named: %s', (path, overrides) => {
    expect(version(published(story(overrides))).content.warnings).toEqual([
      { path, message: expect.any(String) as unknown },
    ]);
  });

  test('a second form of the same text, and a body of content type plain or html, are shown without a warning', () => {
    for (const bodies of [
      [
        { role: 'main', contentType: 'text/plain', value: 'All' },
        { role: 'main', contentType: 'text/html', value: '<p>All</p>' },
      ],
      [{ contentType: 'plain', value: 'All of the text' }],
      [{ contentType: 'html', value: '<p>All of the text</p>' }],
    ])
      expect(version(published(story({ bodies }))).content).not.toHaveProperty('warnings');
    expect(
      bodyHtmlOf(
        version(published(story({ bodies: [{ contentType: 'plain', value: 'All of the text' }] }))).content.article,
      ),
    ).toBe('<p>All of the text</p>');
  });

  test('too many authors in a byline leave out the byline, not the article', () => {
    const by = Array.from({ length: 400 }, (_, index) => `A${index}`)
      .join(';')
      .slice(0, 2000);
    const people = Array.from({ length: 320 }, (_, index) => ({ rel: 'author', name: `Author ${index}` }));
    expect(warned(published(story({ people, genres: [] })))).toEqual(['article.people']);
    expect(warned(published(story({ by })))).toEqual(['article.by']);
  });
});
