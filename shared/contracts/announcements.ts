/**
 * TypeScript types of the announcements. `npm run contracts` generates this file from the
 * schemas in shared/events.
 */

/**
 * An announcement: its `detail-type` and its detail.
 */
export type Announcement =
  | {
      type: 'article.live';
      detail: ArticleLive;
    }
  | {
      type: 'article.revised';
      detail: ArticleRevised;
    }
  | {
      type: 'article.withdrawn';
      detail: ArticleWithdrawn;
    }
  | {
      type: 'article.rejected';
      detail: ArticleRejected;
    }
  | {
      type: 'article.fresh';
      detail: ArticleFresh;
    }
  | {
      type: 'front.changed';
      detail: FrontChanged;
    }
  | {
      type: 'feed.changed';
      detail: FeedChanged;
    }
  | {
      type: 'cdn.purged';
      detail: CdnPurged;
    };
/**
 * `live`: the front became live. `revised`: its content changed. `withdrawn`: it is no longer live.
 */
export type FrontChange = 'live' | 'revised' | 'withdrawn';

/**
 * An article became live.
 */
export interface ArticleLive {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The permanent identifier of the article, as the CMS sent it.
   */
  uri: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * `versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.
   */
  versionCreated?: string;
  /**
   * The path of the article on the site. For a withdrawn article, its last path.
   */
  path?: string;
  /**
   * The headline as plain text.
   */
  headline?: string;
  /**
   * The feeds that list the article. For a withdrawn article, the feeds that listed it.
   */
  feeds: string[];
  /**
   * The feeds that a live article has left with this change.
   */
  leftFeeds?: string[];
  /**
   * Present if the change concerns only the audio of the article: added, replaced or removed.
   */
  audio?: true;
  /**
   * Of a withdrawn article: the `uri` of the article that continues it, and to which its pages lead while that is live.
   */
  continuedBy?: string;
  /**
   * The path that the article asked for, which belongs to another article.
   */
  pathClash?: string;
  /**
   * Fields of the event that the article is shown without, at most 20.
   */
  warnings?: Warning[];
}
export interface Warning {
  /**
   * The path of the field in the event, as the sender names it.
   */
  path: string;
  /**
   * What the field must be. It never contains the value that was sent.
   */
  message: string;
}
/**
 * A live article changed: its content, its path or its feeds.
 */
export interface ArticleRevised {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The permanent identifier of the article, as the CMS sent it.
   */
  uri: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * `versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.
   */
  versionCreated?: string;
  /**
   * The path of the article on the site. For a withdrawn article, its last path.
   */
  path?: string;
  /**
   * The headline as plain text.
   */
  headline?: string;
  /**
   * The feeds that list the article. For a withdrawn article, the feeds that listed it.
   */
  feeds: string[];
  /**
   * The feeds that a live article has left with this change.
   */
  leftFeeds?: string[];
  /**
   * Present if the change concerns only the audio of the article: added, replaced or removed.
   */
  audio?: true;
  /**
   * Of a withdrawn article: the `uri` of the article that continues it, and to which its pages lead while that is live.
   */
  continuedBy?: string;
  /**
   * The path that the article asked for, which belongs to another article.
   */
  pathClash?: string;
  /**
   * Fields of the event that the article is shown without, at most 20.
   */
  warnings?: Warning[];
}
/**
 * An article is no longer live. Consumers remove every copy.
 */
export interface ArticleWithdrawn {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The permanent identifier of the article, as the CMS sent it.
   */
  uri: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * `versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.
   */
  versionCreated?: string;
  /**
   * The path of the article on the site. For a withdrawn article, its last path.
   */
  path?: string;
  /**
   * The headline as plain text.
   */
  headline?: string;
  /**
   * The feeds that list the article. For a withdrawn article, the feeds that listed it.
   */
  feeds: string[];
  /**
   * The feeds that a live article has left with this change.
   */
  leftFeeds?: string[];
  /**
   * Present if the change concerns only the audio of the article: added, replaced or removed.
   */
  audio?: true;
  /**
   * Of a withdrawn article: the `uri` of the article that continues it, and to which its pages lead while that is live.
   */
  continuedBy?: string;
  /**
   * The path that the article asked for, which belongs to another article.
   */
  pathClash?: string;
  /**
   * Fields of the event that the article is shown without, at most 20.
   */
  warnings?: Warning[];
}
/**
 * An event was rejected. It is kept in a dead-letter queue and can be sent again once the cause is repaired.
 */
export interface ArticleRejected {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * `occurredAt` in epoch milliseconds, because this announcement is not about a single change of an article. Consumers recognise repeats by `id`.
   */
  seq: number;
  /**
   * The id of the rejected event on the bus.
   */
  eventId: string;
  /**
   * The `source` of the rejected event.
   */
  source: string;
  /**
   * The `uri` of the article, if the event names one.
   */
  uri?: string;
  /**
   * The name of the front, if the event is about a front.
   */
  front?: string;
  /**
   * The key of the file in S3, if a file was rejected; `eventId` is then that of S3’s event.
   */
  file?: string;
  /**
   * The invalid fields, at most 50.
   */
  errors: FieldError[];
}
export interface FieldError {
  /**
   * The path of the invalid field, starting at `detail`; of a file, within the file.
   */
  path: string;
  /**
   * What the field must be. It never contains the value that was sent.
   */
  message: string;
}
/**
 * A reader's request has received the change. Consumers that send readers to the article, such as push notifications, wait for this event.
 */
export interface ArticleFresh {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * The time in milliseconds from the receipt of the event, or from the embargo or expiry that caused the change, until a reader could see it.
   */
  milliseconds: number;
}
/**
 * An editor changed a front. Changes of the articles that it pins and of the feeds that it lists are announced by their own events.
 */
export interface FrontChanged {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The permanent name of the front.
   */
  name: string;
  /**
   * The number of this change of the front. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  change: FrontChange;
  /**
   * `versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.
   */
  versionCreated?: string;
}
/**
 * Feeds changed because an article changed.
 */
export interface FeedChanged {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * Every feed in which the change is visible, including the feeds that the article left.
   */
  feeds: string[];
}
/**
 * The CDN accepted an invalidation. It removes the cached responses within seconds.
 */
export interface CdnPurged {
  /**
   * Identifies the announcement. It is the same in every repeat.
   */
  id: string;
  /**
   * Rises when the schema of this event changes incompatibly.
   */
  schemaVersion: 1;
  /**
   * The time of the change in UTC, with milliseconds. It is the same in every repeat.
   */
  occurredAt: string;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
  /**
   * `occurredAt` in epoch milliseconds, because this announcement is not about a single change of an article. Consumers recognise repeats by `id`.
   */
  seq: number;
  /**
   * The cache tags that were purged.
   */
  tags: string[];
  /**
   * The id that the CDN gave the invalidation.
   */
  invalidationId: string;
  /**
   * The changes that readers see from now on. One purge may cover several changes, each with its own origin.
   */
  articles: PurgedChange[];
}
export interface PurgedChange {
  /**
   * The first 16 characters of lower-case base32 of sha256 of the uri.
   */
  articleId: string;
  /**
   * The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.
   */
  seq: number;
  /**
   * The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.
   */
  correlationId?: string;
  /**
   * The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.
   */
  replay?: string;
}
