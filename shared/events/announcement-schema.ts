import * as v from 'valibot';
import { schemaVersions } from './schema-version.ts';

/**
 * One schema for each announcement. Types, JSON Schema files, the AsyncAPI document and the schema registry are
 * generated from them. Only tests validate with them, so no function bundles them. `contract-change.ts` defines which
 * changes are compatible.
 */

const said = (description: string) => v.pipe(v.string(), v.description(description));
const seq = v.pipe(v.number(), v.integer(), v.minValue(0));
const articleId = v.pipe(
  v.string(),
  v.regex(/^[a-z2-7]{16}$/),
  v.description('The first 16 characters of lower-case base32 of sha256 of the uri.'),
);
const feeds = (description: string) => v.pipe(v.array(v.string()), v.description(description));

const origin = {
  correlationId: v.optional(
    said(
      'The `correlationId` of the CMS event that caused this, or else the id of that event on the bus. Absent if several events, or none, caused it.',
    ),
  ),
  replay: v.optional(
    said(
      'The name of the archive replay that first delivered that event, or of the rebuild that repeats the announcement. Otherwise absent. Consumers that must not act on replays, such as push notifications, skip announcements that have it.',
    ),
  ),
};

const envelope = <const Event extends keyof typeof schemaVersions>(event: Event) => ({
  id: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{32}$/),
    v.description('Identifies the announcement. It is the same in every repeat.'),
  ),
  schemaVersion: v.pipe(
    v.literal(schemaVersions[event]),
    v.description('Rises when the schema of this event changes incompatibly.'),
  ),
  occurredAt: v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    v.isoTimestamp(),
    v.description('The time of the change in UTC, with milliseconds. It is the same in every repeat.'),
  ),
  ...origin,
});

const ofAChange = v.pipe(
  seq,
  v.description(
    'The number of this change of the article. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.',
  ),
);
const ofNoArticle = v.pipe(
  seq,
  v.description(
    '`occurredAt` in epoch milliseconds, because this announcement is not about a single change of an article. Consumers recognise repeats by `id`.',
  ),
);

const article = <const Event extends keyof typeof schemaVersions>(event: Event) => ({
  ...envelope(event),
  articleId,
  uri: said('The permanent identifier of the article, as the CMS sent it.'),
  seq: ofAChange,
  versionCreated: v.optional(
    said('`versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.'),
  ),
  path: v.optional(said('The path of the article on the site. For a withdrawn article, its last path.')),
  headline: v.optional(said('The headline as plain text.')),
  feeds: feeds('The feeds that list the article. For a withdrawn article, the feeds that listed it.'),
  leftFeeds: v.optional(feeds('The feeds that a live article has left with this change.')),
  audio: v.optional(
    v.pipe(
      v.literal(true),
      v.description('Present if the change concerns only the audio of the article: added, replaced or removed.'),
    ),
  ),
  continuedBy: v.optional(
    said(
      'Of a withdrawn article: the `uri` of the article that continues it, and to which its pages lead while that is live.',
    ),
  ),
  pathClash: v.optional(said('The path that the article asked for, which belongs to another article.')),
  warnings: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.object({
            path: said('The path of the field in the event, as the sender names it.'),
            message: said('What the field must be. It never contains the value that was sent.'),
          }),
          v.title('Warning'),
        ),
      ),
      v.description('Fields of the event that the article is shown without, at most 20.'),
    ),
  ),
});

export const announcementSchemas = {
  'article.live': v.pipe(v.object(article('article.live')), v.description('An article became live.')),
  'article.revised': v.pipe(
    v.object(article('article.revised')),
    v.description('A live article changed: its content, its path or its feeds.'),
  ),
  'article.withdrawn': v.pipe(
    v.object(article('article.withdrawn')),
    v.description('An article is no longer live. Consumers remove every copy.'),
  ),
  'article.rejected': v.pipe(
    v.object({
      ...envelope('article.rejected'),
      seq: ofNoArticle,
      eventId: said('The id of the rejected event on the bus.'),
      source: said('The `source` of the rejected event.'),
      uri: v.optional(said('The `uri` of the article, if the event names one.')),
      front: v.optional(said('The name of the front, if the event is about a front.')),
      file: v.optional(
        said('The key of the file in S3, if a file was rejected; `eventId` is then that of S3’s event.'),
      ),
      errors: v.pipe(
        v.array(
          v.pipe(
            v.object({
              path: said('The path of the invalid field, starting at `detail`; of a file, within the file.'),
              message: said('What the field must be. It never contains the value that was sent.'),
            }),
            v.title('FieldError'),
          ),
        ),
        v.description('The invalid fields, at most 50.'),
      ),
    }),
    v.description(
      'An event was rejected. It is kept in a dead-letter queue and can be sent again once the cause is repaired.',
    ),
  ),
  'article.fresh': v.pipe(
    v.object({
      ...envelope('article.fresh'),
      articleId,
      seq: ofAChange,
      milliseconds: v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.description(
          'The time in milliseconds from the receipt of the event, or from the embargo or expiry that caused the change, until a reader could see it.',
        ),
      ),
    }),
    v.description(
      "A reader's request has received the change. Consumers that send readers to the article, such as push notifications, wait for this event.",
    ),
  ),
  'front.changed': v.pipe(
    v.object({
      ...envelope('front.changed'),
      name: said('The permanent name of the front.'),
      seq: v.pipe(
        seq,
        v.description(
          'The number of this change of the front. It rises with every change: a consumer that has seen this or a higher number ignores the announcement.',
        ),
      ),
      change: v.pipe(
        v.picklist(['live', 'revised', 'withdrawn']),
        v.title('FrontChange'),
        v.description(
          '`live`: the front became live. `revised`: its content changed. `withdrawn`: it is no longer live.',
        ),
      ),
      versionCreated: v.optional(
        said('`versionCreated` of the version that is shown, or of the version that withdrew it, in UTC.'),
      ),
    }),
    v.description(
      'An editor changed a front. Changes of the articles that it pins and of the feeds that it lists are announced by their own events.',
    ),
  ),
  'feed.changed': v.pipe(
    v.object({
      ...envelope('feed.changed'),
      articleId,
      seq: ofAChange,
      feeds: feeds('Every feed in which the change is visible, including the feeds that the article left.'),
    }),
    v.description('Feeds changed because an article changed.'),
  ),
  'cdn.purged': v.pipe(
    v.object({
      ...envelope('cdn.purged'),
      seq: ofNoArticle,
      tags: v.pipe(v.array(v.string()), v.description('The cache tags that were purged.')),
      invalidationId: said('The id that the CDN gave the invalidation.'),
      articles: v.pipe(
        v.array(v.pipe(v.object({ articleId, seq: ofAChange, ...origin }), v.title('PurgedChange'))),
        v.description(
          'The changes that readers see from now on. One purge may cover several changes, each with its own origin.',
        ),
      ),
    }),
    v.description('The CDN accepted an invalidation. It removes the cached responses within seconds.'),
  ),
} as const;
