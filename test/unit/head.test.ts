import { describe, expect, test } from '@jest/globals';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import {
  changeOf,
  frontHeadStateOf,
  headStateOf,
  isListed,
  isOnlyAudio,
  placementsOf,
  type PathClaim,
  type Head,
} from '../../shared/article/head.ts';
import { spokenDigest, spokenOf } from '../../shared/audio/speech.ts';
import type { Outcome } from '../../shared/article/settle.ts';
import { versionKey, type Version } from '../../shared/article/version.ts';
import { noon, story } from './story.ts';

const articleId = articleIdOf(story().uri);
const ownPath = `/articles/${articleId}/harbour-bridge-reopens-after-storm-repairs`;

function versionOf(article: Article, path?: string): Version {
  return {
    articleId,
    versionCreated: noon,
    revision: 0,
    receivedAt: noon,
    digest: 'd',
    status: 'usable',
    content: { event: 'article.published', article, ...(path !== undefined && { path }) },
  };
}

function live(article: Article = story(), path?: string): Extract<Outcome, { readonly visibility: 'live' }> {
  const version = versionOf(article, path);
  return { visibility: 'live', version, first: version, firstPublished: noon };
}

const stateOf = (outcome: Outcome, claim?: PathClaim, now = noon): ReturnType<typeof headStateOf> =>
  headStateOf(story().uri, articleId, outcome, claim, now);

function headOf(more: Partial<Head> = {}): Head {
  return { ...stateOf(live()), articleId, seq: 1, change: 'live', settledAt: noon, ...more };
}

describe('the head', () => {
  test('of a live article has its path, card and feeds', () => {
    expect(stateOf(live())).toStrictEqual({
      uri: story().uri,
      visibility: 'live',
      version: versionKey(versionOf(story())),
      versionCreated: story().versionCreated,
      path: ownPath,
      card: expect.objectContaining({ path: ownPath }) as unknown,
      feeds: [
        'latest',
        'section/news',
        'section/news/local',
        'topic/bridges',
        'author/ada-marlow',
        'author/jon-bright',
        'genre/explainer',
      ],
      place: `2026-05-01T12:00:00.000Z#${articleId}`,
    });
    expect(stateOf(live(story({ urgency: 2 }))).urgency).toBe(2);
  });

  test.each<[string, PathClaim | undefined, object]>([
    ['owned', { path: '/news/bridge', owned: true }, { path: '/news/bridge' }],
    [
      'taken from another',
      { path: '/news/bridge', owned: true, takenFrom: 'b' },
      { path: '/news/bridge', pathTakenFrom: 'b' },
    ],
    ['another’s', { path: '/news/bridge', owned: false }, { path: ownPath, pathClash: '/news/bridge' }],
    ['none', undefined, { path: ownPath }],
  ])('whose path is %s', (_, claim, expected) => {
    const { path: at, pathClash, pathTakenFrom, card } = stateOf(live(), claim);
    expect({
      path: at,
      ...(pathClash !== undefined && { pathClash }),
      ...(pathTakenFrom !== undefined && { pathTakenFrom }),
    }).toStrictEqual(expected);
    expect(card?.path).toBe(at);
    expect(Object.keys(stateOf(live(), claim)).filter((name) => /^path./.test(name))).toEqual(
      Object.keys(expected).slice(1),
    );
  });

  test('keeps the default path of the first headline', () => {
    const first = versionOf(story());
    expect(stateOf({ ...live(story({ headlines: [{ value: 'Corrected' }] })), first })).toMatchObject({
      path: ownPath,
      card: { headline: 'Corrected', path: ownPath },
    });
  });

  test('is in no list once it has expired', () => {
    const expires = new Date(noon + 1000).toISOString();
    expect(stateOf(live(story({ expires })), undefined, noon + 999).feeds).toContain('latest');
    expect(stateOf(live(story({ expires })), undefined, noon + 1000).feeds).toEqual([]);
    expect(stateOf(live(story({ expires })), undefined, noon + 1000).path).toBe(ownPath);
  });

  test.each(['gone', 'hidden'] as const)('of an article that is %s shows nothing', (visibility) => {
    const version = versionOf(story(), '/news/bridge');
    expect(stateOf({ visibility, version }, { path: '/news/bridge', owned: true })).toStrictEqual({
      uri: story().uri,
      visibility,
      version: versionKey(version),
      versionCreated: story().versionCreated,
    });
    expect(stateOf({ visibility, version: undefined })).toStrictEqual({ uri: story().uri, visibility });
  });

  test('has the audio rendition of the same words only', () => {
    const rendition = {
      href: '/audio/a.mp3',
      bytes: 7,
      seconds: 3,
      voice: 'Amy',
      digest: spokenDigest(spokenOf(story())),
    };
    const audioWith = (digest: string): unknown =>
      headStateOf(story().uri, articleId, live(), undefined, noon, { ...rendition, digest }).card?.audio;
    expect(audioWith(rendition.digest)).toEqual({ href: '/audio/a.mp3', bytes: 7, seconds: 3 });
    expect(audioWith('others')).toBeUndefined();
  });

  test('of a front has the version', () => {
    const version = {
      ...versionOf(story()),
      content: {
        event: 'front.published' as const,
        front: { name: 'home', versionCreated: '2026-05-01T12:00:00Z', containers: [] },
      },
    };
    expect(
      frontHeadStateOf('home', { visibility: 'live', version, first: version, firstPublished: noon }),
    ).toStrictEqual({
      name: 'home',
      visibility: 'live',
      version: versionKey(version),
      versionCreated: '2026-05-01T12:00:00Z',
    });
    expect(frontHeadStateOf('home', { visibility: 'hidden', version: undefined })).toStrictEqual({
      name: 'home',
      visibility: 'hidden',
    });
  });
});

describe('a change of the audio alone', () => {
  const { card } = headOf();
  if (!card) throw new Error('no card');
  const audio = { href: '/audio/a.mp3', bytes: 7, seconds: 3 };
  const heard = headOf({ card: { ...card, audio } });

  test('is recognised beside all other changes of the head', () => {
    expect(
      isOnlyAudio(headOf(), {
        ...heard,
        seq: 2,
        change: 'revised',
        settledAt: noon + 1,
        origin: { correlationId: 'c' },
      }),
    ).toBe(true);
    expect(isOnlyAudio(heard, headOf())).toBe(true);
    expect(isOnlyAudio(heard, headOf({ card: { ...card, audio: { ...audio, seconds: 4 } } }))).toBe(true);
  });

  test('needs other audio, the same card and state, and a live article', () => {
    expect(isOnlyAudio(heard, heard)).toBe(false);
    expect(isOnlyAudio(headOf(), { ...heard, card: { ...card, audio, headline: 'New' } })).toBe(false);
    expect(isOnlyAudio(headOf(), { ...heard, version: 'v2' })).toBe(false);
    expect(isOnlyAudio(heard, headOf({ visibility: 'gone' }))).toBe(false);
    const { card: none, ...cardless } = headOf({ visibility: 'gone' });
    expect(isOnlyAudio(heard, cardless)).toBe(false);
  });
});

describe('the placements of a head', () => {
  test('are each of its feeds, with its sort position', () => {
    const head = headOf();
    expect(isListed(head)).toBe(true);
    expect(placementsOf(head)).toEqual((head.feeds ?? []).map((feed) => ({ feed, place: head.place })));
  });

  test('are none without a card, a sort position or a feed', () => {
    const { card, ...cardless } = headOf();
    const { place, ...placeless } = headOf();
    const { feeds, ...feedless } = headOf();
    for (const head of [undefined, cardless, placeless, feedless, headOf({ feeds: [] })]) {
      expect(isListed(head)).toBe(false);
      expect(placementsOf(head)).toEqual([]);
    }
  });
});

test.each([
  [undefined, 'live', 'live'],
  ['hidden', 'live', 'live'],
  ['gone', 'live', 'live'],
  ['live', 'live', 'revised'],
  ['live', 'gone', 'withdrawn'],
  ['live', 'hidden', 'withdrawn'],
  [undefined, 'hidden', 'withdrawn'],
] as const)('a change of visibility from %s to %s is %s', (before, after, change) => {
  expect(changeOf(before && { visibility: before }, { visibility: after })).toBe(change);
});
