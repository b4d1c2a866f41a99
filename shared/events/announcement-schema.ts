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
      'The event of the CMS that this comes of: its `correlationId`, else its id on the bus. Absent where it comes of several, or of none.',
    ),
  ),
  replay: v.optional(
    said(
      'The archive replay that first brought that event, or the rebuild that repeats the announcement. Absent of all else: who must not act twice, such as push notifications, leaves out what has it.',
    ),
  ),
};

const envelope = <const Event extends keyof typeof schemaVersions>(event: Event) => ({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/), v.description('The same in every repeat of an announcement.')),
  schemaVersion: v.pipe(
    v.literal(schemaVersions[event]),
    v.description('Rises when an event changes so that consumers have to change with it.'),
  ),
  occurredAt: v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    v.isoTimestamp(),
    v.description('When it happened, UTC, to the millisecond. The same in every repeat.'),
  ),
  ...origin,
});

const ofAChange = v.pipe(
  seq,
  v.description(
    'Of the change of the article. It rises with every change: whoever has seen one as high drops this one.',
  ),
);
const ofNoArticle = v.pipe(
  seq,
  v.description(
    '`occurredAt` in epoch milliseconds, since this is about no single change of an article: repeats are told by `id`.',
  ),
);

const article = <const Event extends keyof typeof schemaVersions>(event: Event) => ({
  ...envelope(event),
  articleId,
  uri: said('What identifies the article for ever, as the CMS gave it.'),
  seq: ofAChange,
  versionCreated: v.optional(said('Of the version shown, or that withdrew it; UTC.')),
  path: v.optional(said('Where readers find it, without the origin; of one withdrawn, where they found it.')),
  headline: v.optional(said('Plain text.')),
  feeds: feeds('Where it stands; of one withdrawn, where it stood.'),
  leftFeeds: v.optional(feeds('Feeds that it has just left, and lives on.')),
  audio: v.optional(
    v.pipe(
      v.literal(true),
      v.description('Nothing else is new than that it can be listened to, or to another recording, or no more.'),
    ),
  ),
  pathClash: v.optional(said('The path that it asked for and another article has.')),
  warnings: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.object({
            path: said('The field, as the sender names it.'),
            message: said('What was expected there. Never its value.'),
          }),
          v.title('Warning'),
        ),
      ),
      v.description('What the sender wrote and the article is shown without, at most 20 fields.'),
    ),
  ),
});

export const announcementSchemas = {
  'article.live': v.pipe(v.object(article('article.live')), v.description('An article is live that was not.')),
  'article.revised': v.pipe(
    v.object(article('article.revised')),
    v.description('A live article shows something new, or stands elsewhere.'),
  ),
  'article.withdrawn': v.pipe(
    v.object(article('article.withdrawn')),
    v.description('An article is live no more: take it down, wherever it was copied to.'),
  ),
  'article.rejected': v.pipe(
    v.object({
      ...envelope('article.rejected'),
      seq: ofNoArticle,
      eventId: said('Of the event that was refused.'),
      source: said('Who sent it.'),
      uri: v.optional(said('Of its article, where it names one.')),
      front: v.optional(said('The name of its front, where it is about one.')),
      errors: v.pipe(
        v.array(
          v.pipe(
            v.object({
              path: said('The field at fault, from `detail` on.'),
              message: said('What it must be. Never its value.'),
            }),
            v.title('FieldError'),
          ),
        ),
        v.description('Every fault, at most 50.'),
      ),
    }),
    v.description('An event was refused. It is kept, and can be sent again once its cause is mended.'),
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
          'Since the newsroom began to wait: from the receipt of the event, or from when the clock brought the change about.',
        ),
      ),
    }),
    v.description("A reader's request has seen the change: whoever sends readers to the article waits for this one."),
  ),
  'front.changed': v.pipe(
    v.object({
      ...envelope('front.changed'),
      name: said('What identifies the front for ever.'),
      seq: v.pipe(
        seq,
        v.description(
          'Of the change of the front. It rises with every change: whoever has seen one as high drops this one.',
        ),
      ),
      change: v.pipe(
        v.picklist(['live', 'revised', 'withdrawn']),
        v.title('FrontChange'),
        v.description('It is live that was not, shows something new, or is live no more.'),
      ),
      versionCreated: v.optional(said('Of the version shown, or that withdrew it; UTC.')),
    }),
    v.description('A front changed, by the desk: what its feeds and pins bring to it is told of by their own events.'),
  ),
  'feed.changed': v.pipe(
    v.object({
      ...envelope('feed.changed'),
      articleId,
      seq: ofAChange,
      feeds: feeds('Every feed in which the change of the article shows, those that it left too.'),
    }),
    v.description('Feeds changed with an article.'),
  ),
  'cdn.purged': v.pipe(
    v.object({
      ...envelope('cdn.purged'),
      seq: ofNoArticle,
      tags: v.pipe(v.array(v.string()), v.description('The cache tags that were purged.')),
      invalidationId: said("The CDN's id of the purge."),
      articles: v.pipe(
        v.array(v.pipe(v.object({ articleId, seq: ofAChange, ...origin }), v.title('PurgedChange'))),
        v.description(
          'The changes that readers meet from now on; one purge may serve several, each with a cause of its own.',
        ),
      ),
    }),
    v.description('The CDN took a purge, and forgets what it kept within seconds.'),
  ),
} as const;
