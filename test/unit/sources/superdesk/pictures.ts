import { describe, expect, test } from '@jest/globals';
import { superdeskEmbed, superdeskItem, superdeskPicture, superdeskUri } from '../../../fixtures/cms/superdesk.ts';
import { imagesIn, only, pageOf, pages } from './pages.ts';

describe('pictures', () => {
  test('have featuremedia as the lead and embedded ones in the text alone, each once', async () => {
    const story = superdeskItem('u1', {
      body_html: `<p>a</p>\n${superdeskEmbed('editor_0', 'p2')}\n<p>b</p>`,
      associations: {
        editor_0: superdeskPicture('p2'),
        'media--1': superdeskPicture('p3'),
        featuremedia: superdeskPicture('p1'),
        'media--2': superdeskPicture('p1'),
        empty: null,
      },
    });
    const page = await pageOf(await pages(story), superdeskUri('u1'));
    expect(imagesIn(page).map((href) => /p\d/.exec(href)?.[0])).toEqual(['p1', 'p2', 'p3']);
    expect(page).toContain('alt="Alt of p1"');
    expect(page).not.toContain('EMBED');
  });

  test('are plain text if an embed has no end or no picture', () => {
    const html = '<!-- EMBED START Image {id: "editor_0"} --><p>a</p>'.repeat(3);
    const associations = { editor_0: superdeskPicture('p2') };
    expect(only(superdeskItem('u1', { body_html: html, associations })).detail.article.associations).toMatchObject([
      { renditions: [{ name: 'original' }, { name: 'thumbnail' }] },
    ]);
  });
});

describe('the files of an item of any type that may not be shown are removed from the text', () => {
  const embargoed = '2030-01-01T00:00:00+0000';
  const file = 'https://media.example.com/secret.jpg';
  const picture = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    ...superdeskPicture('p1', more),
    renditions: { original: { href: file } },
  });
  const gallery = (more: Record<string, unknown>, inner: Record<string, unknown> = {}): Record<string, unknown> => ({
    guid: 'urn:gallery',
    type: 'composite',
    associations: { a: picture(inner) },
    ...more,
  });

  test.each<[string, Record<string, unknown>]>([
    ['an embargoed gallery', gallery({ embargoed })],
    ['a canceled gallery', gallery({ pubstatus: 'canceled' })],
    ['a gallery that has expired', gallery({ expires: '2026-01-01T00:00:00+0000' })],
    ['an embargoed picture in a gallery', gallery({}, { embargoed })],
    ['a gallery in a gallery', gallery({ associations: { inner: gallery({}, { embargoed }) } })],
    ['an item without type', picture({ type: undefined, embargoed })],
    ['an item of an unknown type', picture({ type: 'Picture', embargoed })],
    ['a text', picture({ type: 'text', embargoed })],
    ['a text with an embargoed picture', superdeskItem('u2', { associations: { a: picture({ embargoed }) } })],
  ])('%s', async (_, item) => {
    const body = `<p>Text.</p><img src="${file}">`;
    for (const story of [
      superdeskItem('u1', { body_html: body, associations: { item } }),
      superdeskItem('u1', {
        type: 'composite',
        body_html: undefined,
        associations: { main: superdeskItem('m1', { body_html: body, associations: { item } }) },
      }),
    ]) {
      const page = await pageOf(await pages(story), superdeskUri('u1'));
      expect(page).toContain('Text.');
      expect(page).not.toContain('secret');
    }
  });

  test('and no link that may be shown repeats them', () => {
    const { associations } = only(superdeskItem('u1', { associations: { a: superdeskItem('u2'), g: gallery({}) } }))
      .detail.article;
    expect(associations?.map(({ renditions, bodies, associations: held }) => [renditions, bodies, held])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ]);
  });
});

describe('an item that is twice among the associations', () => {
  const embargoed = '2030-01-01T00:00:00+0000';

  test.each<[Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    [{}, { embargoed }, { embargoedUntil: embargoed }],
    [{ embargoed }, { embargoed: '2026-06-01T10:00:00+0000' }, { embargoedUntil: embargoed }],
    [{ embargoed }, { embargoed: 'soon' }, { embargoedUntil: 'soon' }],
    [{ pubstatus: 'withheld' }, { pubstatus: 'canceled' }, { pubStatus: 'canceled' }],
    [{ pubstatus: 'canceled' }, { pubstatus: 'usable' }, { pubStatus: 'canceled' }],
    [{ expires: embargoed }, { expires: '2026-06-01T10:00:00+0000' }, { expires: '2026-06-01T10:00:00+0000' }],
  ])('%j and %j: has the stricter state of the two', (first, second, expected) => {
    const twice = { featuremedia: superdeskPicture('p1', first), editor_1: superdeskPicture('p1', second) };
    const { associations } = only(superdeskItem('u1', { associations: twice })).detail.article;
    expect(associations).toMatchObject([{ name: 'featuremedia', ...expected }]);
  });

  test('has the files of both', async () => {
    const one = superdeskPicture('p1');
    const other = {
      ...superdeskPicture('p1', { embargoed }),
      renditions: { original: { href: 'https://media.example.com/secret.jpg' } },
    };
    const pipeline = await pages(
      superdeskItem('u1', {
        body_html: '<p>Text.</p><img src="https://media.example.com/secret.jpg">',
        associations: { featuremedia: one, editor_1: other },
      }),
    );
    const page = await pageOf(pipeline, superdeskUri('u1'));
    expect(page).not.toContain('secret');
    expect(imagesIn(page)).toEqual([]);
  });
});
