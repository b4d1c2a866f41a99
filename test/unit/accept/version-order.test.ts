import { describe, expect, test } from '@jest/globals';
import { accept } from '../../../shared/article/accept.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { busEvent, noon, story } from '../story.ts';
import { version, published } from './accepted.ts';

describe('identity and order', () => {
  test('the articleId is the first 16 characters of base32(sha256(uri))', () => {
    expect(articleIdOf('urn:newsroom:harbour-bridge')).toMatch(/^[a-z2-7]{16}$/);
    expect(articleIdOf('')).toBe('4oymiquy7qobjgx3');
    expect(version(published(story())).articleId).toBe(articleIdOf('urn:newsroom:harbour-bridge'));
  });

  test('receivedAt is the endpoint’s, else the bus event’s time', () => {
    expect(version(published(story())).receivedAt).toBe(noon);
    expect(version(published(story(), { receivedAt: noon + 123 })).receivedAt).toBe(noon + 123);
  });

  test('the digest ignores receivedAt and the order of keys, and nothing else', () => {
    const digest = version(published(story())).digest;
    expect(version(published(story(), { receivedAt: noon + 5 })).digest).toBe(digest);
    expect(version(published(Object.fromEntries(Object.entries(story()).reverse()))).digest).toBe(digest);
    expect(version(published(story({ edNote: 'x' }))).digest).not.toBe(digest);
    expect(version(accept(busEvent('article.updated', { article: story() }), 'delivery')).digest).not.toBe(digest);
  });

  test('the same event is always judged alike', () => {
    const body = busEvent('article.published', { article: story() });
    expect(accept(body, 'a')).toEqual(accept(body, 'b'));
  });
});

describe('the first publication that a version names', () => {
  const firstPublished = (
    article: Record<string, unknown>,
    source = 'newsroom',
    event = 'article.published',
  ): string | undefined => {
    const judged = accept(busEvent(event, { article: story(article) }, { source }), 'd');
    return judged.kind === 'version' ? judged.version.content.article.firstPublished : undefined;
  };
  const created = '2026-05-01T12:00:00.000Z';

  test.each<[string, Record<string, unknown>, string]>([
    ['its sender names it', { firstPublished: '2020-03-04T06:00:00+01:00' }, '2020-03-04T05:00:00.000Z'],
    ['its sender names it as Superdesk does', { firstpublished: '2020-03-04T05:00:00Z' }, '2020-03-04T05:00:00.000Z'],
    ['it is not named', {}, created],
    ['only firstCreated is named', { firstCreated: '2026-04-20T09:00:00Z' }, created],
    ['it is further in the future than clocks may be ahead', { firstPublished: '2026-06-01T12:00:00Z' }, created],
    ['it cannot be read', { firstPublished: 'yesterday' }, created],
  ])('%s', (_, article, expected) => {
    expect(firstPublished(article)).toBe(expected);
    expect(firstPublished(article, 'newsroom', 'article.updated')).toBe(expected);
  });

  test('is firstCreated in an event that a CMS adapter made before firstPublished existed', () => {
    const article = { firstCreated: '2020-03-04T05:00:00.000Z' };
    expect(firstPublished(article, 'cms.ghost')).toBe(article.firstCreated);
    expect(firstPublished({ ...article, firstPublished: '2021-01-01T00:00:00Z' }, 'cms.ghost')).toBe(
      '2021-01-01T00:00:00.000Z',
    );
    expect(firstPublished({ firstCreated: '2026-06-01T12:00:00Z' }, 'cms.ghost')).toBe(created);
    // This endpoint takes ninjs unchanged.
    expect(firstPublished(article, 'cms.ninjs')).toBe(created);
  });
});

describe('withdrawals', () => {
  test.each(['article.unpublished', 'article.deleted'])(
    '%s needs only uri and versionCreated, and ignores invalid other fields',
    (event) => {
      const accepted = version(
        accept(
          busEvent(event, {
            article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', headlines: { count: 3 }, subjects: 7 },
          }),
          'd',
        ),
      );
      expect(accepted.status).toBe('canceled');
      expect(accepted.content.article).toEqual({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00.000Z' });
    },
  );

  test('a version is not usable if either its event or its pubStatus says so', () => {
    expect(
      version(published({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', pubStatus: 'withheld' })).status,
    ).toBe('withheld');
    expect(
      version(published({ uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z', pubStatus: 'canceled' })).status,
    ).toBe('canceled');
    expect(version(accept(busEvent('article.unpublished', { article: story() }), 'd')).status).toBe('canceled');
  });

  test('holds and erasures are not versions', () => {
    for (const kind of ['held', 'unheld', 'erased'] as const) {
      expect(
        accept(
          busEvent(`article.${kind}`, {
            article: { uri: 'urn:x', versionCreated: '2026-05-01T12:00:00Z' },
            actor: 'legal',
          }),
          'd',
        ),
      ).toMatchObject({
        kind: 'hold',
        hold: { kind, uri: 'urn:x', receivedAt: noon, actor: 'legal' },
      });
    }
  });
});
