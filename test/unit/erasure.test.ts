import { expect, test } from '@jest/globals';
import { isStripped, stripped } from '../../shared/article/erasure.ts';
import type { Content } from '../../shared/article/version.ts';
import { story } from './story.ts';

const bare = { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z' };
const content = (more: Partial<Content> = {}): Content => ({ event: 'article.published', article: bare, ...more });

test('an erased version keeps its identity, order and sender, and no text', () => {
  const whole = content({
    article: { ...story(bare), pubStatus: 'withheld' },
    path: '/news/x',
    actor: 'ada',
    reason: 'why',
  });
  expect(stripped(whole)).toStrictEqual({
    event: 'article.published',
    article: { ...bare, pubStatus: 'withheld' },
    actor: 'ada',
  });
  expect(stripped(content())).toStrictEqual({ event: 'article.published', article: bare });
  expect(isStripped(stripped(whole))).toBe(true);
});

test.each<[string, Partial<Content>]>([
  ['a headline', { article: { ...bare, headlines: [{ value: 'x' }] } }],
  ['a body', { article: { ...bare, bodies: [{ value: 'x' }] } }],
  ['a path', { path: '/news/x' }],
  ['a reason', { reason: 'why' }],
])('a version that has %s left is not erased', (_, more) => {
  expect(isStripped(content(more))).toBe(false);
});
