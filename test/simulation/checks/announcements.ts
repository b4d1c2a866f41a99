import * as v from 'valibot';
import { announcementSchemas } from '../../../shared/events/announcement-schema.ts';
import type { Announcement } from '../../../shared/events/announcement.ts';
import type { Head } from '../../../shared/article/head.ts';
import type { Observed } from '../observed.ts';
import { liveId, liveName, profileName } from '../plan.ts';
import { Violation } from '../scheduler.ts';
import { same } from './compare.ts';
import type { HeadChecks, HeadWritten } from './heads.ts';
import { mayStoryBeKnown } from './leaks.ts';
import { named, postIds, profileId } from './named.ts';
import type { PurgeLog } from './purge-log.ts';
import type { Violations } from './violations.ts';

type Of<Type extends Announcement['type']> = Extract<Announcement, { readonly type: Type }>;
type OfArticle = Of<'article.live' | 'article.revised' | 'article.withdrawn' | 'article.fresh' | 'feed.changed'>;

/** Checks every announcement as it is made, and later whether every change was announced. */
export class AnnouncementChecks {
  readonly #world: Observed;
  readonly #violations: Violations;
  readonly #heads: HeadChecks;
  readonly #purges: PurgeLog;
  readonly #announced = new Map<string, Announcement>();
  /** Every announcement as JSON, by id. */
  readonly #details = new Map<string, string>();
  /** The feeds announced of each change of the profile, by `seq`: one announcement a page. */
  readonly #profileFeeds = new Map<number, readonly string[]>();
  /** How each event was sent: by the bus itself (`undefined`), or by replays, by name. */
  readonly #sentBy = new Map<string, Set<string | undefined>>();

  constructor(world: Observed, violations: Violations, heads: HeadChecks, purges: PurgeLog) {
    this.#world = world;
    this.#violations = violations;
    this.#heads = heads;
    this.#purges = purges;
  }

  /** The bus sends an event to the queue. */
  sent(body: string): void {
    const { id, 'replay-name': replay } = JSON.parse(body) as Sent;
    this.#sentBy.set(id, (this.#sentBy.get(id) ?? new Set()).add(replay));
  }

  announced(announcement: Announcement): void {
    const { type, detail } = announcement;
    const text = JSON.stringify([type, detail]);
    const before = this.#details.get(detail.id);
    if (before !== undefined && before !== text)
      this.#violations.broke('announcements', `${detail.id} said ${before}, now ${text}`);
    this.#details.set(detail.id, text);
    if (!v.is(announcementSchemas[type], detail))
      this.#violations.broke('contract', `${text} is not what the schema of ${type} says`);

    if (type === 'cdn.purged') {
      this.#checkPurged(announcement);
      return;
    }
    this.#checkOrigin(type, detail);
    if (type === 'article.rejected') this.#announced.set(`${type} ${detail.eventId}`, announcement);
    else if (type === 'front.changed') this.#checkFront(announcement, text);
    else this.#checkArticle(announcement);
  }

  #checkPurged({ type, detail }: Of<'cdn.purged'>): void {
    const missing = detail.tags.filter((tag) => !this.#purges.taken.get(detail.invalidationId)?.includes(tag));
    if (missing.length > 0)
      this.#violations.broke('announcements', `cdn.purged names ${missing.join(' ')}, which the CDN never took`);
    for (const article of detail.articles) this.#checkOrigin(type, article);
  }

  #checkFront(announcement: Of<'front.changed'>, text: string): void {
    const { type, detail } = announcement;
    this.#announced.set(`${type} ${detail.name} ${detail.seq}`, announcement);
    const { new: after } =
      this.#world.fronts.stream.find(
        ({ new: written }) => written?.name === detail.name && written.seq === detail.seq,
      ) ?? {};
    if (after === undefined)
      this.#violations.broke('announcements', `${type} of ${detail.name} ${detail.seq} before anything was committed`);
    else if (after.change !== detail.change || after.versionCreated !== detail.versionCreated)
      this.#violations.broke('announcements', `${type} of ${detail.name} ${detail.seq} says ${text}`);
  }

  #checkArticle(announcement: OfArticle): void {
    const { type, detail } = announcement;
    const { articleId, seq } = detail;
    const key = `${type === 'feed.changed' ? type : 'article'} ${articleId} ${seq}`;
    this.#announced.set(key, announcement);
    const write = this.#heads.find(articleId, seq);
    if (!write) {
      this.#violations.broke('announcements', `${type} of ${articleId} ${seq} before anything was committed`);
      return;
    }
    const feeds = type === 'feed.changed' ? detail.feeds : [];
    for (const feed of feeds) this.#checkFeed(feed, write);
    if (postIds.includes(articleId)) {
      this.#checkPost(type, write);
      return;
    }
    if (articleId === profileId) {
      if (type === 'feed.changed')
        this.#profileFeeds.set(seq, [...(this.#profileFeeds.get(seq) ?? []), ...detail.feeds]);
      else this.#violations.broke('announcements', `${type} of ${profileName}, which is a profile`);
      return;
    }
    const isPurgeDue = write.before !== undefined || touchedFeeds(write).length > 0;
    if (isPurgeDue && (this.#purges.requested.get(articleId) ?? 0) < seq)
      this.#violations.broke('purges', `${type} of ${articleId} ${seq} before a purge was requested`);
  }

  /** A feed is announced after its rows are written. */
  #checkFeed(feed: string, { before, after }: HeadWritten): void {
    const { articleId, seq } = after;
    const rows = [before, after].flatMap((image) =>
      image?.feeds?.includes(feed) === true ? (this.#world.feeds.rows.get(feed)?.get(image.place ?? '') ?? []) : [],
    );
    const head = this.#world.articles.heads.get(articleId);
    const isMissing = head?.seq === seq && head.feeds?.includes(feed) === true && rows.length === 0;
    if (isMissing || rows.some((row) => row.card && row.seq < seq))
      this.#violations.broke('announcements', `feed.changed of ${feed} ${seq} before the feed was written`);
  }

  /** A post is announced as a change of its story's feed alone, after the page's purge, and never before its story is public. */
  #checkPost(type: string, { after, postRequests }: HeadWritten): void {
    const { articleId, seq } = after;
    if (type !== 'feed.changed')
      this.#violations.broke('announcements', `${type} of ${named(articleId)}, which is a post`);
    if (this.#purges.postRequests <= postRequests)
      this.#violations.broke('purges', `${type} of the post ${articleId} ${seq} before a purge was requested`);
    if (!mayStoryBeKnown(this.#world))
      this.#violations.broke('embargo', `${type} tells of a post of ${liveName} before the story's embargo has passed`);
  }

  /** Every announcement names the event that caused it, and the replay that brought it if one did. */
  #checkOrigin(
    type: string,
    { correlationId, replay }: { readonly correlationId?: string | undefined; readonly replay?: string | undefined },
  ): void {
    if (correlationId === undefined) this.#violations.broke('replays', `${type} names no cause`);
    else if (this.#sentBy.get(correlationId)?.has(replay) !== true)
      this.#violations.broke(
        'replays',
        `${type} is caused by ${correlationId}, which ${replay ?? 'the bus itself'} never brought`,
      );
  }

  /** Checks that every change of a head and every rejection was announced. Throws a `Violation`. */
  compare(): void {
    for (const [index, write] of this.#heads.writes.entries()) {
      if (postIds.includes(write.after.articleId)) this.#comparePost(write, index);
      else if (write.after.articleId === profileId) this.#compareProfile(write);
      else this.#compareArticle(write);
    }
    this.#compareFronts();
    this.#compareRejections();
  }

  #compareArticle(write: HeadWritten): void {
    const { before, after } = write;
    const of = `of ${named(after.articleId)} ${after.seq}`;
    const kind = after.visibility !== 'live' ? 'withdrawn' : before?.visibility === 'live' ? 'revised' : 'live';
    const announcement = this.#announced.get(`article ${after.articleId} ${after.seq}`);
    same('announcements', `announcement ${of}`, announcement?.type, `article.${kind}`);
    same('announcements', `cause ${of}`, originOf(announcement?.detail), originOf(after.origin));
    const changed = this.#announced.get(`feed.changed ${after.articleId} ${after.seq}`);
    const announced = changed?.type === 'feed.changed' ? [...changed.detail.feeds].sort() : [];
    same('announcements', `feeds announced ${of}`, announced, touchedFeeds(write));
  }

  #compareProfile(write: HeadWritten): void {
    const { seq } = write.after;
    const announced = [...new Set(this.#profileFeeds.get(seq))].sort();
    same('announcements', `feeds announced of the profile ${seq}`, announced, feedsOf(write));
  }

  /** A post's change has to be announced if its story was public all the time since. */
  #comparePost(write: HeadWritten, index: number): void {
    const { before, after } = write;
    const { writes, restores } = this.#heads;
    const ofStory = (other: HeadWritten): boolean => other.after.articleId === liveId;
    const last = writes.findLastIndex((other, at) => at < index && ofStory(other));
    const isUnsure = last < 0 || restores.some((at) => at > last);
    const isPublic = writes.every((other, at) => at < last || !ofStory(other) || other.after.visibility === 'live');
    const announced = this.#announced.get(`feed.changed ${after.articleId} ${after.seq}`);
    const feeds = feedsOf(write);
    if (announced?.type === 'feed.changed')
      same('announcements', `feeds announced of the post ${after.seq}`, [...announced.detail.feeds].sort(), feeds);
    else if (!isUnsure && isPublic && feeds.length > 0 && !isSamePost(before, after))
      throw new Violation('announcements', `the post ${named(after.articleId)} ${after.seq} was not announced`);
  }

  #compareFronts(): void {
    for (const { new: after } of this.#world.fronts.stream) {
      if (after === undefined) continue;
      const front = `the front ${after.name} ${after.seq}`;
      const announcement = this.#announced.get(`front.changed ${after.name} ${after.seq}`);
      same('announcements', `announcement of ${front}`, originOf(announcement?.detail), originOf(after.origin));
      if (announcement === undefined) throw new Violation('announcements', `${front} was not announced`);
    }
  }

  #compareRejections(): void {
    for (const [eventId, body] of this.#world.nonsense) {
      if (!this.#announced.has(`article.rejected ${eventId}`))
        throw new Violation('rejections', `the rejection of ${eventId} was not announced`);
      if (!this.#world.rejected.includes(body))
        throw new Violation('rejections', `${eventId} was rejected and is lost`);
    }
  }
}

interface Sent {
  readonly id: string;
  readonly 'replay-name'?: string;
}

function originOf(
  origin: { readonly correlationId?: string | undefined; readonly replay?: string | undefined } | undefined,
): readonly (string | undefined)[] {
  return [origin?.correlationId, origin?.replay];
}

/** Returns whether readers see the same post. Its own path may differ: an earlier version moves it, and no page shows it. */
function isSamePost(before: Head | undefined, after: Head): boolean {
  const shown = ({ version, leftOut, feeds, place }: Head): string => JSON.stringify([version, leftOut, feeds, place]);
  return before !== undefined && shown(before) === shown(after);
}

/** Returns all feeds of a head and the one before. */
function feedsOf({ before, after }: HeadWritten): string[] {
  return [...new Set([...(before?.feeds ?? []), ...(after.feeds ?? [])])].sort();
}

/** Returns the feeds in which a change shows, by place or by card. */
function touchedFeeds({ before, after }: HeadWritten): string[] {
  const entries = (head: Head | undefined): Map<string, string> => {
    const { updated: _, ...card } = head?.card ?? { updated: '' };
    return new Map(
      (head?.feeds ?? []).map((feed) => [feed, JSON.stringify([head?.place, Object.entries(card).sort()])]),
    );
  };
  const [old, current] = [entries(before), entries(after)];
  return [...new Set([...old.keys(), ...current.keys()])].filter((feed) => old.get(feed) !== current.get(feed)).sort();
}
