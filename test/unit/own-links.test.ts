import { describe, expect, test } from '@jest/globals';
import { cardOf } from '../../shared/article/card.ts';
import { foreignCanonical, ownLink } from '../../shared/cms/own-links.ts';
import { ghostPost, ghostPublished, wordpressPost } from '../fixtures/cms/newsroom.ts';
import { only, read } from './sources/newsroom.ts';
import { noon, story } from './story.ts';

describe('a link in a text', () => {
  const dated = 'https://www.cms.example.com/2026/03/bridge-opens/';
  const plain = 'http://cms.example.com/news/bridge-opens';
  test.each([
    [dated, 'https://cms.example.com/2025/12/bridge-begun/?utm_source=feed#plans', '/2025/12/bridge-begun#plans'],
    [dated, '/2025/12/bridge-begun', '/2025/12/bridge-begun'],
    [dated, '../bridge-closed/', '/2026/03/bridge-closed'],
    // Its own parts, as tables of contents write them.
    [dated, 'https://cms.example.com/2026/03/bridge-opens/#fn1', '#fn1'],
    [dated, '#fn1', '#fn1'],
    [dated, '/about', '/about'],
    [dated, 'https://cms.example.com/about/', 'https://cms.example.com/about/'],
    [plain, 'https://cms.example.com/sport/football/cup/', '/sport/football/cup'],
    [plain, 'https://cms.example.com/caf%C3%A9', '/caf%C3%A9'],
    [plain, 'https://cms.example.com/cup.html', '/cup.html'],
    [plain, 'https://cms.example.com/', 'https://cms.example.com/'],
    [plain, 'https://cms.example.com/?p=12', 'https://cms.example.com/?p=12'],
    [plain, 'https://cms.example.com/tag/bridges', 'https://cms.example.com/tag/bridges'],
    [plain, 'https://cms.example.com/wp-content/plan.pdf', 'https://cms.example.com/wp-content/plan.pdf'],
    [plain, 'https://cms.example.com/plan.pdf', 'https://cms.example.com/plan.pdf'],
    [plain, 'https://elsewhere.example.com/news/x', 'https://elsewhere.example.com/news/x'],
    [plain, 'https://cms.example.com:8443/news/x', 'https://cms.example.com:8443/news/x'],
    [plain, 'mailto:desk@cms.example.com', 'mailto:desk@cms.example.com'],
    [plain, 'http://[', 'http://['],
    [undefined, 'https://cms.example.com/news/x', 'https://cms.example.com/news/x'],
    ['/news/x', 'https://cms.example.com/news/x', 'https://cms.example.com/news/x'],
  ])('of %s to %s is %s', (own, address, expected) => {
    expect(ownLink(address, own)).toBe(expected);
  });

  const html = (host: string): string =>
    `<p><a href="https://${host}/2025/12/bridge-begun/">Begun</a> <a href="https://elsewhere.example.com/">Else</a></p>`;
  test('leads to the newspaper in stories of Ghost and WordPress', () => {
    const texts = [
      read('wordpress', {
        hook: 'wp_after_insert_post',
        new_status: 'publish',
        rest: wordpressPost(11, { content: { rendered: html('wp.example.com') } }),
      }),
      read(
        'ghost',
        ghostPublished(ghostPost('a', { url: 'https://blog.example.com/a/', html: html('blog.example.com') })),
      ),
    ].map((commands) => only(commands).detail.article.bodies?.[0]?.value);
    for (const text of texts) {
      expect(text).toContain('<a href="/2025/12/bridge-begun">Begun</a>');
      expect(text).toContain('<a href="https://elsewhere.example.com/">Else</a>');
    }
  });
});

describe('a canonical address', () => {
  test('is one of another site', () => {
    const own = 'https://cms.example.com/a';
    expect(foreignCanonical('https://partner.example.com/a', own)).toBe('https://partner.example.com/a');
    for (const not of ['https://www.cms.example.com/a', '/a', 'javascript:alert(1)', '', null, 7])
      expect(foreignCanonical(not, own)).toBeUndefined();
  });

  test('of Ghost and of an SEO plugin of WordPress is an alternative id of the article', () => {
    const canonical = 'https://partner.example.com/a';
    const articles = [
      read('wordpress', {
        hook: 'wp_after_insert_post',
        new_status: 'publish',
        rest: wordpressPost(11, { pressrun_canonical: canonical }),
      }),
      read('ghost', ghostPublished(ghostPost('a', { canonical_url: canonical }))),
    ].map((commands) => only(commands).detail.article.altIds);
    expect(articles).toEqual(articles.map(() => [{ role: 'canonical', value: canonical }]));
  });

  test('gives the card its host', () => {
    const altIds = (value: string) => [{ role: 'canonical', value }];
    expect(cardOf(story({ altIds: altIds('https://partner.example.com/a') }), '/a', noon)).toMatchObject({
      canonicalHost: 'partner.example.com',
    });
    expect(cardOf(story({ altIds: altIds('ftp://partner.example.com/a') }), '/a', noon)).not.toHaveProperty(
      'canonicalHost',
    );
  });
});
