import { describe, expect, test } from '@jest/globals';
import { accept } from '../../../shared/article/accept.ts';
import { stripped } from '../../../shared/article/erasure.ts';
import { busEvent, noon, story } from '../story.ts';
import { issues, published, version, warned } from './accepted.ts';

const uri = 'urn:newsroom:storm-1';
const post = (given: unknown, more: Record<string, unknown> = {}): ReturnType<typeof published> =>
  published(story({ uri }), { post: given, ...more });

describe('a post', () => {
  test.each<[string, unknown]>([
    ['post.story', {}],
    ['post.story', { story: '' }],
    ['post.story', { story: 7 }],
    ['post.story', { story: 'x'.repeat(256) }],
    ['post.story', { story: uri }],
    ['post', 'urn:newsroom:storm'],
    ['post', ['urn:newsroom:storm']],
    ['post', null],
  ])('is rejected for %s rather than published as an article: %j', (path, given) => {
    expect(issues(post(given))).toEqual([path]);
  });

  test('keeps its story and its marks, and no other field', () => {
    const given = { story: 'urn:newsroom:storm', key: true, pinned: false, note: 'Ask the lawyer' };
    const { content } = version(post(given));
    expect(content.post).toEqual({ story: 'urn:newsroom:storm', key: true });
    expect(stripped(content).post).toEqual(content.post);
  });

  test('is accepted without an invalid mark, a path and posts of its own, each with a warning', () => {
    const accepted = post({ story: 'urn:newsroom:storm', key: 'yes' }, { path: '/storm/1', live: {} });
    expect(warned(accepted)).toEqual(['post.key', 'path', 'live']);
    const { content } = version(accepted);
    expect(content.post).toEqual({ story: 'urn:newsroom:storm' });
    expect(content).not.toHaveProperty('path');
    expect(content).not.toHaveProperty('live');
  });

  test('is accepted only from a source that may write its story', () => {
    const owners = { newsroom: ['urn:newsroom:'], sport: ['urn:sport:'] };
    const event = busEvent('article.published', { article: story({ uri }), post: { story: 'urn:sport:final' } });
    expect(issues(accept(event, 'delivery', owners))).toEqual(['post.story']);
    const own = busEvent('article.published', { article: story({ uri }), post: { story: 'urn:newsroom:storm' } });
    expect(issues(accept(own, 'delivery', owners))).toEqual([]);
  });
});

describe('a live story', () => {
  test('may have future times, and is live without an invalid time', () => {
    const end = new Date(noon + 8 * 3_600_000).toISOString();
    const { content } = version(
      published(story(), { live: { coverageStartTime: '2026-05-01T06:00Z', coverageEndTime: end } }),
    );
    expect(content.live).toEqual({ coverageStartTime: '2026-05-01T06:00:00.000Z', coverageEndTime: end });
    const accepted = published(story(), { live: { coverageStartTime: 'at dawn' } });
    expect(version(accepted).content.live).toEqual({});
    expect(warned(accepted)).toEqual(['live.coverageStartTime']);
  });
});
