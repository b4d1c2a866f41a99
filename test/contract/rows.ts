import fc from 'fast-check';
import { articleIdOf, type Article } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import type { Head } from '../../shared/article/head.ts';
import { articleEvents, versionKey, type Content, type Hold, type Version } from '../../shared/article/version.ts';
import { anyCharacter } from '../unit/any-character.ts';

let articles = 0;

/** An article that no other test knows: suites share an engine. */
export function newArticleId(): string {
  articles += 1;
  return articleIdOf(`urn:contract:${articles}`);
}

/** Any text that UTF-8 can hold, in any script, empty too. */
export const unicode = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.constantFrom(
    '',
    'Zürich – Übergröße',
    'Smörgåsbord på Öland',
    'Blåbærsyltetøy',
    '港口大桥重新开放',
    'ملعب',
    '👩‍👩‍👧‍👦',
    '\u0000\u001f',
    '"\\\n',
  ),
);

const texts = fc.array(
  fc.record(
    { role: unicode, contentType: unicode, value: unicode },
    { requiredKeys: ['value'], noNullPrototype: true },
  ),
  { maxLength: 3 },
);
const concepts = fc.array(
  fc.record(
    { name: unicode, literal: unicode, rel: unicode, uri: unicode },
    { requiredKeys: [], noNullPrototype: true },
  ),
  { maxLength: 3 },
);
const renditions = fc.array(
  fc.record(
    { name: unicode, href: fc.webUrl(), contentType: unicode, width: fc.nat(), height: fc.nat() },
    { requiredKeys: [], noNullPrototype: true },
  ),
  { maxLength: 2 },
);

const article: fc.Arbitrary<Article> = fc.record(
  {
    uri: fc.webUrl(),
    versionCreated: fc.constant('2026-05-01T12:00:00.000Z'),
    type: fc.constantFrom('text', 'composite'),
    pubStatus: fc.constantFrom('usable', 'withheld', 'canceled'),
    firstCreated: fc.constant('2026-05-01T11:00:00.000Z'),
    firstPublished: fc.constant('2026-05-01T11:30:00.000Z'),
    embargoedUntil: fc.constant('2026-05-01T13:00:00.000Z'),
    expires: fc.constant('2027-05-01T13:00:00.000Z'),
    urgency: fc.integer({ min: 1, max: 9 }),
    language: fc.constantFrom('en', 'nb-NO'),
    headlines: texts,
    descriptions: texts,
    bodies: texts,
    by: unicode,
    slugline: unicode,
    located: unicode,
    edNote: unicode,
    subjects: concepts,
    people: concepts,
    genres: concepts,
    associations: fc.array(
      fc.record(
        {
          uri: unicode,
          type: unicode,
          name: unicode,
          title: unicode,
          by: unicode,
          headlines: texts,
          descriptions: texts,
          renditions,
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      { maxLength: 2 },
    ),
    renditions,
    copyrightHolder: unicode,
    copyrightNotice: unicode,
  },
  { requiredKeys: ['uri', 'versionCreated'], noNullPrototype: true },
);

const content: fc.Arbitrary<Content> = fc.record(
  { event: fc.constantFrom(...articleEvents), article, path: unicode, actor: unicode, reason: unicode },
  { requiredKeys: ['event', 'article'], noNullPrototype: true },
);

const origin = fc.record(
  { correlationId: unicode, replay: unicode },
  { requiredKeys: ['correlationId'], noNullPrototype: true },
);
const digest = fc.string({ unit: fc.constantFrom('0', '1', '7', 'a', 'e', 'f'), minLength: 64, maxLength: 64 });
const instant = fc.integer({ min: 0, max: 9_999_999_999_999 });

export const versionFor = (articleId: string): fc.Arbitrary<Version> =>
  fc.record(
    {
      articleId: fc.constant(articleId),
      versionCreated: instant,
      revision: fc.integer({ min: 0, max: 9_999_999_999 }),
      receivedAt: instant,
      digest,
      status: fc.constantFrom('usable', 'withheld', 'canceled'),
      embargoedUntil: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
      origin,
      content,
    },
    {
      requiredKeys: ['articleId', 'versionCreated', 'revision', 'receivedAt', 'digest', 'status', 'content'],
      noNullPrototype: true,
    },
  );

export const holdFor = (articleId: string): fc.Arbitrary<Hold> =>
  fc.record(
    {
      articleId: fc.constant(articleId),
      uri: unicode,
      receivedAt: instant,
      digest,
      kind: fc.constantFrom('held', 'unheld', 'erased'),
      origin,
      actor: unicode,
      reason: unicode,
    },
    { requiredKeys: ['articleId', 'uri', 'receivedAt', 'digest', 'kind'], noNullPrototype: true },
  );

export const card: fc.Arbitrary<Card> = fc.record(
  {
    articleId: fc.constantFrom('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'),
    uri: unicode,
    path: fc.webPath(),
    headline: unicode,
    standfirst: unicode,
    by: unicode,
    picture: fc.record(
      {
        id: fc.constantFrom('aaaaaaaaaaaaaaaa', 'cccccccccccccccc'),
        href: fc.webUrl(),
        alt: unicode,
        caption: unicode,
        credit: unicode,
      },
      { requiredKeys: ['id', 'href'], noNullPrototype: true },
    ),
    section: unicode,
    genres: fc.array(unicode, { maxLength: 3 }),
    firstPublished: fc.constant('2026-05-01T12:00:00.000Z'),
    updated: fc.constant('2026-05-01T12:30:00.000Z'),
  },
  { requiredKeys: ['articleId', 'uri', 'path', 'headline', 'firstPublished', 'updated'], noNullPrototype: true },
);

export const headFor = (articleId: string): fc.Arbitrary<Head> =>
  fc.record(
    {
      articleId: fc.constant(articleId),
      uri: unicode,
      seq: instant,
      change: fc.constantFrom('live', 'revised', 'withdrawn'),
      settledAt: instant,
      origin,
      visibility: fc.constantFrom('live', 'gone', 'hidden'),
      version: unicode,
      versionCreated: unicode,
      path: unicode,
      pathClash: unicode,
      pathTakenFrom: unicode,
      pathLeft: unicode,
      leftOut: unicode,
      card,
      feeds: fc.array(unicode, { maxLength: 4 }),
      place: unicode,
      urgency: fc.integer({ min: 1, max: 9 }),
      warnings: fc.array(fc.record({ path: unicode, message: unicode }, { noNullPrototype: true }), {
        minLength: 1,
        maxLength: 3,
      }),
      source: unicode,
    },
    { requiredKeys: ['articleId', 'uri', 'seq', 'change', 'settledAt', 'visibility'], noNullPrototype: true },
  );

/** The `n`th of many versions of an article, each with a text of its own. */
export function nthVersion(articleId: string, n: number): Version {
  return {
    articleId,
    versionCreated: 1_777_636_800_000 + Math.floor(n / 3),
    revision: n % 3,
    receivedAt: 1_777_636_900_000 - n,
    digest: String(n).padStart(4, '0').repeat(16),
    status: 'usable',
    content: {
      event: 'article.updated',
      article: {
        uri: 'urn:contract',
        versionCreated: '2026-05-01T12:00:00.000Z',
        headlines: [{ value: `Headline ${n}` }],
      },
    },
  };
}

export function nthHold(articleId: string, n: number): Hold {
  return {
    articleId,
    uri: 'urn:contract',
    receivedAt: 1_777_636_800_000 + n,
    digest: String(n).padStart(4, '0').repeat(16),
    kind: n % 2 === 0 ? 'held' : 'unheld',
    actor: `lawyer ${n}`,
  };
}

export function headOfSeq(articleId: string, seq: number, uri = 'urn:contract'): Head {
  return { articleId, uri, seq, change: 'live', settledAt: seq, visibility: 'hidden' };
}

/** Without accessors, so that it can be compared strictly. */
export const plain = (version: Version): Version => ({ ...version });

export async function all(versions: AsyncIterable<Version>): Promise<Version[]> {
  const read: Version[] = [];
  for await (const version of versions) read.push(plain(version));
  return read;
}

export const inKeyOrder = (versions: readonly Version[]): Version[] =>
  [...versions].sort((a, b) => (versionKey(a) < versionKey(b) ? -1 : 1));
