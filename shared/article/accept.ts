import { articleStrictness, hasUnusableStatus, isPullableType, namedArticle, usableArticle } from './article-schema.ts';
import { acceptFront } from './accept-front.ts';
import { acceptPicture } from './accept-picture.ts';
import { tooLongFor, withBoundedTexts } from './answer-bounds.ts';
import { type Article, articleIdOf, headlineOf, lineOf } from './article.ts';
import { withLead } from './body.ts';
import {
  aheadOfReceipt,
  aheadOfTime,
  arrivalOf,
  envelopeIn,
  frontNameIn,
  holdKind,
  isArticleEvent,
  isFrontEvent,
  isTooLarge,
  noEvent,
  rejections,
  tooLarge,
  timeIssuesOf,
  uriIn,
  whoAndWhy,
  type Accepted,
  type Arrival,
} from './bus-event.ts';
import { hasForeignId } from '../cms/ids.ts';
import { markupRevision } from './current-markup.ts';
import { detailSchema, detailStrictness } from './detail-schema.ts';
import { sectionSlugs, withFewerFeeds } from '../feed/placement.ts';
import type { Issue } from '../field-schema.ts';
import { leniently } from './lenient.ts';
import { addIgnored, printableName } from './misnamed-times.ts';
import { readNinjs } from './ninjs.ts';
import { frontOwnershipIssue, ownershipIssue, type Owners } from './ownership.ts';
import { canonicalPath } from './path.ts';
import { liveOf, postOf, type Post } from './post.ts';
import { profileOf } from './profile.ts';
import { captionsLeftOut } from '../picture/captions-left-out.ts';
import { hiddenFilesAt } from './readable.ts';
import { Cleaning, sanitiseArticle } from './sanitise.ts';
import { clockSkewMilliseconds } from './settle.ts';
import { secondTexts, unshownTexts } from './unshown.ts';
import { articleEvents, digestOf, frontEvents, type ArticleEvent, type Content, type Status } from './version.ts';
import { boundedWarnings, warningsIn } from './warning.ts';

/** Each feed costs a row for each change, and the head stores all of them. */
const maxFeeds = 300;

/**
 * Validates one event of the bus, given as the text that the queue delivered. Pure: the same text always has the same
 * result, so a replay or a redrive changes nothing. `owners` says which source may write which uris. `sentAt` (epoch
 * ms) is when the queue took the event. A sender may give its event any `time`; holds and versions are ordered by that
 * time, so an event whose time is after `sentAt` is rejected.
 */
export function accept(body: string, deliveryId: string, owners: Owners = {}, sentAt = Infinity): Accepted {
  const envelope = envelopeIn(body);
  if (!envelope) return noEvent(deliveryId);
  const { source, 'detail-type': detailType, detail } = envelope;
  const { time, origin } = arrivalOf(envelope);
  const received = typeof detail['receivedAt'] === 'number' ? detail['receivedAt'] : time;
  const { item: raw, issues: ambiguous } = readNinjs(detail['article'], received);
  const rejected = rejections(envelope, raw);
  const uri = uriIn(raw);

  // `withPayload` has replaced a valid claim check before (see claim-check.ts).
  if (detail['claim'] !== undefined)
    return rejected([
      {
        path: 'claim',
        message:
          'must be a claim check that a webhook endpoint or a sweep of Pressrun made, and its payload must still be stored',
      },
    ]);
  const timeIssues = timeIssuesOf(time, detail['receivedAt'], sentAt);
  if (timeIssues.length > 0) return rejected(timeIssues);
  const arrival: Arrival = { time, origin, rejected };
  const front = frontNameIn(envelope);
  const foreignFront = front === undefined ? undefined : frontOwnershipIssue(owners, source, front);
  if (foreignFront) return rejected([{ path: 'front.name', ...foreignFront }]);
  if (isFrontEvent(detailType)) return acceptFront(detailType, detail, arrival);
  if (!isArticleEvent(detailType))
    return rejected([
      { path: 'detail-type', message: `must be one of ${[...articleEvents, ...frontEvents].join(', ')}` },
    ]);

  const foreign = uri === undefined ? undefined : ownershipIssue(owners, source, uri);
  if (foreign) return rejected([{ path: 'article.uri', ...foreign }]);
  const said = leniently(detailSchema, detail, detailStrictness);
  const isUsable = (detailType === 'article.published' || detailType === 'article.updated') && !hasUnusableStatus(raw);
  if (!isUsable && isPullableType(raw)) return acceptPicture(detailType, detail, raw, arrival);
  const item = leniently<typeof usableArticle | typeof namedArticle>(
    isUsable ? usableArticle : namedArticle,
    raw,
    articleStrictness,
  );
  const misnamed = isUsable
    ? [...ambiguous.map(within('article')), ...misnamedIn(detail, received), ...foreignIdIn(uri)]
    : [];
  if ('issues' in said || 'issues' in item || misnamed.length > 0)
    return rejected([
      ...misnamed,
      ...('issues' in item ? inArticle(item.issues) : []),
      ...('issues' in said ? said.issues : []),
    ]);

  const receivedAt = said.value.receivedAt ?? time;
  const ahead = aheadOfTime(receivedAt, { 'article.versionCreated': item.value.versionCreated });
  if (ahead.length > 0) return rejected(ahead);
  const { article, warnings }: Shown = isUsable
    ? shownOf(withLead(normalised(item.value)), receivedAt, source)
    : { article: item.value, warnings: [] };

  const articleId = articleIdOf(article.uri);
  const digest = digestOf(detailType, detail);
  const { path, post, profile, live, continuedBy } = said.value;
  if (isUsable && post && profile)
    return rejected([
      { path: 'profile', message: 'must be left out of a post: an item is either a post or a profile' },
    ]);
  const part = post ? 'post' : profile ? 'profile' : undefined;
  const foreignStory = isUsable && post ? storyIssue(owners, source, article.uri, post) : undefined;
  if (foreignStory) return rejected([foreignStory]);
  const who = whoAndWhy(said.value);
  const hold = holdKind(detailType);
  if (hold)
    return { kind: 'hold', hold: { articleId, uri: article.uri, receivedAt, digest, kind: hold, origin, ...who } };

  const cleaning = new Cleaning(isUsable ? hiddenFilesAt(article, receivedAt) : undefined);
  const { article: clean, warnings: cut }: Shown = isUsable
    ? withBoundedTexts(sanitiseArticle(article, cleaning))
    : { article, warnings: [] };
  if (cleaning.issues.length > 0) return rejected(cleaning.issues);
  if (isUsable && lineOf(headlineOf(clean) ?? '') === '')
    return rejected([{ path: 'article.headlines', message: 'must have a headline: its HTML contains no text' }]);
  const warned = boundedWarnings([
    ...warningsIn(detail),
    ...said.warnings,
    ...inArticle(item.warnings),
    ...warnings,
    ...cleaning.leftOut,
    ...cleaning.elementsLeftOut,
    ...(isUsable ? [...secondTexts(clean), ...captionsLeftOut(clean)] : []),
    ...cut,
    ...(part && path !== undefined
      ? [{ path: 'path', message: `must be left out of a ${part}: it has no address` }]
      : []),
    ...(part && live ? [{ path: 'live', message: `must be left out of a ${part}: it shows no posts itself` }] : []),
  ]);
  const content: Content = {
    event: detailType,
    article: clean,
    ...(isUsable && { markup: markupRevision, source }),
    // A post or a profile has no path, and its page shows no posts.
    ...(part === undefined && path !== undefined && { path: canonicalPath(path) ?? path }),
    ...(!isUsable && continuedBy !== undefined && { continuedBy }),
    ...(isUsable && post && { post: postOf(post) }),
    ...(isUsable && profile && { profile: profileOf(profile) }),
    ...(isUsable && part === undefined && live && { live: liveOf(live) }),
    ...(warned.length > 0 && { warnings: warned }),
    ...who,
  };
  if (isTooLarge(content)) return rejected([{ path: 'article', message: tooLarge }]);
  const tooLong = isUsable ? tooLongFor(clean) : [];
  if (tooLong.length > 0) return rejected(tooLong);
  return {
    kind: 'version',
    version: {
      articleId,
      versionCreated: Date.parse(article.versionCreated),
      revision: said.value.revision ?? 0,
      receivedAt,
      digest,
      status: statusOf(detailType, article),
      ...(article.embargoedUntil !== undefined && { embargoedUntil: Date.parse(article.embargoedUntil) }),
      origin,
      content,
    },
  };
}

/** Returns why a source may not put a post into a live story; undefined if it may. */
function storyIssue(owners: Owners, source: string, uri: string, { story }: Post): Issue | undefined {
  if (story === uri) return { path: 'post.story', message: 'must be another item: a post is not a live story' };
  const foreign = ownershipIssue(owners, source, story);
  return foreign && { path: 'post.story', ...foreign };
}

function foreignIdIn(uri: string | undefined): Issue[] {
  return uri !== undefined && hasForeignId(uri)
    ? [{ path: 'article.uri', message: 'must contain an id in the form that its CMS uses' }]
    : [];
}

/** Returns the rejection of an event whose validation took too long. Of its article, only the uri is read. */
export function rejectUnvalidated(body: string, deliveryId: string, message: string): Accepted {
  const envelope = envelopeIn(body);
  return envelope
    ? rejections(envelope, envelope.detail['article'])([{ path: 'article', message }])
    : noEvent(deliveryId);
}

const within =
  (under: string) =>
  (issue: Issue): Issue => ({ ...issue, path: `${under}.${issue.path}` });

/**
 * Returns an issue for each field that decides whether or when an article is shown but stands beside the article, where
 * it would be ignored.
 */
function misnamedIn(
  { receivedAt: _, article: __, live: ___, post: ____, profile: _____, ...detail }: Record<string, unknown>,
  received: number,
): Issue[] {
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(detail)) {
    if (value !== null && ['expires', 'pubstatus'].includes(name.toLowerCase()))
      issues.push({ path: printableName(name), message: '' });
    else addIgnored(name, value, [], issues, received, true);
  }
  return issues.map(({ path }) => ({
    path: `detail.${path}`,
    message: 'must be a field of the article: here it would be ignored',
  }));
}

interface Shown {
  readonly article: Article;
  readonly warnings: readonly Issue[];
}

/** Returns the part of the article that can be shown, and warnings for the rest. */
function shownOf(given: Article, receivedAt: number, source: string): Shown {
  const named = given.firstPublished ?? (isMapped(source) ? given.firstCreated : undefined) ?? given.versionCreated;
  const isAhead = Date.parse(named) > receivedAt + clockSkewMilliseconds;
  const dated = { ...given, firstPublished: isAhead ? given.versionCreated : named };
  const { article, leftOut } = withFewerFeeds(dated, maxFeeds);
  return {
    article,
    warnings: [
      ...(isAhead ? [{ path: 'article.firstPublished', message: aheadOfReceipt }] : []),
      ...leftOut.map((field) => ({
        path: `article.${field}`,
        message: `must place the article in at most ${maxFeeds} feeds of all kinds together: the others are left out`,
      })),
      ...unshownTexts(article),
    ],
  };
}

/**
 * Returns whether the item was mapped from a CMS's own data. Early releases put the publication time of such items into
 * `firstCreated`.
 */
function isMapped(source: string): boolean {
  return source.startsWith('cms.') && source !== 'cms.ninjs';
}

function inArticle(issues: readonly Issue[]): Issue[] {
  return issues.map(({ path, message }) => ({ path: path === '' ? 'article' : `article.${path}`, message }));
}

function statusOf(event: ArticleEvent, article: Article): Status {
  if (article.pubStatus === 'withheld' || article.pubStatus === 'canceled') return article.pubStatus;
  return event === 'article.published' || event === 'article.updated' ? 'usable' : 'canceled';
}

/** Stores sections in the form that feeds use, so that a card's section is the id of its feed. */
function normalised(article: Article): Article {
  return {
    ...article,
    ...(article.subjects && {
      subjects: article.subjects.map((subject) =>
        subject.rel === 'section' && subject.literal !== undefined
          ? { ...subject, literal: sectionSlugs(subject.literal).join('/') }
          : subject,
      ),
    }),
  };
}
