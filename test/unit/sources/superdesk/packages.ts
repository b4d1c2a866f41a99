import { describe, expect, test } from '@jest/globals';
import { superdeskEmbed, superdeskItem, superdeskPicture, superdeskUri } from '../../../fixtures/cms/superdesk.ts';
import { noon } from '../../story.ts';
import { only, pageOf, pages, read } from './pages.ts';

describe('a package', () => {
  const group = (id: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
    superdeskItem(id, { body_html: `<p>Text of ${id}.</p>`, ...more });
  const composite = (
    associations: Record<string, unknown>,
    more: Record<string, unknown> = {},
  ): Record<string, unknown> =>
    superdeskItem('pkg', {
      type: 'composite',
      headline: 'The package',
      body_html: undefined,
      byline: undefined,
      associations,
      ...more,
    });

  test('shows the text of its main group, then links to the others', async () => {
    const pipeline = await pages(
      group('s1', { headline: 'Sidebar' }),
      composite({
        'main-0': group('m1'),
        'main-1': group('m2', { headline: 'Second <main>' }),
        sidebars: group('s1', { headline: 'Sidebar' }),
      }),
    );
    const page = await pageOf(pipeline, superdeskUri('pkg'));
    expect(page).toContain('<p>Text of m1.</p>');
    expect(page).toMatch(/<h2>Second &lt;main&gt;<\/h2>\s*<p>Text of m2\.<\/p>/);
    expect(page).not.toContain('Text of s1.');
    expect(page).toMatch(/<nav class="more"[^]*Sidebar/);
    expect(page).toContain('Ada Marlow');
  });

  test('is embargoed like its main text, and shows no withdrawn text', () => {
    const { detail } = only(
      composite(
        { main: group('m1', { embargoed: '2026-06-02T10:00:00+00:00' }) },
        { embargoed: '2026-06-01T10:00:00+00:00' },
      ),
    );
    expect(detail.article.embargoedUntil).toBe('2026-06-02T10:00:00+00:00');
    const withdrawn = only(composite({ main: group('m1', { pubstatus: 'canceled' }) }));
    expect(JSON.stringify(withdrawn)).not.toContain('Text of m1');
  });

  test('expires with its main text, and has that text’s associations', async () => {
    const picture = superdeskPicture('p1', { embargoed: '2030-01-01T00:00:00+0000' });
    const main = group('m1', {
      expires: '2026-06-02T10:00:00+00:00',
      body_html: `<p>Text.</p>${superdeskEmbed('editor_1', 'secret')}`,
      associations: { editor_1: picture },
    });
    const item = composite({ main, 'sidebars-0': group('s1', { expires: '2026-06-01T10:00:00+00:00' }) });
    const [shown] = read(item);
    const article = shown?.detail.article;
    expect(article).toMatchObject({
      expires: '2026-06-02T10:00:00+00:00',
      associations: [{ name: 'sidebars-0', expires: '2026-06-01T10:00:00+00:00' }, { name: 'editor_1' }],
    });
    const page = await pageOf(await pages(item), superdeskUri('pkg'));
    expect(page).toContain('Text.');
    expect(page).not.toContain('secret');
  });

  test('shows no text that has expired, at receipt or later', async () => {
    const past = new Date(noon - 3_600_000).toISOString();
    const soon = new Date(noon + 3_600_000).toISOString();
    const pipeline = await pages(
      composite({
        'main-0': group('m1', { expires: past }),
        'main-1': group('m2', { expires: soon }),
        'main-2': group('m3'),
      }),
    );
    const texts = async (): Promise<string[]> =>
      (await pageOf(pipeline, superdeskUri('pkg'))).match(/Text of m\d/g) ?? [];
    expect(await texts()).toEqual(['Text of m2', 'Text of m3']);
    await pipeline.pass(3_700_000);
    expect(await texts()).toEqual(['Text of m3']);
  });

  test('that is embargoed leaves out texts that expire, with a warning', () => {
    const [soon, later] = [1, 2].map((days) => new Date(noon + days * 86_400_000).toISOString());
    const { detail } = only(composite({ main: group('m1', { expires: later }) }, { embargoed: soon }));
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.warnings).toMatchObject([{ path: 'associations' }]);
  });

  test('with references only is a page of links', () => {
    const { detail } = only(
      composite({ main: { guid: 'urn:a', type: 'text' }, 'sidebars-0': { guid: 'urn:b', type: 'text' } }),
    );
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.article.associations?.map(({ uri }) => uri)).toEqual([
      'superdesk:main/urn:a',
      'superdesk:main/urn:b',
    ]);
  });
});
