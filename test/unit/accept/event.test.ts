import { describe, expect, test } from '@jest/globals';
import { accept } from '../../../shared/article/accept.ts';
import type { Accepted } from '../../../shared/article/bus-event.ts';
import { articleIdOf, type Article } from '../../../shared/article/article.ts';
import { feedsOf } from '../../../shared/feed/placement.ts';
import { busEvent, noon, story } from '../story.ts';
import { version, published, warned, issues } from './accepted.ts';

describe('an accepted event', () => {
  const at = '2026-05-01T12:00:00.000Z';
  const judged = (type: string, detail: Record<string, unknown>, envelope: Record<string, unknown> = {}): Accepted =>
    accept(busEvent(type, detail, { id: 'event-7', ...envelope }), 'delivery');

  test('is a version with its order, sender and reason, and nothing else', () => {
    const article = { uri: 'urn:x', versionCreated: at, headlines: [{ value: 'The bridge' }] };
    expect(judged('article.updated', { article })).toEqual({
      kind: 'version',
      version: {
        articleId: articleIdOf('urn:x'),
        versionCreated: noon,
        revision: 0,
        receivedAt: noon,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        status: 'usable',
        origin: { correlationId: 'event-7' },
        content: {
          event: 'article.updated',
          article: { ...article, firstPublished: at },
          markup: 1,
          source: 'newsroom',
        },
      },
    });
    const whole = version(
      judged(
        'article.published',
        {
          article: { ...article, embargoedUntil: '2026-05-01T13:00:00+02:00' },
          path: '/news/../news/bridge/',
          revision: 3,
          actor: 'desk',
          reason: 'typo',
          receivedAt: noon + 5,
          correlationId: 'desk:7',
        },
        { 'replay-name': 'may' },
      ),
    );
    expect(whole).toMatchObject({
      revision: 3,
      receivedAt: noon + 5,
      embargoedUntil: noon - 3_600_000,
      origin: { correlationId: 'desk:7', replay: 'may' },
    });
    expect(whole.content).toMatchObject({ path: '/news/bridge', actor: 'desk', reason: 'typo' });
    expect(Object.keys(version(judged('article.published', { article })).content)).toEqual([
      'event',
      'article',
      'markup',
      'source',
    ]);
    expect(version(judged('article.published', { article })).origin).toStrictEqual({ correlationId: 'event-7' });
    const reasoned = version(judged('article.published', { article, reason: 'typo' }));
    expect(Object.keys(reasoned.content)).toEqual(['event', 'article', 'markup', 'source', 'reason']);
  });

  test('has sections in the form of their feeds, and other subjects as they were sent', () => {
    const subjects = [
      { rel: 'section', literal: 'News/Local Affairs' },
      { rel: 'about', literal: 'As It Came' },
    ];
    expect(version(published(story({ subjects }))).content.article.subjects).toEqual([
      { rel: 'section', literal: 'news/local-affairs' },
      ...subjects.slice(1),
    ]);
    const bare = story();
    delete bare.subjects;
    expect('subjects' in version(published(bare)).content.article).toBe(false);
  });

  test('for a picture is a hold, with the event’s time or receivedAt', () => {
    const article = { uri: 'urn:p', type: 'picture', versionCreated: at };
    const hold = (detail: Record<string, unknown>, type = 'article.unpublished'): unknown => {
      const accepted = judged(type, detail);
      return accepted.kind === 'picture' ? accepted.hold : accepted;
    };
    expect(hold({ article })).toStrictEqual({
      articleId: `picture#${articleIdOf('urn:p')}`,
      uri: 'urn:p',
      receivedAt: noon,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      kind: 'held',
      origin: { correlationId: 'event-7' },
    });
    expect(hold({ article, receivedAt: noon + 9, reason: 'legal' }, 'article.unheld')).toMatchObject({
      receivedAt: noon + 9,
      reason: 'legal',
      kind: 'unheld',
    });
    expect(hold({ article, receivedAt: 'soon', reason: 7 })).toMatchObject({
      kind: 'rejected',
      errors: [{ path: expect.any(String) as unknown }, { path: expect.any(String) as unknown }],
    });
  });

  test('for a front is a usable version if published, else a canceled one, with no container but those sent', () => {
    const front = { name: 'home', versionCreated: at, containers: [{ title: 'Top', backfill: 'latest' }] };
    expect(judged('front.published', { front })).toEqual({
      kind: 'front',
      version: {
        articleId: 'front#home',
        versionCreated: noon,
        revision: 0,
        receivedAt: noon,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        status: 'usable',
        origin: { correlationId: 'event-7' },
        content: {
          event: 'front.published',
          front: { name: 'home', versionCreated: at, containers: [{ title: 'Top', backfill: 'latest' }] },
        },
      },
    });
    expect(
      judged('front.unpublished', { front: { name: 'home', versionCreated: at }, revision: 2, receivedAt: noon + 5 }),
    ).toMatchObject({
      version: { status: 'canceled', revision: 2, receivedAt: noon + 5, content: { front: { containers: [] } } },
    });
    expect(issues(judged('front.published', { front: { name: 'home', versionCreated: at } }))).toEqual([
      'front.containers',
    ]);
    expect(
      issues(
        judged('front.published', {
          front: { ...front, versionCreated: '2026-05-01T12:15:00.001Z' },
          receivedAt: noon,
        }),
      ),
    ).toEqual(['front.versionCreated']);
  });

  test.each<[string, { readonly front?: object; readonly publishDate?: string }]>([
    ['front.embargoedUntil', { front: { embargoedUntil: '2026-05-02T12:00:00Z' } }],
    ['front.publishAt', { front: { publishAt: '2026-05-02T12:00:00Z' } }],
    ['front.pubStatus', { front: { pubStatus: 'withheld' } }],
    ['front.expires', { front: { expires: '2026-05-02T12:00:00Z' } }],
    ['front.meta.embargo', { front: { meta: { embargo: 'friday' } } }],
    ['front.containers.0.expires', { front: { containers: [{ title: 'Top', links: [], expires: '2026-05-02' }] } }],
    ['publishDate', { publishDate: '2026-05-02T12:00:00Z' }],
  ])('for a front may not name when it is to be shown: %s is rejected', (path, { front, ...detail }) => {
    const whole = { name: 'home', versionCreated: at, containers: [{ title: 'Top', backfill: 'latest' }] };
    expect(issues(judged('front.published', { ...detail, front: { ...whole, ...front } }))).toEqual([path]);
    expect(judged('front.published', { front: { ...whole, pubStatus: 'usable', meta: {} } }).kind).toBe('front');
    expect(judged('front.unpublished', { ...detail, front: { ...whole, ...front } }).kind).toBe('front');
  });

  test('that is rejected has its uri if the event has one', () => {
    const rejected = (article: unknown): unknown => {
      const accepted = judged('article.published', { article }, { source: 'cms' });
      return accepted.kind === 'rejected' ? accepted.uri : accepted;
    };
    expect(judged('article.published', { article: { uri: 'urn:x' } }, { source: 'cms' })).toMatchObject({
      kind: 'rejected',
      eventId: 'event-7',
      source: 'cms',
      time: noon,
      uri: 'urn:x',
      origin: { correlationId: 'event-7' },
    });
    expect(rejected({ uri: `urn:${'x'.repeat(251)}` })).toBe(`urn:${'x'.repeat(251)}`);
    expect([
      rejected({ uri: `urn:${'x'.repeat(252)}` }),
      rejected({ uri: 7 }),
      rejected({}),
      rejected(null),
      rejected('text'),
      rejected(undefined),
    ]).toEqual(Array.from({ length: 6 }));
    expect(judged('article.published', {})).not.toHaveProperty('uri');
  });

  test('with a claim check that was not replaced is rejected', () => {
    expect(issues(judged('article.published', { claim: 'x', article: story() }))).toEqual(['claim']);
    expect(judged('article.published', { claim: 'x' })).toMatchObject({
      errors: [{ message: expect.stringContaining('claim check') as unknown }],
    });
  });

  test('of an unknown type is rejected with the list of known types', () => {
    expect(judged('article.burnt', { article: story() })).toMatchObject({
      errors: [
        {
          path: 'detail-type',
          message: expect.stringMatching(/article\.published.*article\.erased.*front\.published/) as unknown,
        },
      ],
    });
  });

  test('that is rejected names all fields at once, those beside the article too, and each once', () => {
    expect(
      issues(
        judged('article.published', { article: { ...story(), urgency: 99 }, path: 7, revision: -1, receivedAt: 'x' }),
      ),
    ).toEqual(['revision', 'receivedAt']);
    for (const detail of [{ article: story({ uri: '' }) }, { article: story({ uri: ' ' }) }])
      expect(issues(judged('article.published', detail))).toHaveLength(1);
  });

  test('has times to the millisecond', () => {
    const created = (milliseconds: number): Record<string, unknown> => ({
      ...story(),
      versionCreated: new Date(noon + milliseconds).toISOString(),
    });
    expect(published(created(15 * 60_000)).kind).toBe('version');
    expect(issues(published(created(15 * 60_000 + 1)))).toEqual(['article.versionCreated']);
    expect(published(story(), { receivedAt: noon + 10_000 }).kind).toBe('version');
    const received = (receivedAt: number): string[] =>
      issues(accept(busEvent('article.published', { article: story(), receivedAt }, { time: at }), 'd'));
    expect([received(noon + 10_000), received(noon + 10_001)]).toEqual([[], ['receivedAt']]);
  });

  test('may have as many feeds as the contract allows', () => {
    const topics = (count: number): Accepted =>
      published({
        uri: 'urn:x',
        versionCreated: at,
        headlines: [{ value: 'x' }],
        subjects: Array.from({ length: count }, (_, n) => ({ rel: 'about', name: `topic ${n}` })),
      });
    // As the contract says; `latest` is one of them.
    const maxFeeds = 300;
    expect(version(topics(maxFeeds - 1)).content).not.toHaveProperty('warnings');
    const { article, warnings } = version(topics(maxFeeds)).content;
    expect(feedsOf(article)).toHaveLength(maxFeeds);
    expect(article.subjects?.at(-1)).toEqual({ rel: 'about', name: `topic ${maxFeeds - 2}` });
    expect(warnings).toEqual([
      { path: 'article.subjects', message: expect.stringContaining(`at most ${maxFeeds} feeds`) as unknown },
    ]);
  });

  test('too large for a row is rejected, however well its text compresses', () => {
    const random = (bytes: number): string => {
      let state = 7;
      return Array.from({ length: bytes }, () =>
        String.fromCharCode(33 + ((state = (state * 48_271) % 2_147_483_647) % 90)),
      )
        .join('')
        .replaceAll(/[<>&"\\]/g, 'x');
    };
    const body = (value: string): Accepted => published(story({ bodies: [{ contentType: 'text/plain', value }] }));
    expect(issues(body(random(900_000)))).toEqual(['article']);
    expect(body('x'.repeat(900_000)).kind).toBe('version');
  });

  test.each(['article.published', 'article.updated'])('%s is usable unless its pubStatus says otherwise', (type) => {
    const status = (pubStatus: Article['pubStatus']): unknown =>
      version(judged(type, { article: story({ pubStatus }) })).status;
    expect((['usable', 'withheld', 'canceled'] as const).map(status)).toEqual(['usable', 'withheld', 'canceled']);
    expect(issues(judged(type, { article: story({ headlines: [] }) }))).toEqual(['article.headlines']);
  });

  test('has limits that are exact to the character', () => {
    const section = (length: number): string[] =>
      warned(published(story({ subjects: [{ rel: 'section', literal: `news/${'x'.repeat(length - 5)}` }] })));
    expect([section(64 + 5), section(5 + 65)]).toEqual([[], []]);
    const deep = (last: number): string[] =>
      warned(
        published(story({ subjects: [{ rel: 'section', literal: ['x'.repeat(60), 'y'.repeat(last)].join('/') }] })),
      );
    expect([deep(39), deep(40)]).toEqual([[], ['article.subjects.0.literal']]);
    expect(
      warned(
        published(
          story({ subjects: [{ rel: 'about', name: 'x', literal: ['x'.repeat(60), 'y'.repeat(60)].join('/') }] }),
        ),
      ),
    ).toEqual([]);
    expect(published(story({ uri: `urn:${'x'.repeat(251)}` })).kind).toBe('version');
    expect(issues(published(story({ uri: `urn:${'x'.repeat(252)}` })))).toEqual(['article.uri']);
    // In JSON, a quotation mark takes two bytes.
    expect(issues(published(story({ uri: `urn:${'x'.repeat(250)}"` })))).toEqual(['article.uri']);
    const created = (versionCreated: string): string[] => issues(published(story({ versionCreated })));
    expect([created('1970-01-01T00:00:00Z'), created('1969-12-31T23:59:59Z')]).toEqual([
      [],
      ['article.versionCreated'],
    ]);
  });

  test('whose article is not an object is rejected, for every type', () => {
    for (const type of ['article.published', 'article.held'])
      for (const article of ['picture', 7, null, undefined, ['picture'], []])
        expect(issues(judged(type, { article }))).not.toEqual([]);
  });

  test('has only http and https addresses', () => {
    const linked = (href: string): unknown =>
      version(
        published(
          story({
            associations: [{ uri: 'urn:p', type: 'picture', renditions: [{ href, contentType: 'image/jpeg' }] }],
          }),
        ),
      ).content.article.associations?.[0]?.renditions?.[0]?.href;
    const kept = ['http://x.example/1.jpg', 'https://x.example/1.jpg', 'HTTPS://x.example/1.jpg'];
    expect(kept.map(linked)).toEqual(kept);
    expect(
      ['xhttp://x.example/1.jpg', 'httpx://x.example', '/1.jpg', ''].map(
        (href) =>
          issues(published(story({ associations: [{ uri: 'urn:p', type: 'picture', renditions: [{ href }] }] })))
            .length > 0 || linked(href) === undefined,
      ),
    ).toEqual([true, true, true, true]);
  });
});
