import type { HeadChange } from '../../../shared/article/head.ts';
import { project, type ProjectPorts } from '../../../functions/project/project.ts';
import type { Announcement } from '../../../shared/events/announcement.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import type { FeedEntry } from '../../../shared/feed/feed.ts';
import { changeOf, headStateOf, type PathClaim, type Head } from '../../../shared/article/head.ts';
import { MemoryArticles } from '../../fakes/memory-articles.ts';
import { MemoryChanges } from '../../fakes/memory-changes.ts';
import { MemoryFeeds } from '../../fakes/memory-feeds.ts';
import { MemoryAnnouncer, MemoryPurgeRequests } from '../../fakes/memory-messages.ts';
import { noon, story } from '../story.ts';

export const harbour = 'urn:newsroom:harbour-bridge';

export const id = articleIdOf(harbour);

interface Sketch {
  readonly uri?: string;
  readonly story?: Parameters<typeof story>[0];
  /** The claimed path, and its result. */
  readonly path?: string;
  readonly claim?: PathClaim;
  readonly firstPublished?: number;
  /** Expired at this head's time. */
  readonly now?: number;
}

/** A head as settle would write it, but for `change`, which the newsroom knows. */
export function live({
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

export function gone(uri = harbour): Omit<Head, 'seq' | 'change'> {
  return {
    articleId: articleIdOf(uri),
    uri,
    visibility: 'gone',
    version: 'v',
    versionCreated: '2026-05-01T13:00:00.000Z',
    settledAt: noon,
  };
}

/** The articles, the feeds, and project's purge requests and announcements. */
export class Newsroom implements ProjectPorts {
  readonly articles = new MemoryArticles();
  readonly feeds = new MemoryFeeds();
  readonly changeList = new MemoryChanges({ now: () => noon });
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly announcer = new MemoryAnnouncer();
  readonly purgeAgainSeconds = 30;
  /** The stream's records so far. */
  readonly records: HeadChange[] = [];

  /** Writes the next head of an article, as settle does, and returns the stream's record. */
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

  /** The entries that readers should find, given the present heads. */
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

export const sorted = (entries: readonly FeedEntry[]): FeedEntry[] =>
  [...entries].sort((a, b) => (`${a.feed} ${a.place}` < `${b.feed} ${b.place}` ? -1 : 1));

export const feedsOfStory = [
  'latest',
  'section/news',
  'section/news/local',
  'topic/bridges',
  'author/ada-marlow',
  'author/jon-bright',
  'genre/explainer',
];

export const articleOnes = (announced: readonly Announcement[]): Announcement[] =>
  announced.filter(({ type }) => type.startsWith('article.'));
