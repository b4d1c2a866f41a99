import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { project, projectFront, type HeadChange, type ProjectPorts } from '../../functions/project/project.ts';
import type { Announcement } from '../../shared/events/announcement.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { FeedEntry } from '../../shared/feed/feed.ts';
import { changeOf, headStateOf, type Claim, type Head } from '../../shared/article/head.ts';
import { MemoryArticles } from '../fakes/memory-articles.ts';
import { MemoryChanges } from '../fakes/memory-changes.ts';
import { MemoryFeeds } from '../fakes/memory-feeds.ts';
import { MemoryAnnouncer, MemoryPurgeRequests } from '../fakes/memory-messages.ts';
import { articleTag, feedTag, pinTag } from '../../shared/purge/tags.ts';
import { noon, story } from './story.ts';

const harbour = 'urn:newsroom:harbour-bridge';
const id = articleIdOf(harbour);

interface Sketch {
  readonly uri?: string;
  readonly story?: Parameters<typeof story>[0];
  /** What the version claims, and what became of it. */
  readonly path?: string;
  readonly claim?: Claim;
  readonly firstPublished?: number;
  /** Expired at this head's time. */
  readonly now?: number;
}

/** A head as settle would write it, but for `change`, which the newsroom knows. */
function live({
  uri = harbour,
  story: overrides = {},
  path,
  claim,
  firstPublished = noon,
  now = noon,
}: Sketch = {}): Omit<Head, 'seq' | 'change'> {
  const articleId = articleIdOf(uri);
  const article = story({ uri, ...overrides });
  const version = {
    articleId,
    versionCreated: Date.parse(article.versionCreated),
    revision: 0,
    receivedAt: noon,
    digest: 'd'.repeat(64),
    status: 'usable' as const,
    content: { event: 'article.published' as const, article, ...(path !== undefined && { path }) },
  };
  return {
    articleId,
    settledAt: now,
    ...headStateOf(uri, articleId, { visibility: 'live', version, first: version, firstPublished }, claim, now),
  };
}

function gone(uri = harbour): Omit<Head, 'seq' | 'change'> {
  return {
    articleId: articleIdOf(uri),
    uri,
    visibility: 'gone',
    version: 'v',
    versionCreated: '2026-05-01T13:00:00.000Z',
    settledAt: noon,
  };
}

/** The articles, the feeds, and what project asks for and says. */
class Newsroom implements ProjectPorts {
  readonly articles = new MemoryArticles();
  readonly feeds = new MemoryFeeds();
  readonly changeList = new MemoryChanges({ now: () => noon });
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly announcer = new MemoryAnnouncer();
  readonly purgeAgainSeconds = 30;
  /** What the stream told so far. */
  readonly records: HeadChange[] = [];

  /** Writes the next head of an article, as settle does, and returns what the stream tells of it. */
  async write(state: Omit<Head, 'seq' | 'change'>): Promise<HeadChange> {
    const before = await this.articles.head(state.articleId);
    const after: Head = { ...state, seq: (before?.seq ?? 1000) + 1, change: changeOf(before, state) };
    const isWritten = await this.articles.writeHead(after, before?.seq);
    const images = this.articles.stream.at(-1);
    if (!isWritten || !images) throw new Error('somebody else writes heads here');
    const record = { before: images.old, after: images.new };
    this.records.push(record);
    return record;
  }

  /** Writes a head and projects its record alone, as on a calm day. */
  async publish(state: Omit<Head, 'seq' | 'change'>): Promise<HeadChange> {
    const record = await this.write(state);
    await project(this, state.articleId, [record]);
    return record;
  }

  /** All live entries of all feeds. */
  async entries(): Promise<FeedEntry[]> {
    const names = new Set(
      this.records.flatMap(({ before, after }) => [...(before?.feeds ?? []), ...(after?.feeds ?? [])]),
    );
    const pages = await Promise.all([...names].sort().map(async (feed) => this.feeds.page(feed, 1000, undefined)));
    return pages.flatMap(({ entries }) => entries);
  }

  /** What readers should find, given the heads as they are. */
  async wanted(articleIds: readonly string[] = [id]): Promise<FeedEntry[]> {
    const heads = await Promise.all(articleIds.map(async (articleId) => this.articles.head(articleId)));
    return heads.flatMap((head) =>
      (head?.feeds ?? []).map((feed) => ({ feed, place: head?.place ?? '', seq: head?.seq ?? 0, card: head?.card })),
    );
  }

  /** The same ports, but for some. */
  with(others: Partial<ProjectPorts>): ProjectPorts {
    const { articles, feeds, changeList, purgeRequests, announcer, purgeAgainSeconds } = this;
    return { articles, feeds, changeList, purgeRequests, announcer, purgeAgainSeconds, ...others };
  }

  get purges(): string[][] {
    return this.purgeRequests.asked.map(({ tags }) => [...tags].sort());
  }

  get lastPurge(): string[] {
    return this.purges.at(-1) ?? [];
  }

  get said(): string[] {
    return this.announcer.announced.map(({ type }) => type);
  }
}

const sorted = (entries: readonly FeedEntry[]): FeedEntry[] =>
  [...entries].sort((a, b) => (`${a.feed} ${a.place}` < `${b.feed} ${b.place}` ? -1 : 1));
const feedsOfStory = [
  'latest',
  'section/news',
  'section/news/local',
  'topic/bridges',
  'author/ada-marlow',
  'author/jon-bright',
  'genre/explainer',
];
const articleOnes = (announced: readonly Announcement[]): Announcement[] =>
  announced.filter(({ type }) => type.startsWith('article.'));

test('of what only lets readers listen, it is said that there is nothing else', async () => {
  const newsroom = new Newsroom();
  const audio = { href: '/audio/a/1.mp3', bytes: 1000, seconds: 2 };
  const heard = (state: ReturnType<typeof live>): ReturnType<typeof live> => ({
    ...state,
    ...(state.card && { card: { ...state.card, audio } }),
  });
  const other = { headlines: [{ value: 'Bridge open' }] };
  for (const state of [
    live(),
    heard(live()),
    live({ story: other }),
    heard(live({ story: other, firstPublished: noon + 1 })),
  ])
    await newsroom.publish(state);
  expect(articleOnes(newsroom.announcer.announced).map(({ type, detail }) => [type, 'audio' in detail])).toEqual([
    ['article.live', false],
    ['article.revised', true],
    ['article.revised', false],
    ['article.revised', false],
  ]);
});

describe('feeds', () => {
  test('hold an entry for every placement of the head', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    const entries = await newsroom.entries();
    expect(entries.map(({ feed }) => feed).sort()).toEqual([...feedsOfStory].sort());
    expect(sorted(entries)).toEqual(sorted(await newsroom.wanted()));
  });

  test('lose what the article left', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { subjects: [{ rel: 'section', literal: 'sport' }] } }));
    const feeds = (await newsroom.entries()).map(({ feed }) => feed);
    expect(feeds).toContain('section/sport');
    expect(feeds).not.toContain('section/news');
    expect(feeds).not.toContain('topic/bridges');
  });

  test('move an entry whose first publication changed, and leave none behind', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ firstPublished: noon - 3_600_000 }));
    expect((await newsroom.feeds.page('latest', 10, undefined)).entries.map(({ place }) => place)).toEqual([
      `2026-05-01T11:00:00.000Z#${id}`,
    ]);
  });

  test('lose a withdrawn article altogether, and have it back when it is live again', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(gone());
    expect(await newsroom.entries()).toEqual([]);
    await newsroom.publish(live());
    expect(await newsroom.entries()).toHaveLength(feedsOfStory.length);
  });

  test('lose an expired story', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live({ story: { expires: '2026-05-02T12:00:00.000Z' } }));
    await newsroom.publish(
      live({ story: { expires: '2026-05-02T12:00:00.000Z' }, now: Date.parse('2026-05-02T12:00:00Z') }),
    );
    expect(await newsroom.entries()).toEqual([]);
  });

  test('show the new `updated` of a story whose body alone changed', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { versionCreated: '2026-05-01T13:00:00Z' } }));
    expect(new Set((await newsroom.entries()).map(({ card }) => card?.updated))).toEqual(
      new Set(['2026-05-01T13:00:00Z']),
    );
  });

  test('are written from the head as it is, not from the images: an old record cannot bring a withdrawn story back', async () => {
    const newsroom = new Newsroom();
    const first = await newsroom.publish(live());
    await newsroom.publish(gone());
    await project(newsroom, id, [first]);
    await project(newsroom, id, [{ before: undefined, after: first.after }, first]);
    expect(await newsroom.entries()).toEqual([]);
  });

  test('are right at once when the first record of many is projected', async () => {
    const newsroom = new Newsroom();
    const first = await newsroom.write(live());
    const second = await newsroom.write(live({ story: { headlines: [{ value: 'Second headline' }] } }));
    await project(newsroom, id, [first]);
    expect((await newsroom.entries())[0]).toMatchObject({
      seq: second.after?.seq,
      card: { headline: 'Second headline' },
    });
  });

  test('doubled, split, collapsed, shuffled among articles or a week late: the same records end in the same feeds', async () => {
    const other = 'urn:newsroom:other';
    const ids = [id, articleIdOf(other)];
    const newsroom = new Newsroom();
    await newsroom.write(live());
    await newsroom.write(live({ uri: other, story: { headlines: [{ value: 'Other' }] } }));
    await newsroom.write(live({ story: { headlines: [{ value: 'Second headline' }], genres: [] } }));
    await newsroom.write(gone(other));
    await newsroom.write(live({ firstPublished: noon - 60_000 }));
    const of = (articleId: string): HeadChange[] =>
      newsroom.records.filter(({ after }) => after?.articleId === articleId);

    for (const articleId of ids) await project(newsroom, articleId, of(articleId));
    const wanted = sorted(await newsroom.wanted(ids));
    expect(sorted(await newsroom.entries())).toEqual(wanted);
    const purged = new Set(newsroom.purges.flat());

    const deliveries: [string, HeadChange[]][] = [
      ...ids.map((articleId): [string, HeadChange[]] => [articleId, of(articleId)]),
      ...newsroom.records.map((record): [string, HeadChange[]] => [record.after?.articleId ?? '', [record]]),
      ...newsroom.records
        .toReversed()
        .map((record): [string, HeadChange[]] => [record.after?.articleId ?? '', [record, record]]),
    ];
    for (const [articleId, records] of deliveries) {
      const asked = newsroom.purgeRequests.asked.length;
      const announced = newsroom.announcer.announced.length;
      await project(newsroom, articleId, records);
      expect(sorted(await newsroom.entries())).toEqual(wanted);
      expect(newsroom.purgeRequests.asked.length).toBeGreaterThan(asked);
      expect(newsroom.announcer.announced.length).toBeGreaterThan(announced);
    }
    expect(new Set(newsroom.purges.flat())).toEqual(purged);
  });
});

describe('tags of a change', () => {
  const before = live();
  const changed = async (after: Omit<Head, 'seq' | 'change'>): Promise<string[]> => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    await newsroom.publish(after);
    return newsroom.lastPurge;
  };
  const all = feedsOfStory.map(feedTag);

  test('a story never seen before: its feeds, and fronts that pinned it ahead of time, but no page', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    expect(newsroom.purges).toEqual([[...all, pinTag(id)].sort()]);
  });

  test.each([
    ['a body alone', { bodies: [{ role: 'main', value: '<p>New.</p>' }] }],
    [
      'a body and versionCreated',
      { bodies: [{ role: 'main', value: '<p>New.</p>' }], versionCreated: '2026-05-01T13:00:00Z' },
    ],
    ['versionCreated alone', { versionCreated: '2026-05-01T13:00:00Z' }],
    ['a note to the desk', { edNote: 'Check the numbers' }],
  ])('%s: exactly one tag, the article’s', async (_, overrides) => {
    expect(await changed(live({ story: overrides }))).toEqual([articleTag(id)]);
  });

  test.each([
    ['headline', { headlines: [{ value: 'New headline' }] }],
    ['standfirst', { descriptions: [{ role: 'standfirst', value: 'New standfirst' }] }],
    ['picture', { associations: [] }],
  ])('a %s is on the card: the article, all its feeds, and the fronts that pin it', async (_, overrides) => {
    expect(await changed(live({ story: overrides }))).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a moved section: old feeds and new', async () => {
    const tags = await changed(
      live({
        story: {
          subjects: [
            { rel: 'section', literal: 'sport' },
            { rel: 'about', name: 'Bridges' },
          ],
        },
      }),
    );
    expect(tags).toEqual([articleTag(id), ...all, feedTag('section/sport'), pinTag(id)].sort());
  });

  test('another topic, the card unchanged: only the topic left and the topic joined', async () => {
    const tags = await changed(
      live({
        story: {
          subjects: [
            { rel: 'section', literal: 'news/local' },
            { rel: 'about', name: 'Tunnels' },
          ],
        },
      }),
    );
    expect(tags).toEqual([articleTag(id), feedTag('topic/bridges'), feedTag('topic/tunnels')]);
  });

  test('an expiry: the page, every feed left, the fronts that pin it', async () => {
    const newsroom = new Newsroom();
    const story = { expires: '2026-05-02T12:00:00.000Z' };
    await newsroom.publish(live({ story }));
    await newsroom.publish(live({ story, now: Date.parse('2026-05-03T12:00:00Z') }));
    expect(newsroom.lastPurge).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a withdrawal: the page, every feed left, the fronts that pin it', async () => {
    expect(await changed(gone())).toEqual([articleTag(id), ...all, pinTag(id)].sort());
  });

  test('a batch covers every record of it, not only its ends', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(before);
    const away = await newsroom.write(
      live({ story: { headlines: [{ value: 'Mistaken' }], genres: [{ name: 'Opinion' }] } }),
    );
    const back = await newsroom.write(before);
    await project(newsroom, id, [away, back]);
    expect(newsroom.lastPurge).toEqual([articleTag(id), ...all, feedTag('genre/opinion'), pinTag(id)].sort());
  });

  test('a path taken over from another article: that article’s tag too, and not again while the path stays', async () => {
    const newsroom = new Newsroom();
    const claim = { path: '/news/bridge', owned: true, takenFrom: 'otherotherothero' } as const;
    await newsroom.publish(live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: false } }));
    await newsroom.publish(live({ path: '/news/bridge', claim }));
    expect(newsroom.lastPurge).toContain(articleTag('otherotherothero'));
    expect(newsroom.lastPurge).toContain(articleTag(id));
    await newsroom.publish(
      live({ path: '/news/bridge', claim, story: { bodies: [], versionCreated: '2026-05-01T13:00:00Z' } }),
    );
    expect(newsroom.lastPurge).toEqual([articleTag(id)]);
  });

  test('a story whose very first head takes a path over purges the previous owner', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(
      live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: true, takenFrom: 'otherotherothero' } }),
    );
    expect(newsroom.lastPurge).toContain(articleTag('otherotherothero'));
  });

  test('the purge names the newest seq of the changes it covers', async () => {
    const newsroom = new Newsroom();
    const records = [
      await newsroom.write(before),
      await newsroom.write(live({ story: { headlines: [{ value: 'New' }] } })),
    ];
    await project(newsroom, id, records);
    expect(newsroom.purgeRequests.asked[0]?.articles).toEqual([{ articleId: id, seq: records[1]?.after?.seq }]);
  });

  test('no tag is asked for twice in one request', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(before);
    await project(newsroom, id, [record, record, record]);
    for (const tags of newsroom.purges) expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('urgency', () => {
  const asked = async (
    ...states: Omit<Head, 'seq' | 'change'>[]
  ): Promise<{ urgent: boolean; delaySeconds: number }[]> => {
    const newsroom = new Newsroom();
    for (const state of states) await newsroom.publish(state);
    const change = newsroom.purgeRequests.asked.filter(
      ({ articles }) => articles[0]?.seq === newsroom.records.at(-1)?.after?.seq,
    );
    return change.map(({ urgent, delaySeconds }) => ({ urgent, delaySeconds }));
  };

  test('an ordinary story waits for the collecting window, and is asked for once', async () => {
    expect(await asked(live())).toEqual([{ urgent: false, delaySeconds: 0 }]);
    expect(await asked(live({ story: { urgency: 3 } }))).toEqual([{ urgent: false, delaySeconds: 0 }]);
  });

  test.each([1, 2])('urgency %i does not wait', async (urgency) => {
    expect(await asked(live({ story: { urgency } }))).toEqual([{ urgent: true, delaySeconds: 0 }]);
  });

  test('a withdrawal does not wait, and is asked for again when no old answer can be on its way any more', async () => {
    expect(await asked(live(), gone())).toEqual([
      { urgent: true, delaySeconds: 0 },
      { urgent: true, delaySeconds: 30 },
    ]);
  });

  test('both purges of a withdrawal cover the same', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(gone());
    const [first, second] = newsroom.purges.slice(-2);
    expect(first).toEqual(second);
    expect(first).toContain(articleTag(id));
  });
});

describe('announcements', () => {
  test('tell what happened, with what consumers need', async () => {
    const newsroom = new Newsroom();
    const { after } = await newsroom.publish(live());
    const envelope = {
      id: expect.any(String) as unknown,
      schemaVersion: 1,
      occurredAt: '2026-05-01T12:00:00.000Z',
      seq: after?.seq,
    };
    expect(newsroom.announcer.announced).toEqual([
      {
        type: 'article.live',
        detail: {
          ...envelope,
          articleId: id,
          uri: harbour,
          versionCreated: '2026-05-01T12:00:00Z',
          path: after?.path,
          headline: 'Harbour bridge reopens after storm repairs',
          feeds: after?.feeds,
        },
      },
      { type: 'feed.changed', detail: { ...envelope, feeds: after?.feeds, articleId: id } },
    ]);
  });

  test('tell each change of a front by itself, after the purge, under an id that repeats have too', async () => {
    const newsroom = new Newsroom();
    const order: string[] = [];
    const ports = newsroom.with({
      purgeRequests: { ask: () => Promise.resolve(void order.push('purge')) },
      announcer: {
        announce: (announcements) =>
          Promise.resolve(void order.push(...announcements.map(({ type }) => type))).then(() =>
            newsroom.announcer.announce(announcements),
          ),
      },
    });
    const front = {
      articleId: 'front#home',
      name: 'home',
      settledAt: noon,
      versionCreated: '2026-05-01T11:00:00.000Z',
    };
    const changes = [
      {
        after: {
          ...front,
          seq: noon,
          change: 'live',
          visibility: 'live',
          origin: { correlationId: 'desk-1', replay: 'may' },
        },
      },
      { after: { ...front, seq: noon + 1, change: 'withdrawn', visibility: 'gone' } },
    ] as const;
    await projectFront(ports, changes);
    await projectFront(ports, changes);
    const told = newsroom.announcer.announced;
    const envelope = {
      schemaVersion: 1,
      occurredAt: '2026-05-01T12:00:00.000Z',
      name: 'home',
      versionCreated: front.versionCreated,
    };
    expect(told.slice(0, 2)).toEqual([
      {
        type: 'front.changed',
        detail: {
          ...envelope,
          id: expect.any(String) as unknown,
          seq: noon,
          change: 'live',
          correlationId: 'desk-1',
          replay: 'may',
        },
      },
      {
        type: 'front.changed',
        detail: { ...envelope, id: expect.any(String) as unknown, seq: noon + 1, change: 'withdrawn' },
      },
    ]);
    expect(told.slice(2)).toEqual(told.slice(0, 2));
    expect(new Set(told.map(({ detail }) => detail.id)).size).toBe(2);
    expect(order.slice(0, 4)).toEqual(['purge', 'purge', 'front.changed', 'front.changed']);
  });

  test('live, revised, withdrawn, live again: one for each change', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { headlines: [{ value: 'New' }] } }));
    await newsroom.publish(gone());
    await newsroom.publish(live());
    expect(newsroom.said.filter((type) => type.startsWith('article.'))).toEqual([
      'article.live',
      'article.revised',
      'article.withdrawn',
      'article.live',
    ]);
  });

  test('are never collapsed with their batch', async () => {
    const newsroom = new Newsroom();
    const records = [
      await newsroom.write(live()),
      await newsroom.write(live({ story: { edNote: 'x', versionCreated: '2026-05-01T12:30:00Z' } })),
      await newsroom.write(gone()),
    ];
    await project(newsroom, id, records);
    expect(
      articleOnes(newsroom.announcer.announced).map(({ type, detail }) => [type, 'seq' in detail && detail.seq]),
    ).toEqual([
      ['article.live', records[0]?.after?.seq],
      ['article.revised', records[1]?.after?.seq],
      ['article.withdrawn', records[2]?.after?.seq],
    ]);
  });

  test('a withdrawal names the feeds, the path and the headline that it takes away', async () => {
    const newsroom = new Newsroom();
    const { after } = await newsroom.publish(live());
    await newsroom.publish(gone());
    expect(articleOnes(newsroom.announcer.announced).at(-1)).toMatchObject({
      type: 'article.withdrawn',
      detail: { feeds: after?.feeds, path: after?.path, headline: 'Harbour bridge reopens after storm repairs' },
    });
  });

  test('feed.changed names the feeds that a reader could see change, and is not sent when there are none', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(
      live({ story: { subjects: [{ rel: 'section', literal: 'news/local' }, { name: 'Tunnels' }] } }),
    );
    expect(newsroom.announcer.announced.at(-1)).toMatchObject({
      type: 'feed.changed',
      detail: { feeds: ['topic/bridges', 'topic/tunnels'] },
    });
    const said = newsroom.said.length;
    await newsroom.publish(
      live({
        story: {
          subjects: [{ rel: 'section', literal: 'news/local' }, { name: 'Tunnels' }],
          bodies: [],
          versionCreated: '2026-05-01T13:00:00Z',
        },
      }),
    );
    expect(newsroom.said.slice(said)).toEqual(['article.revised']);
  });

  test('a path that another article owns is named', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: false } }));
    expect(newsroom.announcer.announced[0]?.detail).toMatchObject({
      pathClash: '/news/bridge',
      path: `/articles/${id}/harbour-bridge-reopens-after-storm-repairs`,
    });
  });

  test('ids are the same in every repeat, and no two changes share one', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { headlines: [{ value: 'New' }] } }));
    await newsroom.publish(gone());
    await newsroom.publish(live({ uri: 'urn:newsroom:other' }));
    const ids = newsroom.announcer.announced.map(({ detail }) => detail.id);
    expect(new Set(ids).size).toBe(ids.length);

    const again = newsroom.announcer.announced.length;
    for (const record of newsroom.records) await project(newsroom, record.after?.articleId ?? '', [record]);
    expect(newsroom.announcer.announced.slice(again)).toEqual(newsroom.announcer.announced.slice(0, again));
  });
});

describe('order of effects', () => {
  const failing = async (): Promise<never> => Promise.reject(new Error('throttled'));

  test('when a feed cannot be written nothing is purged or announced, and the failure is passed on', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    const ports = newsroom.with({ feeds: { put: failing, page: failing } });
    await expect(project(ports, id, [record])).rejects.toThrow('throttled');
    expect([newsroom.purgeRequests.asked, newsroom.announcer.announced]).toEqual([[], []]);
  });

  test('when the purge cannot be asked for nothing is announced, and the failure is passed on', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    await expect(project(newsroom.with({ purgeRequests: { ask: failing } }), id, [record])).rejects.toThrow(
      'throttled',
    );
    expect(newsroom.announcer.announced).toEqual([]);
  });

  test('a failed announcement is passed on, and the retry does all of it again', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    await expect(project(newsroom.with({ announcer: { announce: failing } }), id, [record])).rejects.toThrow(
      'throttled',
    );
    await project(newsroom, id, [record]);
    expect(newsroom.purges).toHaveLength(2);
    expect(newsroom.said).toEqual(['article.live', 'feed.changed']);
  });

  test('the purge is asked for after the feeds and the list of changes are written, and announced after that', async () => {
    const newsroom = new Newsroom();
    const record = await newsroom.write(live());
    const order: string[] = [];
    await project(
      {
        articles: newsroom.articles,
        feeds: {
          put: async (entry) =>
            Promise.resolve().then(() => {
              order.push('put');
              return newsroom.feeds.put(entry);
            }),
          page: failing,
        },
        changeList: {
          list: () => {
            order.push('list');
            return Promise.resolve();
          },
        },
        purgeRequests: {
          ask: () => {
            order.push('purge');
            return Promise.resolve();
          },
        },
        announcer: {
          announce: () => {
            order.push('announce');
            return Promise.resolve();
          },
        },
        purgeAgainSeconds: 1,
      },
      id,
      [record],
    );
    expect(order).toEqual([...feedsOfStory.map(() => 'put'), 'list', 'purge', 'announce']);
  });
});

describe('any batching', () => {
  const uris = ['urn:a', 'urn:b'] as const;
  const sketch = fc.record({
    uri: fc.constantFrom(...uris),
    isLive: fc.constantFrom(true, true, true, false),
    headline: fc.constantFrom('One', 'Two'),
    section: fc.constantFrom('news', 'news/world', 'sport'),
    topic: fc.constantFrom('Bridges', 'Tunnels'),
    firstPublished: fc.constantFrom(noon, noon - 60_000),
    isExpired: fc.boolean(),
  });
  const batch = fc.array(fc.nat(9), { minLength: 1, maxLength: 5 });

  test('whatever is doubled, split, late or run at the same time, the feeds end as the placements of the final heads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(sketch, { minLength: 1, maxLength: 8 }),
        fc.array(batch, { maxLength: 6 }),
        async (scheduler, sketches, batches) => {
          const newsroom = new Newsroom();
          // Every read may be answered late, and every write be done late.
          const ports: ProjectPorts = {
            articles: { head: async (articleId) => scheduler.schedule(newsroom.articles.head(articleId)) },
            feeds: {
              put: async (entry) => {
                await scheduler.schedule(Promise.resolve());
                return newsroom.feeds.put(entry);
              },
              page: async (...request) => newsroom.feeds.page(...request),
            },
            changeList: newsroom.changeList,
            purgeRequests: newsroom.purgeRequests,
            announcer: newsroom.announcer,
            purgeAgainSeconds: 1,
          };
          const runs: Promise<void>[] = [];
          const run = (records: readonly HeadChange[]): void => {
            for (const [articleId, own] of Map.groupBy(records, ({ after }) => after?.articleId ?? ''))
              runs.push(project(ports, articleId, own));
          };
          const writing = async (): Promise<void> => {
            for (const [
              index,
              { uri, isLive, headline, section, topic, firstPublished, isExpired },
            ] of sketches.entries()) {
              await scheduler.schedule(Promise.resolve());
              const record = await newsroom.write(
                isLive
                  ? live({
                      uri,
                      firstPublished,
                      story: {
                        headlines: [{ value: headline }],
                        subjects: [{ rel: 'section', literal: section }, { name: topic }],
                        ...(isExpired && { expires: '2026-05-01T10:00:00.000Z' }),
                      },
                    })
                  : gone(uri),
              );
              run([record]);
              // Batches whose records are all written by now: some of them for the second time, in any order.
              for (const indices of batches.filter((one) => Math.max(...one) % sketches.length === index)) {
                run(indices.flatMap((n) => newsroom.records[n % sketches.length] ?? []));
              }
            }
          };
          await scheduler.waitFor(writing());
          await scheduler.waitFor(Promise.all(runs));

          const wanted = await newsroom.wanted(uris.map(articleIdOf));
          expect(sorted(await newsroom.entries())).toEqual(sorted(wanted));
          // One announcement for each change at least, none for anything else.
          const seqs = new Set(
            articleOnes(newsroom.announcer.announced).map(({ detail }) =>
              'articleId' in detail ? `${detail.articleId} ${detail.seq}` : '',
            ),
          );
          expect(seqs).toEqual(
            new Set(newsroom.records.map(({ after }) => `${after?.articleId ?? ''} ${after?.seq ?? 0}`)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
