import { describe, expect, test } from '@jest/globals';
import { sanitise } from '../../../shared/article/sanitise.ts';
import { ghostCards } from '../../fixtures/cms/ghost-cards.ts';
import { ghostPost, ghostPublished, wordpressPost } from '../../fixtures/cms/newsroom.ts';
import { wordpressBlocks } from '../../fixtures/cms/wordpress-blocks.ts';
import { assertFixed } from '../../fuzz/sanitised.ts';
import { live, newsroom, only, read } from './newsroom.ts';

const ofGhost = (html: string): unknown => ghostPublished(ghostPost('g1', { html }));
const ofWordpress = (rest: Record<string, unknown>): unknown => ({
  hook: 'wp_after_insert_post',
  rest: wordpressPost(11, rest),
  new_status: 'publish',
  old_status: null,
});
const storedOf = (name: string, payload: unknown): string =>
  sanitise(only(read(name, payload)).detail.article.bodies?.[0]?.value ?? '');

describe('a card of Ghost is stored as readable markup', () => {
  test.each(ghostCards)('$shape', ({ html, stored }) => {
    expect(storedOf('ghost', ofGhost(html))).toBe(stored);
    assertFixed(stored);
  });

  test('without the buttons of its forms for members, and with other buttons', () => {
    const button = (href: string): string =>
      storedOf(
        'ghost',
        ofGhost(`<p>a</p><div class="kg-card kg-button-card"><a href="${href}" class="kg-btn">B</a></div>`),
      );
    expect(button('#/portal/signup')).toBe('<p>a</p>');
    expect(button('https://ghost.example.com/#/portal/account')).toBe('<p>a</p>');
    expect(button('https://ghost.example.com/about/')).toContain('>B</a>');
  });
});

describe('a block or shortcode of WordPress is stored as readable markup', () => {
  test.each(wordpressBlocks)('$shape', ({ html, stored }) => {
    expect(storedOf('wordpress', ofWordpress({ content: { rendered: html, protected: false } }))).toBe(stored);
    assertFixed(stored);
  });
});

describe('a standfirst that only repeats the beginning of the text', () => {
  const sentences = 'The ferries will sail again from Monday, the harbour office said. It was the third stop.';
  const standfirstOf = (
    excerpt: string,
    html = `<figure><img src="https://a.example/1.jpg"><figcaption>Pier</figcaption></figure><p>${sentences.replace('. ', '.</p><p>')}</p>`,
  ) =>
    only(
      read('wordpress', ofWordpress({ excerpt: { rendered: excerpt }, content: { rendered: html, protected: false } })),
    ).detail.article.descriptions?.[0]?.value;

  test.each([
    ['whole', `<p>${sentences}</p>`],
    ['cut', '<p>The ferries will sail again from Monday, the harbour [&hellip;]</p>'],
    [
      'cut, with a link to the rest',
      '<p>The ferries will sail again&hellip; <a class="more-link" href="https://wp.example.com/11/">Continue reading <span>Story</span></a></p>',
    ],
  ])('is left out: %s', (_, excerpt) => {
    expect(standfirstOf(excerpt)).toBeUndefined();
  });

  test('is left out of a story that begins with a table', () => {
    expect(
      standfirstOf('<p>Year Ships</p>', '<figure><table><tr><td>Year</td><td>Ships</td></tr></table></figure>'),
    ).toBeUndefined();
  });

  test.each(['<p>The ferries are back.</p>', '<p>It was the third stop.</p>'])(
    'is kept if it says something else: %s',
    (excerpt) => {
      expect(standfirstOf(excerpt)).toBe(excerpt.slice(3, -4));
    },
  );
});

describe('WordPress', () => {
  const category = (id: number, slug: string): unknown => ({
    id,
    name: slug,
    slug,
    taxonomy: 'category',
    link: `https://wp.example.com/category/${slug}/`,
  });

  test('lists the primary category of an SEO plugin first', () => {
    const sections = (primary: unknown): unknown =>
      only(
        read(
          'wordpress',
          ofWordpress({
            pressrun_primary_category: primary,
            _embedded: { 'wp:term': [[category(3, 'harbour'), category(4, 'politics'), category(5, 'sport')]] },
          }),
        ),
      ).detail.article.subjects?.map(({ literal }) => literal);
    expect(sections(4)).toEqual(['politics', 'harbour', 'sport']);
    for (const none of [0, 99, undefined, null]) expect(sections(none)).toEqual(['harbour', 'politics', 'sport']);
  });

  test('has the addresses of files from its own site, and links to stories by their paths', () => {
    const html =
      '<p><img src="/blog/wp-content/uploads/a.jpg" srcset="../wp-content/uploads/a-300.jpg 300w, //cdn.example.org/wp-content/a.jpg 600w"> <a href="/blog/2026/03/other/">b</a></p>';
    expect(
      storedOf('wordpress', ofWordpress({ link: 'https://example.com/blog/story/', content: { rendered: html } })),
    ).toBe(
      '<p><img src="https://example.com/blog/wp-content/uploads/a.jpg" srcset="https://example.com/blog/wp-content/uploads/a-300.jpg 300w, https://cdn.example.org/wp-content/a.jpg 600w"> <a href="/blog/2026/03/other">b</a></p>',
    );
  });

  test('redirects the former address of a story whose permalink was changed', async () => {
    const says = (link: string, modified_gmt: string): { source: string; body: unknown } => ({
      source: 'wordpress',
      body: ofWordpress({ link, modified_gmt }),
    });
    const pipeline = await newsroom([
      says('https://example.com/blog/2026/03/story/', '2026-03-02T07:00:00'),
      says('https://example.com/blog/news/story/', '2026-03-02T08:00:00'),
    ]);
    expect(Object.keys(live(pipeline))).toEqual(['wordpress:main/11']);
    expect(await pipeline.see('/blog/2026/03/story')).toMatchObject({
      status: 301,
      headers: { location: expect.stringMatching(/\/blog\/news\/story$/) },
    });
    expect((await pipeline.see('/blog/news/story')).status).toBe(200);
  });

  test('shows neither text nor excerpt of a post with a password, wherever it is marked', () => {
    for (const marked of ['content', 'excerpt'])
      expect(
        JSON.stringify(read('wordpress', ofWordpress({ [marked]: { rendered: '<p>Secret</p>', protected: true } }))),
      ).not.toMatch(/Secret|Body of|Standfirst/);
  });
});

describe('Ghost', () => {
  test('has sections and authors with accents, and lists nothing of newsletters and pages', () => {
    const tags = [{ name: 'Économie & Société', slug: 'economie-societe', visibility: 'public' }];
    const authors = [{ name: 'Zoë Ångström' }];
    const { article } = only(read('ghost', ghostPublished(ghostPost('g1', { tags, authors })))).detail;
    expect(article).toMatchObject({
      by: 'Zoë Ångström',
      subjects: [{ rel: 'section', literal: 'economie-societe', name: 'Économie & Société' }],
    });
    for (const letter of [{ email_only: true, status: 'sent' }, { status: 'sent' }])
      expect(read('ghost', ghostPublished(ghostPost('g1', letter), { status: 'draft' }))).toEqual([]);
    expect(read('ghost', { page: { current: ghostPost('g1'), previous: {} } })).toEqual([]);
  });

  test('publishes a scheduled story at its own path when its date has come', async () => {
    const scheduled = ghostPost('g1', {
      status: 'scheduled',
      url: 'https://ghost.example.com/p/5b1c/',
      published_at: '2026-05-02T06:00:00.000Z',
    });
    const published = ghostPost('g1', {
      published_at: '2026-05-01T11:00:00.000Z',
      updated_at: '2026-05-01T11:00:00.000Z',
    });
    const pipeline = await newsroom(
      [ghostPublished(scheduled, { status: 'draft' }), ghostPublished(published, { status: 'scheduled' })].map(
        (body) => ({
          source: 'ghost',
          body,
        }),
      ),
    );
    expect((await pipeline.see('/story-g1')).status).toBe(200);
    expect((await pipeline.see('/p/5b1c')).status).toBe(404);
  });

  test('has no standfirst of an automatic excerpt', () => {
    const post = ghostPost('g1', { custom_excerpt: null, excerpt: 'Body of g1. Report' });
    expect(only(read('ghost', ghostPublished(post))).detail.article.descriptions).toBeUndefined();
  });
});
