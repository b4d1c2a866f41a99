import { describe, expect, test } from '@jest/globals';
import { slugOf } from '../../shared/article/slug.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon, story } from './story.ts';

const name = 'Économie & Société';
const section = { rel: 'section', literal: 'économie-société', name };

async function newsroom(...subjects: readonly Record<string, unknown>[]): Promise<Pipeline> {
  const pipeline = new Pipeline(noon, { ...theme, sections: [{ path: 'sport', title: 'Sports' }] });
  await pipeline.send('article.published', { article: story({ subjects: [...subjects] }), path: '/story' });
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

describe('the name of a section, as the CMS has it', () => {
  test.each(['/story', '/section/economie-societe', '/latest', '/feeds/latest.atom', '/feeds/latest.rss'])(
    'is shown at %s',
    async (path) => {
      const { status, body } = await (await newsroom(section)).see(path);
      expect(status).toBe(200);
      expect(body).toMatch(/Économie &(?:amp|#x26); Société/);
      expect(body).not.toContain('Economie Societe');
    },
  );

  test('is replaced by the theme’s name, and not stored if the path has the same', async () => {
    const pipeline = await newsroom({ rel: 'section', literal: 'sport', name: 'Le sport' });
    expect((await pipeline.see('/story')).body).toContain('<a href="/section/sport">Sports</a>');
    const same = await newsroom({ rel: 'section', literal: 'news/world', name: 'World' });
    expect([...same.articles.heads.values()][0]?.card).not.toHaveProperty('sectionName');
  });

  test('is derived from the path if the CMS has none', async () => {
    const pipeline = await newsroom({ rel: 'section', literal: 'news/far-east' });
    expect((await pipeline.see('/story')).body).toContain('<a href="/section/news/far-east">Far East</a>');
  });
});

test.each([
  ['Économie & Société', 'economie-and-societe'],
  ['Über uns', 'ueber-uns'],
  ['Łódź', 'lodz'],
  ['Ελλάδα', 'ellada'],
  ['Спорт', 'sport'],
  ['العالم', 'alealm'],
  ['ışık', 'isik'],
])('a name with accents or in another script has a readable slug: %s', (given, slug) => {
  expect(slugOf(given)).toBe(slug);
});

test('names in scripts without letters have different slugs', () => {
  const slugs = ['国际', '国内', 'スポーツ', '한국', 'חדשות'].map(slugOf);
  expect(new Set(slugs).size).toBe(5);
  for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]{8}$/);
});
