import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { announcementId, articleChanged, articleFresh, envelopeOf } from '../../shared/events/announcement.ts';
import type { Head } from '../../shared/article/head.ts';
import { cardOf } from '../../shared/article/card.ts';
import { contracts } from '../../shared/events/contract.ts';
import { noon, story } from './story.ts';

const head = (more: Partial<Head> = {}): Head => ({
  articleId: 'alf6qorao7d3ib4p',
  uri: 'urn:newsroom:harbour-bridge',
  visibility: 'live',
  change: 'live',
  seq: noon + 412,
  settledAt: noon + 400,
  version: 'v#1',
  versionCreated: '2026-05-01T12:00:00.000Z',
  path: '/news/local/bridge',
  feeds: ['latest', 'section/news'],
  place: '2026-05-01T12:00:00.000Z#alf6qorao7d3ib4p',
  card: cardOf(story(), '/news/local/bridge', noon),
  ...more,
});

test('an announcement’s id is the same in every repeat, and different for every part', () => {
  expect(announcementId('article', 'a', 1)).toMatch(/^[0-9a-f]{32}$/);
  expect(announcementId('article', 'a', 1)).toBe(announcementId('article', 'a', 1));
  expect(
    new Set([announcementId('article', 'a', 1), announcementId('article', 'a1'), announcementId('article', 'a', 2)])
      .size,
  ).toBe(3);
});

test('an announcement that belongs to no single change has its own time as seq', () => {
  expect(envelopeOf('article.live', 'id', noon, undefined)).toStrictEqual({
    id: 'id',
    schemaVersion: 1,
    seq: noon,
    occurredAt: new Date(noon).toISOString(),
  });
  expect(envelopeOf('article.live', 'id', noon, { correlationId: 'c', replay: 'may' }, 7)).toStrictEqual({
    id: 'id',
    schemaVersion: 1,
    seq: 7,
    occurredAt: new Date(noon).toISOString(),
    correlationId: 'c',
    replay: 'may',
  });
});

describe('the announcement of a change', () => {
  const { articleId, seq } = head();

  test('has every field of a story that goes live', () => {
    expect(articleChanged(head(), undefined, { correlationId: 'cms-1' })).toStrictEqual({
      type: 'article.live',
      detail: {
        id: announcementId('article', articleId, seq),
        schemaVersion: 1,
        seq,
        occurredAt: new Date(noon + 400).toISOString(),
        correlationId: 'cms-1',
        articleId,
        uri: 'urn:newsroom:harbour-bridge',
        versionCreated: '2026-05-01T12:00:00.000Z',
        path: '/news/local/bridge',
        headline: 'Harbour bridge reopens after storm repairs',
        feeds: ['latest', 'section/news'],
      },
    });
  });

  test('names the feeds that a moved story left, and only those', () => {
    const { detail } = articleChanged(
      head({ change: 'revised', seq: seq + 1, pathClash: '/news/taken' }),
      head({ feeds: ['latest', 'section/sport', 'topic/x'] }),
      undefined,
    );
    expect(detail).toMatchObject({
      feeds: ['latest', 'section/news'],
      leftFeeds: ['section/sport', 'topic/x'],
      pathClash: '/news/taken',
    });
  });

  test('names the feeds, path and headline of a withdrawn story', () => {
    const { versionCreated, path, feeds, place, card, ...gone } = head({
      visibility: 'gone',
      change: 'withdrawn',
      seq: seq + 1,
    });
    const announced = articleChanged(gone, head({ path: '/news/old', feeds: ['latest'] }), undefined);
    expect(announced.type).toBe('article.withdrawn');
    expect(announced.detail).toMatchObject({
      path: '/news/old',
      headline: 'Harbour bridge reopens after storm repairs',
      feeds: ['latest'],
    });
    for (const field of ['leftFeeds', 'versionCreated', 'audio', 'pathClash', 'correlationId'])
      expect(announced.detail).not.toHaveProperty(field);
    expect(articleChanged(gone as Head, undefined, undefined).detail).toMatchObject({ feeds: [] });
  });

  test('is marked if nothing but the audio changed', () => {
    const heard = head({
      change: 'revised',
      seq: seq + 1,
      card: { ...cardOf(story(), '/news/local/bridge', noon), audio: { href: '/audio/a.mp3', bytes: 7, seconds: 3 } },
    });
    expect(articleChanged(heard, head(), undefined).detail).toMatchObject({ audio: true });
    expect(articleChanged(heard, undefined, undefined).detail).not.toHaveProperty('audio');
    expect(articleChanged(head({ change: 'revised' }), head({ version: 'v#0' }), undefined).detail).not.toHaveProperty(
      'audio',
    );
  });

  test('is valid by its contract', () => {
    const { feeds, ...nowhere } = head();
    const announced = [
      articleChanged(head(), undefined, { correlationId: 'cms-1', replay: 'may' }),
      articleChanged(head({ change: 'revised', pathClash: '/x' }), head({ feeds: ['topic/x'] }), undefined),
      articleChanged(nowhere, head(), undefined),
      articleChanged(head({ visibility: 'gone', change: 'withdrawn' }), head(), undefined),
      articleFresh({ articleId, seq, seenAt: noon, milliseconds: 750, origin: {} }),
    ];
    for (const { type, detail } of announced) {
      const contract = contracts.find(({ event, direction }) => event === type && direction === 'out');
      expect(contract && v.safeParse(contract.detail, detail).issues).toBeUndefined();
      expect(contract && v.safeParse(contract.detail, { ...detail, id: 'x' }).issues).toHaveLength(1);
    }
  });

  test('has the duration once a reader has seen the change', () => {
    expect(
      articleFresh({ articleId, seq, seenAt: noon, milliseconds: 750, origin: { correlationId: 'cms-1' } }),
    ).toStrictEqual({
      type: 'article.fresh',
      detail: {
        id: announcementId('article.fresh', articleId, seq),
        schemaVersion: 1,
        seq,
        occurredAt: new Date(noon).toISOString(),
        correlationId: 'cms-1',
        articleId,
        milliseconds: 750,
      },
    });
  });
});

describe('a live story that is sent without live', () => {
  const live = (given?: Parameters<typeof cardOf>[3]): Partial<Head> => ({
    card: cardOf(story(), '/news/local/bridge', noon, given),
  });
  const warningsOf = (before: Partial<Head> | undefined, after: Partial<Head>): unknown =>
    articleChanged(head({ ...after, change: 'revised' }), before && head(before), undefined).detail.warnings;
  const own = { path: 'article.people', message: 'must be an array' };

  test('is announced with a warning that its page shows no posts, beside its own warnings', () => {
    const lost = { path: 'live', message: expect.stringContaining('shows no posts') as unknown };
    for (const before of [live({ live: {} }), live({ live: { coverageEndTime: '2026-05-01T11:00:00.000Z' } })])
      expect(warningsOf(before, { ...live(), warnings: [own] })).toEqual([lost, own]);
  });

  test('is not meant where posts stay, where there were none, and where the whole story goes', () => {
    expect(
      warningsOf(live({ live: {} }), live({ live: { coverageEndTime: '2026-05-01T11:00:00.000Z' } })),
    ).toBeUndefined();
    expect(warningsOf(live(), live())).toBeUndefined();
    expect(warningsOf(undefined, live())).toBeUndefined();
    const { card: _, ...withoutCard } = head({ visibility: 'gone', change: 'withdrawn' });
    expect(articleChanged(withoutCard, head(live({ live: {} })), undefined).detail.warnings).toBeUndefined();
  });
});
