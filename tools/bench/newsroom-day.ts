import { encodingOf } from '../../functions/deliver/cdn.ts';
import { deliver } from '../../functions/deliver/deliver.ts';
import { project } from '../../functions/project/project.ts';
import { purge } from '../../functions/purge/purge.ts';
import { store } from '../../functions/store/store.ts';
import { Edge } from '../laptop/cloudfront/edge.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Lists } from '../../shared/feed/lists.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures } from '../../test/fakes/memory-articles.ts';
import { MemoryChanges } from '../../test/fakes/memory-changes.ts';
import { MemoryPayloadStore } from '../../test/fakes/memory-webhooks.ts';
import { MemoryFeeds } from '../../test/fakes/memory-feeds.ts';
import {
  MemoryAnnouncer,
  MemoryCdn,
  MemoryClock,
  MemoryRejectionQueue,
  MemorySettleSchedule,
} from '../../test/fakes/memory-messages.ts';
import type { PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';
import { feedOfTag, tagHeader } from '../../shared/purge/tags.ts';
import type { Theme } from '../../shared/site/theme.ts';
import { dayPlan, uriOf, type Change, type DayPlan } from './day-plan.ts';
import { Percentiles } from './percentiles.ts';
import { readerAt, type Answer, type Read } from './reader.ts';
import { Timeline } from './timeline.ts';
import { sumOf } from './sum.ts';

/** How a change reaches the edge: by tags over a window, by time, or as plug-ins do it, every affected path at each publish. */
export type Purging = 'tags' | 'ttl' | 'paths';

export interface DayOptions {
  readonly plan: DayPlan;
  readonly purging: Purging;
  readonly windowSeconds: number;
  /** Readers' requests a second, on a calm minute and in a burst. */
  readonly calmReads: number;
  readonly burstReads: number;
  /** How long readers are simulated: of each burst, and of the calm. */
  readonly readSeconds: number;
  readonly theme: Theme;
}

export interface Load {
  readonly requests: number;
  /** Of the requests, those that the edge had an answer for. */
  readonly hits: number;
  /** Requests that the origin was asked, for lists and for pages. */
  readonly listFills: number;
  readonly pageFills: number;
  readonly seconds: number;
}

export interface Day {
  readonly changes: Readonly<Record<Change['kind'], number>>;
  /** Requests for a purge, messages of the purge queue. */
  readonly purgeRequests: number;
  readonly flushes: number;
  readonly calls: number;
  readonly paths: number;
  /** Of the tags purged, those that something an edge may hold was changed under. */
  readonly neededTags: number;
  /** Cached answers that a purge dropped, and the part of them that the origin then generated unchanged. */
  readonly dropped: number;
  readonly droppedInVain: number;
  readonly calm: Load;
  readonly bursts: Load;
  /** Milliseconds from the CMS's event until readers who ask all the time see it; CloudFront's own seconds come on top, alike for all. */
  readonly staleness: { readonly p50: number; readonly p95: number; readonly worst: number; readonly samples: number };
}

/** From the bus to `store` done, from there to `project` done: queues, stream and functions that are warm. */
const storeMilliseconds = 300;
const projectMilliseconds = 400;
const lookMilliseconds = 250;
const timeoutMs = 120_000;
const second = 1000;
const day = 24 * 3600 * second;

/** A day of a newsroom, played in simulated time through the functions' own logic, purges into the laptop's own edge. */
export async function newsroomDay(options: DayOptions): Promise<Day> {
  return new NewsroomDay(options).play();
}

class NewsroomDay {
  readonly lists: Lists;
  readonly articles = new MemoryArticles();
  readonly fronts = new MemoryFronts();
  readonly pictures = new MemoryPictures();
  readonly feeds = new MemoryFeeds();
  readonly clock: MemoryClock;
  readonly changeList: MemoryChanges;
  readonly settleSchedule = new MemorySettleSchedule();
  readonly announcer = new MemoryAnnouncer();
  readonly rejections = new MemoryRejectionQueue();
  readonly payloads = new MemoryPayloadStore();
  readonly owners = {};
  readonly purgeAgainSeconds = 11;
  readonly siteUrl = 'https://www.example.com';
  readonly theme: Theme;
  readonly purgeRequests: PurgeRequests = {
    send: async (request, { urgent, delaySeconds }) => this.#collect(request, urgent, delaySeconds),
  };

  readonly #options: DayOptions;
  readonly #edge: Edge;
  readonly #cdn = new MemoryCdn();
  readonly #timeline: Timeline;
  readonly #waiting: PurgeRequest[] = [];
  readonly #staleness = new Percentiles();
  /** Entity tags of purged answers, by address and encoding, until the origin generates them again. */
  readonly #droppedTags = new Map<string, string>();
  readonly #held = new Map<string, { readonly tags: readonly string[]; readonly etag: string }>();
  #messages = 0;
  #flushes = 0;
  #calls = 0;
  #paths = 0;
  #needed = 0;
  #dropped = 0;
  #droppedInVain = 0;
  #listFills = 0;
  #pageFills = 0;

  constructor(options: DayOptions) {
    this.#options = options;
    this.lists = options.purging === 'ttl' ? 'ttl' : 'purged';
    this.theme = options.theme;
    this.clock = new MemoryClock(Date.parse('2026-05-01T00:00:00Z'));
    this.changeList = new MemoryChanges(this.clock);
    this.#timeline = new Timeline(this.clock);
    this.#edge = new Edge({
      tagHeader,
      errorCachingMinimumSeconds: new Map([[404, 5]]),
      cachePolicy: {
        queryStrings: ['limit', 'after', 'exclude'],
        headers: [],
        encodings: ['br', 'gzip'],
        minTtlSeconds: 0,
        defaultTtlSeconds: 0,
        maxTtlSeconds: 86_400,
      },
      originRequestHeaders: [],
      origin: async ({ rawPath, rawQueryString, headers }) => this.#origin(rawPath, rawQueryString, headers),
      originTimeoutMilliseconds: 10_000,
      now: () => this.clock.time,
    });
  }

  async play(): Promise<Day> {
    const { plan } = this.#options;
    const { changes, bursts } = dayPlan(plan);
    const start = this.clock.time;
    for (const change of changes) this.#timeline.at(start + change.at, async () => this.#publish(change));
    const none: Load = { requests: 0, hits: 0, listFills: 0, pageFills: 0, seconds: 0 };
    const loads = { calm: none, bursts: none };
    const measure = (name: keyof typeof loads, at: number, readsASecond: number): void => {
      this.#timeline.at(start + at, async () => {
        const load = await this.#readers(`${name} ${at}`, readsASecond);
        loads[name] = sumOf(loads[name], load);
      });
    };
    measure('calm', 10.5 * 3600 * second, this.#options.calmReads);
    for (const burst of bursts) measure('bursts', burst + 60 * second, this.#options.burstReads);
    await this.#timeline.play(start + day);
    const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
    return {
      changes: { story: count('story'), card: count('card'), body: count('body') },
      purgeRequests: this.#messages,
      flushes: this.#flushes,
      calls: this.#calls,
      paths: this.#paths,
      neededTags: this.#needed,
      dropped: this.#dropped,
      droppedInVain: this.#droppedInVain,
      ...loads,
      staleness: this.#staleness.summary(),
    };
  }

  #publish(change: Change): Promise<void> {
    const sentAt = this.clock.time;
    this.#timeline.at(sentAt + storeMilliseconds, async () => {
      const seen = this.articles.stream.length;
      const { uri, path, article } = change.event(sentAt);
      const detail = { article, path, receivedAt: sentAt };
      const type = change.kind === 'story' ? 'article.published' : 'article.updated';
      await store(this, busEvent(type, detail, sentAt), `${sentAt}`);
      if (this.rejections.kept.length > 0)
        throw new Error(`refused: ${JSON.stringify(this.announcer.announced.at(-1))}`);
      this.announcer.announced.length = 0;
      const records = this.articles.stream.slice(seen).map(({ old, new: after }) => ({ before: old, after }));
      this.#timeline.at(this.clock.time + projectMilliseconds, async () => {
        await project(this, articleIdOf(uri), records);
        if (this.#options.purging === 'paths')
          for (const { before, after } of records) this.#purgePaths(pathsOf(before, after));
      });
    });
    this.#watch(change, sentAt);
    return Promise.resolve();
  }

  /** As the queue does: a window opens with the first message. */
  #collect(request: PurgeRequest, urgent: boolean, delaySeconds: number): Promise<void> {
    if (this.#options.purging === 'paths' || delaySeconds > 0) return Promise.resolve();
    this.#messages += 1;
    this.#waiting.push(request);
    if (urgent || this.#waiting.length === 1) {
      const wait = urgent ? 0 : this.#options.windowSeconds * second;
      this.#timeline.at(this.clock.time + wait, async () => this.#flush());
    }
    return Promise.resolve();
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting
      .splice(0)
      .map((request, index) => ({ messageId: `${this.clock.time}-${index}`, request }));
    if (batch.length === 0) return;
    const known = this.#cdn.purges.size;
    await purge({ cdn: this.#cdn, announcer: this.announcer }, batch);
    this.announcer.announced.length = 0;
    this.#flushes += 1;
    const wanted = new Set(batch.flatMap(({ request }) => request.tags));
    for (const tags of [...this.#cdn.purges.values()].slice(known)) {
      this.#calls += 1;
      this.#paths += tags.length;
      this.#needed += tags.filter(
        (tag) => wanted.has(tag) || [...wanted].some((one) => feedOfTag(one) !== undefined),
      ).length;
      this.#drop(({ tags: own }) => own.some((tag) => tags.includes(tag)));
      this.#edge.invalidate(tags.map((tag) => `#${tag}`));
    }
  }

  #purgePaths(paths: readonly string[]): void {
    this.#calls += 1;
    this.#paths += paths.length;
    this.#needed += paths.length;
    this.#edge.invalidate(paths);
  }

  #drop(isDropped: (held: { readonly tags: readonly string[] }) => boolean): void {
    for (const [key, held] of this.#held) {
      if (!isDropped(held)) continue;
      this.#held.delete(key);
      this.#droppedTags.set(key, held.etag);
      this.#dropped += 1;
    }
  }

  async #origin(
    path: string,
    query: string,
    asked: Readonly<Record<string, string>>,
  ): Promise<{ statusCode: number; headers: Readonly<Record<string, string>>; body: Buffer }> {
    const encoding = encodingOf(asked['accept-encoding']);
    const { status, headers, body } = await deliver(this, {
      method: 'GET',
      path,
      query: new URLSearchParams(query),
      host: 'www.example.com',
      ifNoneMatch: asked['if-none-match'],
      encoding,
    });
    if (path.startsWith('/articles/') || path.startsWith('/news/')) this.#pageFills += 1;
    else this.#listFills += 1;
    const key = `${path}?${query} ${encoding ?? ''}`;
    const etag = headers['etag'] ?? '';
    if (this.#droppedTags.get(key) === etag) this.#droppedInVain += 1;
    this.#droppedTags.delete(key);
    this.#held.set(key, { tags: (headers[tagHeader] ?? '').split(','), etag });
    return { statusCode: status, headers, body: Buffer.from(body) };
  }

  async #read(path: string): Promise<Answer> {
    return readerAt(this.#edge, path);
  }

  /** Readers for some time, while the rest of the plan runs. */
  async #readers(name: string, readsASecond: number): Promise<Load> {
    const { readSeconds, plan } = this.#options;
    let hits = 0;
    const before = { listFills: this.#listFills, pageFills: this.#pageFills };
    const reads = readsOf(name, plan, readsASecond, readSeconds, [...this.articles.heads.values()]);
    const start = this.clock.time;
    for (const { at, path, encodings } of reads) {
      await this.#timeline.playUntil(start + at);
      if ((await readerAt(this.#edge, path, encodings)).isHit) hits += 1;
    }
    return {
      requests: reads.length,
      hits,
      listFills: this.#listFills - before.listFills,
      pageFills: this.#pageFills - before.pageFills,
      seconds: readSeconds,
    };
  }

  /** Asks again and again for each place where the change shows, until it does. */
  #watch(change: Change, sentAt: number): void {
    for (const { path, shows, isDue } of change.places()) {
      const look = async (): Promise<void> => {
        const { text } = await this.#read(path);
        const waited = this.clock.time - sentAt;
        if (shows(text)) this.#staleness.add(waited);
        else if (!isDue(text)) return;
        else if (waited > timeoutMs)
          throw new Error(`${path} never showed ${uriOf(change.story)} as it was after ${sentAt}`);
        else this.#timeline.at(this.clock.time + lookMilliseconds, look);
      };
      // Before it as well, so that an old answer is kept when it comes.
      this.#timeline.at(sentAt + 1, async () => {
        await this.#read(path);
        this.#timeline.at(sentAt + lookMilliseconds, look);
      });
    }
  }
}

function busEvent(type: string, detail: unknown, at: number): string {
  const time = new Date(Math.floor(at / second) * second).toISOString();
  return JSON.stringify({
    version: '0',
    id: `day-${at}`,
    'detail-type': type,
    source: 'cms.day',
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
  });
}

/** Every address, in every format, whose answer a change may have altered: the purge of a CDN without tags. */
export function pathsOf(before: Head | undefined, after: Head | undefined): string[] {
  const feeds = [...new Set([...(before?.feeds ?? []), ...(after?.feeds ?? [])])];
  const pages = [before?.path, after?.path].filter((path) => path !== undefined);
  const articleId = after?.articleId ?? before?.articleId ?? '';
  return [
    ...new Set([
      ...pages,
      `/articles/${articleId}.json`,
      ...feeds.flatMap((feed) => [
        `/${feed}*`,
        ...['json', 'rss', 'atom'].map((format) => `/feeds/${feed}.${format}*`),
      ]),
      ...['/', '/fronts/home.json*', '/fronts/home.html*', '/fronts/home.fragment.html', '/sitemap-news.xml'],
    ]),
  ];
}

/** Most readers ask for stories, the newest above all; a quarter for the home page, Latest News and sections; few for topics and authors. */
function readsOf(name: string, plan: DayPlan, readsASecond: number, seconds: number, heads: readonly Head[]): Read[] {
  const stories = heads.flatMap(({ path, card }) =>
    path === undefined || card === undefined ? [] : [{ path, at: card.firstPublished }],
  );
  const newest = stories.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map(({ path }) => path);
  const feeds = [...new Set(heads.flatMap((head) => head.feeds ?? []))].filter((feed) => feed !== 'latest');
  const sections = feeds.filter((feed) => feed.startsWith('section/'));
  const main = [
    '/',
    '/latest',
    '/feeds/latest.rss',
    '/feeds/latest.json',
    '/sitemap-news.xml',
    ...sections.flatMap((feed) => [`/${feed}`, `/feeds/${feed}.rss`]),
  ];
  const others = feeds.filter((feed) => !sections.includes(feed)).map((feed) => `/${feed}`);
  return plan.readsOf(name, readsASecond, seconds, [
    { share: 0.72, paths: newest },
    { share: 0.25, paths: main },
    { share: 0.03, paths: others },
  ]);
}
