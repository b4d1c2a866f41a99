import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allFeedsTag, articleTag, collapseTags, feedTag, pinTag } from '../../shared/purge/tags.ts';
import { feedsOf } from '../../shared/feed/placement.ts';
import { anyCharacter } from './any-character.ts';
import { story } from './story.ts';

describe('tags', () => {
  test('name articles, pins and feeds, with colons for a feed’s slashes', () => {
    expect([
      articleTag('abcdefghijklmnop'),
      pinTag('abcdefghijklmnop'),
      feedTag('latest'),
      feedTag('section/news/world'),
      allFeedsTag,
    ]).toEqual(['article:abcdefghijklmnop', 'pin:abcdefghijklmnop', 'feed:latest', 'feed:section:news:world', 'feeds']);
  });

  test('are accepted by CloudFront: 1 to 256 characters of printable ASCII without comma, equal in either case', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyCharacter, maxLength: 90 }), { maxLength: 4 }), (names) => {
        const feeds = feedsOf(
          story({
            subjects: names.flatMap((name) => [{ name }, { rel: 'section', literal: name }]),
            by: names.join(' and '),
          }),
        );
        for (const tag of feeds.map(feedTag)) {
          expect(tag).toMatch(/^[!-+\--~]{1,256}$/);
          expect(tag).toBe(tag.toLowerCase());
        }
      }),
    );
  });

  test('differ between two feeds', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }), { maxLength: 4 }), (names) => {
        const feeds = feedsOf(
          story({
            subjects: names.map((name) => ({ rel: 'section', literal: name })),
            genres: names.map((name) => ({ name })),
          }),
        );
        expect(new Set(feeds.map(feedTag)).size).toBe(feeds.length);
      }),
    );
  });
});

describe('the tags of a flush', () => {
  const feeds = (count: number): string[] => Array.from({ length: count }, (_, index) => `feed:topic:${index}`);

  test('are each there once, in one order, in any order of input', () => {
    expect(collapseTags(['b', 'a', 'b'])).toEqual(['a', 'b']);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['a', 'article:x', 'feed:latest', 'feeds', 'pin:x'], { minLength: 5 }),
        (tags) => {
          expect(collapseTags(tags)).toEqual(collapseTags([...tags].reverse()));
        },
      ),
    );
  });

  test('are collapsed if they include more than three feeds, and not otherwise', () => {
    expect(collapseTags([...feeds(3), 'article:a'])).toHaveLength(4);
    expect(collapseTags([...feeds(4), 'article:a', 'pin:a'])).toEqual(['article:a', 'feeds', 'pin:a']);
    expect(collapseTags(Array.from({ length: 50 }, (_, index) => `article:${index}`))).toHaveLength(50);
  });

  test('name no single feed beside the tag of all feeds', () => {
    expect(collapseTags(['feed:latest', 'feeds', 'article:a'])).toEqual(['article:a', 'feeds']);
  });

  test('are unchanged when collapsed again', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.nat(60).map((n) => `feed:topic:${n}`),
            fc.nat(9).map((n) => `article:${n}`),
            fc.constant('feeds'),
          ),
        ),
        (tags) => {
          expect(collapseTags(collapseTags(tags))).toEqual(collapseTags(tags));
        },
      ),
    );
  });
});
