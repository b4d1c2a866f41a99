import { describe, expect, test } from '@jest/globals';
import { check, checkLines } from '../../tools/cli/check.ts';
import { ghostPost, ghostPublished } from '../fixtures/cms/newsroom.ts';
import { superdeskItem, superdeskPicture } from '../fixtures/cms/superdesk.ts';
import { noon, story } from './story.ts';

const lines = (source: string, payload: unknown): string[] => checkLines(check(source, payload, {}, noon));

describe('check', () => {
  test('shows the article as readers would see it', () => {
    const text = lines('ghost', ghostPublished(ghostPost('g1'))).join('\n');
    for (const line of [
      'article.published  ghost:main/g1',
      '  path       /story-g1',
      '  headline   Story g1',
      '  standfirst Standfirst of g1',
      '  by         Ada Marlow',
      '  sections   world',
      '  feeds      topic/grain, author/ada-marlow, genre/explainer',
      '  picture    https://ghost.example.com/content/images/g1.jpg  alt "Alt of g1"  caption "Caption of g1"  credit Harbour Press/AM',
      '  Body of g1.',
    ])
      expect(text).toContain(line);
  });

  test('names warnings, and issues of the payload or of one story in it', () => {
    const badPicture = ghostPublished(ghostPost('g1', { feature_image: 'images/1.jpg' }));
    expect(lines('ghost', badPicture).join('\n')).toMatch(/ {2}warning {4}post\.current\.feature_image: must be/);
    expect(lines('ghost', ghostPublished(ghostPost('g1', { updated_at: 'soon' })))).toEqual([
      expect.stringMatching(/^ {2}rejected {3}post\.current\.updated_at: must be a time/),
    ]);
    const { stories } = check('superdesk', superdeskItem('u1', { headline: '' }), {}, noon);
    expect(stories.map(({ issues }) => issues.map(({ path }) => path))).toEqual([['article.headlines']]);
  });

  test('says that a payload does not concern readers, and shows no text of a withdrawn story', () => {
    expect(lines('superdesk', superdeskPicture('p1'))).toEqual(['It changes nothing for readers: the answer is 204.']);
    expect(lines('superdesk', superdeskItem('u1', { pubstatus: 'canceled' }))).toEqual([
      'article.unpublished  superdesk:main/urn:newsml:desk.example.com:2026-03-02:u1',
    ]);
  });

  test('shows no picture that readers would not see when the story is public', () => {
    const picture = (name: string, more: object) => ({
      type: 'picture',
      renditions: [{ href: `https://pictures.example.com/${name}.jpg` }],
      ...more,
    });
    const associations = [
      picture('canceled', { pubStatus: 'canceled' }),
      picture('later', { embargoedUntil: '2040-01-01T00:00:00Z' }),
      picture('then', { embargoedUntil: '2030-01-01T00:00:00Z' }),
    ];
    const article = story({ associations, embargoedUntil: '2030-01-01T00:00:00Z' });
    expect(lines('bus', { article }).filter((line) => /^ {2}picture/.test(line))).toEqual([
      '  picture    https://pictures.example.com/then.jpg',
    ]);
  });

  test('says that a payload is no webhook of the CMS, such as an answer of its API', () => {
    expect(lines('ghost', ghostPost('g1'))).toEqual([
      'It changes nothing for readers: the answer is 204.',
      'It is no webhook of ghost: these have post.',
    ]);
    expect(lines('wordpress', { id: 1, title: { rendered: 'Story' } }).at(-1)).toBe(
      'It is no webhook of wordpress: these have hook, new_status, old_status, rest.',
    );
  });

  test('reads an event of the bus, or its detail alone', () => {
    const detail = { article: story(), path: '/news/bridge' };
    const whole = { 'detail-type': 'article.updated', source: 'newsroom', detail };
    expect(lines('bus', detail)[1]).toBe('  path       /news/bridge');
    expect(lines('bus', whole)[0]).toMatch(/^article\.updated {2}/);
    for (const payload of [null, [], 'text', { article: 5 }])
      expect(check('bus', payload, {}, noon).stories[0]?.issues).not.toEqual([]);
  });

  test('applies the newsroom’s settings', () => {
    const settings = { ghost: { sections: { world: 'news/international' } } };
    expect(checkLines(check('ghost', ghostPublished(ghostPost('g1')), settings, noon)).join('\n')).toContain(
      '  sections   news/international',
    );
  });
});
