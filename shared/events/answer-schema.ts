import * as v from 'valibot';
import { announcementSchemas } from './announcement-schema.ts';
import { usableArticle } from '../article/article-schema.ts';
import { cardSchema } from '../article/card-schema.ts';

/**
 * The JSON responses of the site. Types and the OpenAPI document are generated from these schemas; no function
 * validates with them or bundles them.
 */

const said = (description: string) => v.pipe(v.string(), v.description(description));
const count = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const seq = count('The number of the change of the article that is shown. It rises with every change.');

const author = v.pipe(v.object({ name: v.string(), url: v.string() }), v.title('FeedAuthor'));
const attachment = v.pipe(
  v.object({
    url: v.string(),
    mime_type: v.string(),
    size_in_bytes: count('The length of the file in bytes.'),
    duration_in_seconds: count('The duration in seconds.'),
  }),
  v.title('FeedAttachment'),
);
const feedItem = v.pipe(
  v.object({
    id: said('The uri of the article.'),
    url: v.string(),
    title: v.string(),
    content_text: v.optional(v.string()),
    content_html: v.optional(said('The whole text of the article, if the theme asks for it.')),
    summary: v.optional(v.string()),
    image: v.optional(v.string()),
    attachments: v.optional(v.array(attachment)),
    language: v.optional(said('BCP 47; the feed’s where it is absent.')),
    date_published: v.pipe(v.string(), v.isoTimestamp()),
    date_modified: v.pipe(v.string(), v.isoTimestamp()),
    authors: v.optional(v.array(author)),
    tags: v.optional(v.array(v.string())),
    _pressrun: v.pipe(
      v.object({ ...cardSchema.entries, seq }),
      v.title('FeedCard'),
      v.description('The card of the article.'),
    ),
  }),
  v.title('FeedItem'),
);
const hub = v.pipe(v.object({ type: v.string(), url: v.string() }), v.title('FeedHub'));

export const feedSchema = v.pipe(
  v.object({
    version: v.literal('https://jsonfeed.org/version/1.1'),
    title: v.string(),
    home_page_url: v.string(),
    feed_url: v.string(),
    next_url: v.optional(said('The URL of the next, older page. Absent on the last page.')),
    language: v.optional(v.string()),
    icon: v.optional(v.string()),
    hubs: v.optional(v.array(hub)),
    items: v.array(feedItem),
  }),
  v.title('Feed'),
  v.description('A page of a feed, newest first: JSON Feed 1.1.'),
);

export const newPostsSchema = v.pipe(
  v.object({
    posts: v.pipe(v.array(cardSchema.entries.articleId), v.description('The ids of the newest posts, newest first.')),
    coverageEndTime: v.exactOptional(
      v.pipe(v.string(), v.isoTimestamp(), v.description('When the coverage ended, or will.')),
    ),
  }),
  v.title('NewPosts'),
  v.description('The newest posts of a live story.'),
);

const { articleId, path, firstPublished, updated } = cardSchema.entries;

export const articleSchema = v.pipe(
  v.intersect([
    usableArticle,
    v.pipe(
      v.object({
        _pressrun: v.pipe(v.object({ articleId, path, seq, firstPublished, updated }), v.title('ArticleState')),
      }),
      v.title('ArticleExtension'),
    ),
  ]),
  v.title('ArticleDocument'),
  v.description('A ninjs 3.1 item with the fields that are for readers, and the state of the article in Pressrun.'),
);

const listed = announcementSchemas['article.live'].entries;
const listedChange = v.pipe(
  v.object({
    type: v.pipe(v.picklist(['article.live', 'article.revised', 'article.withdrawn']), v.title('ListedEvent')),
    ...listed,
    feeds: v.optional(listed.feeds),
  }),
  v.title('ListedChange'),
  v.description(
    'An announcement about an article. `path`, `headline` and `pathClash` are present only while the article is live with them.',
  ),
);

export const changesSchema = v.pipe(
  v.object({
    changes: v.array(listedChange),
    more: v.pipe(v.boolean(), v.description('True if the page at `next` already lists changes.')),
    next: said('The URL of the next page. It may repeat changes.'),
  }),
  v.title('Changes'),
  v.description('The announcements about articles of the last 14 days, in the order in which they were listed.'),
);

export const healthSchema = v.pipe(v.object({ status: v.literal('ok') }), v.title('Health'));

export const problemSchema = v.pipe(
  v.object({
    type: v.string(),
    title: v.string(),
    status: v.pipe(v.number(), v.integer()),
    detail: v.string(),
  }),
  v.title('Problem'),
  v.description('Problem details (RFC 9457).'),
);
