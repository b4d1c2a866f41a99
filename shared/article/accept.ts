import * as v from 'valibot';
import {
  articleStrictness,
  hasUnusableStatus,
  isPullableType,
  longestUriBytes,
  namedArticle,
  namedPicture,
  usableArticle,
} from './article-schema.ts';
import { type Article, articleIdOf, headlineOf, lineOf } from './article.ts';
import { detailSchema, detailStrictness } from './detail-schema.ts';
import { boundedIssues, issuesOf, type Issue } from '../field-schema.ts';
import { namedFront, usableFront } from '../front/front-schema.ts';
import { frontIdOf, type Front } from '../front/front.ts';
import { tooLongFor, withBoundedTexts } from './answer-bounds.ts';
import { withLead } from './body.ts';
import { jsonBounds, jsonIn } from '../canonical.ts';
import type { Origin } from './origin.ts';
import { idIn } from '../events/correlation.ts';
import { markupRevision } from './current-markup.ts';
import { leniently } from './lenient.ts';
import { addIgnored, printableName } from './misnamed-times.ts';
import { readNinjs } from './ninjs.ts';
import { frontOwnershipIssue, ownershipIssue, type Owners } from './ownership.ts';
import { hasForeignId } from '../cms/ids.ts';
import { isObject } from '../cms/source-api.ts';
import { hiddenFilesAt } from './readable.ts';
import { canonicalPath } from './path.ts';
import { liveOf, postOf, type Post } from './post.ts';
import { profileOf } from './profile.ts';
import { pictureIdNamed, picturePartition } from '../picture/picture.ts';
import { sectionSlugs, withFewerFeeds } from '../feed/placement.ts';
import { Cleaning, sanitiseArticle } from './sanitise.ts';
import { clockSkewMilliseconds } from './settle.ts';
import {
  articleEvents,
  digestOf,
  frontEvents,
  packContent,
  type ArticleEvent,
  type Content,
  type FrontContent,
  type FrontEvent,
  type Hold,
  type Status,
  type Version,
} from './version.ts';
import { unshownTexts } from './unshown.ts';
import { boundedWarnings, warningsIn } from './warning.ts';

/** The result of validating an event: a version, a hold (of an article or a picture), or a rejection. */
export type Accepted =
  | { readonly kind: 'version'; readonly version: Version }
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'picture'; readonly pictureId: string; readonly hold: Hold }
  | { readonly kind: 'front'; readonly version: Version<FrontContent> }
  | {
      readonly kind: 'rejected';
      readonly eventId: string;
      readonly source: string;
      /** The bus event's `time`, epoch ms; absent if the message is not a bus event. */
      readonly time?: number;
      readonly origin?: Origin;
      readonly uri?: string;
      /** The name of the front, if the event is about one. */
      readonly front?: string;
      readonly errors: readonly Issue[];
    };

/** Each feed costs a row for each change, and the head stores all of them. */
const maxFeeds = 300;

/** The clocks of an endpoint, the bus and the queue may differ by this much. The bus's time has whole seconds. */
const awsSkewMilliseconds = 10_000;

/** A DynamoDB item may have 400 KB; the difference is reserved for the rest of the row. */
const largestContentBytes = 390 * 1024;

const envelopeSchema = v.object({
  id: v.string(),
  source: v.string(),
  time: v.pipe(
    v.string(),
    v.check((value) => !Number.isNaN(Date.parse(value))),
  ),
  'detail-type': v.string(),
  detail: v.record(v.string(), v.unknown()),
  // EventBridge adds this field to events that an archive replay brings.
  'replay-name': v.optional(v.string()),
});

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
  const { item: raw, issues: unsure } = readNinjs(detail['article'], received);
  const rejected = rejections(envelope, raw);
  const uri = uriIn(raw);

  // `withPayload` has replaced a valid claim check before (see claim-check.ts).
  if (detail['claim'] !== undefined)
    return rejected([
      {
        path: 'claim',
        message:
          'must be a claim check of a webhook endpoint or sweep of Pressrun, and its payload must still be stored',
      },
    ]);
  const untimely = untimelyIn(time, detail['receivedAt'], sentAt);
  if (untimely.length > 0) return rejected(untimely);
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
    ? [...unsure.map(within('article')), ...misnamedIn(detail, received), ...foreignIdIn(uri)]
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
  const { path, post, profile, live } = said.value;
  if (isUsable && post && profile)
    return rejected([{ path: 'profile', message: 'must be left out of a post: an item is one of them' }]);
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
    return rejected([
      { path: 'article.headlines', message: 'must hold a headline: of the HTML that it is, no text stays' },
    ]);
  const warned = boundedWarnings([
    ...warningsIn(detail),
    ...said.warnings,
    ...inArticle(item.warnings),
    ...warnings,
    ...cleaning.leftOut,
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
  if (story === uri) return { path: 'post.story', message: 'must be another item: a post is no live story itself' };
  const foreign = ownershipIssue(owners, source, story);
  return foreign && { path: 'post.story', ...foreign };
}

function foreignIdIn(uri: string | undefined): Issue[] {
  return uri !== undefined && hasForeignId(uri)
    ? [{ path: 'article.uri', message: 'must hold an id as the CMS that it names writes them' }]
    : [];
}

/** Returns the rejection of an event whose validation took too long. Of its article, only the uri is read. */
export function rejectUnjudged(body: string, deliveryId: string, message: string): Accepted {
  const envelope = envelopeIn(body);
  return envelope
    ? rejections(envelope, envelope.detail['article'])([{ path: 'article', message }])
    : noEvent(deliveryId);
}

type Envelope = v.InferOutput<typeof envelopeSchema>;

function envelopeIn(body: string): Envelope | undefined {
  const envelope = v.safeParse(envelopeSchema, jsonIn(body));
  return envelope.success ? envelope.output : undefined;
}

function noEvent(deliveryId: string): Accepted {
  const message = `must be an EventBridge event with id, source, time, detail-type and detail, ${jsonBounds}`;
  return { kind: 'rejected', eventId: deliveryId, source: '', errors: [{ path: '', message }] };
}

function arrivalOf({ id, time, detail, 'replay-name': replay }: Envelope): {
  readonly time: number;
  readonly origin: Origin;
} {
  return {
    time: Date.parse(time),
    origin: { correlationId: idIn(detail['correlationId']) ?? id, ...(replay !== undefined && { replay }) },
  };
}

/**
 * Returns a function that makes the rejection of one event. The number of its issues is bounded, because a rejection
 * must itself fit into an event.
 */
function rejections(envelope: Envelope, article: unknown): (errors: readonly Issue[]) => Accepted {
  const { id: eventId, source } = envelope;
  const uri = uriIn(article);
  const front = frontNameIn(envelope);
  const about = {
    kind: 'rejected' as const,
    eventId,
    source,
    ...arrivalOf(envelope),
    ...(uri !== undefined && uri.length <= longestUriBytes && { uri }),
    ...(front !== undefined && { front }),
  };
  return (errors) => ({ ...about, errors: boundedIssues(errors) });
}

function uriIn(article: unknown): string | undefined {
  return typeof article === 'object' && article !== null && 'uri' in article && typeof article.uri === 'string'
    ? article.uri
    : undefined;
}

function frontNameIn({ 'detail-type': detailType, detail: { front } }: Envelope): string | undefined {
  const name: unknown = typeof front === 'object' && front !== null && 'name' in front ? front.name : undefined;
  return isFrontEvent(detailType) && v.is(namedFront.entries.name, name) ? name : undefined;
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
    message: 'must stand in the article: here it would be ignored',
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
        message: `must place the article in at most ${maxFeeds} feeds, sections, topics, authors and genres together: the rest is left out`,
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

/** The parts of an event that are not in its detail. */
interface Arrival {
  /** The bus event's `time`, epoch ms. */
  readonly time: number;
  readonly origin: Origin;
  readonly rejected: (errors: readonly Issue[]) => Accepted;
}

/** Validates an event that pulls or restores a picture. Pictures have holds and no versions. */
function acceptPicture(
  event: ArticleEvent,
  detail: Record<string, unknown>,
  raw: unknown,
  { time, origin, rejected }: Arrival,
): Accepted {
  const said = v.safeParse(detailSchema, detail, { abortPipeEarly: true });
  const item = v.safeParse(namedPicture, raw, { abortPipeEarly: true });
  if (!said.success || !item.success) return rejected([...issuesOf(item.issues, 'article'), ...issuesOf(said.issues)]);
  const { uri, versionCreated } = item.output;
  const ahead = aheadOfTime(said.output.receivedAt ?? time, { 'article.versionCreated': versionCreated });
  if (ahead.length > 0) return rejected(ahead);
  const pictureId = pictureIdNamed(uri);
  return {
    kind: 'picture',
    pictureId,
    hold: {
      articleId: picturePartition(pictureId),
      uri,
      receivedAt: said.output.receivedAt ?? time,
      digest: digestOf(event, detail),
      kind: holdKind(event) ?? 'held',
      origin,
      ...whoAndWhy(said.output),
    },
  };
}

function acceptFront(
  event: FrontEvent,
  detail: Record<string, unknown>,
  { time, origin, rejected }: Arrival,
): Accepted {
  const said = v.safeParse(detailSchema, detail, { abortPipeEarly: true });
  const given = v.safeParse(event === 'front.published' ? usableFront : namedFront, detail['front'], {
    abortPipeEarly: true,
  });
  const timed = event === 'front.published' ? timesOfFront(detail, time) : [];
  if (!said.success || !given.success || timed.length > 0)
    return rejected([...timed, ...issuesOf(given.issues, 'front'), ...issuesOf(said.issues)]);
  const front: Front = { containers: [], ...given.output };
  const ahead = aheadOfTime(said.output.receivedAt ?? time, { 'front.versionCreated': front.versionCreated });
  if (ahead.length > 0) return rejected(ahead);
  const { revision, receivedAt } = said.output;
  const content: FrontContent = { event, front, ...whoAndWhy(said.output) };
  if (isTooLarge(content)) return rejected([{ path: 'front', message: tooLarge }]);
  return {
    kind: 'front',
    version: {
      articleId: frontIdOf(front.name),
      versionCreated: Date.parse(front.versionCreated),
      revision: revision ?? 0,
      receivedAt: receivedAt ?? time,
      digest: digestOf(event, detail),
      status: event === 'front.published' ? 'usable' : 'canceled',
      origin,
      content,
    },
  };
}

/**
 * Returns an issue for each field that may say that a front, or one of its containers, must not be shown now. Fronts
 * have no such fields, so it would be ignored.
 */
function timesOfFront({ receivedAt: _, front, ...detail }: Record<string, unknown>, received: number): Issue[] {
  const issues: Issue[] = [];
  const { containers = [], ...itself } = isObject(front) ? front : {};
  const parts: [Record<string, unknown>, (string | number)[]][] = [
    [detail, []],
    [itself, ['front']],
    ...[containers]
      .flat()
      .map((container, index): (typeof parts)[number] => [
        isObject(container) ? container : {},
        ['front', 'containers', index],
      ]),
  ];
  for (const [part, path] of parts)
    for (const [name, value] of Object.entries(part))
      if (name !== 'versionCreated' && value !== 'usable') addIgnored(name, value, path, issues, received, true);
  return issues.map(({ path }) => ({
    path,
    message: 'must be left out: a front is shown as soon as it is published, and until the next one',
  }));
}

const aheadOfReceipt = 'must not lie more than 15 minutes after the event was received: it would pin the story';

const tooLarge = 'must be smaller: compressed, it exceeds the 390 KB that one version can take';

/** The size is checked first because compression is slow, and almost every content fits uncompressed. */
function isTooLarge(content: Content | FrontContent): boolean {
  return (
    Buffer.byteLength(JSON.stringify(content)) > largestContentBytes &&
    packContent(content).byteLength > largestContentBytes
  );
}

function whoAndWhy({
  actor,
  reason,
}: {
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}): Pick<Content, 'actor' | 'reason'> {
  return { ...(actor !== undefined && { actor }), ...(reason !== undefined && { reason }) };
}

/**
 * Returns an issue for each time that lies after the event's receipt. Holds are ordered by these times: a hold with a
 * later time would override every hold that is ordered until then.
 */
function untimelyIn(time: number, receivedAt: unknown, sentAt: number): Issue[] {
  if (time < 0) return [{ path: 'time', message: 'must not lie before 1970' }];
  if (time > sentAt + awsSkewMilliseconds)
    return [{ path: 'time', message: 'must not lie more than 10 seconds after the queue had the event' }];
  return typeof receivedAt === 'number' && receivedAt > Math.min(time, sentAt) + awsSkewMilliseconds
    ? [
        {
          path: 'receivedAt',
          message:
            "must not lie more than 10 seconds after the bus event's time: nothing is received after it was sent on",
        },
      ]
    : [];
}

/**
 * Returns an issue for each time that is further ahead of receipt than a CMS's clock can be wrong. Such a version would
 * stay above every later one.
 */
function aheadOfTime(receivedAt: number, times: Readonly<Record<string, string | undefined>>): Issue[] {
  return Object.entries(times)
    .filter(([, value]) => Date.parse(value ?? '') > receivedAt + clockSkewMilliseconds)
    .map(([path]) => ({ path, message: aheadOfReceipt }));
}

function isFrontEvent(detailType: string): detailType is FrontEvent {
  return (frontEvents as readonly string[]).includes(detailType);
}

function isArticleEvent(detailType: string): detailType is ArticleEvent {
  return (articleEvents as readonly string[]).includes(detailType);
}

function statusOf(event: ArticleEvent, article: Article): Status {
  if (article.pubStatus === 'withheld' || article.pubStatus === 'canceled') return article.pubStatus;
  return event === 'article.published' || event === 'article.updated' ? 'usable' : 'canceled';
}

function holdKind(event: ArticleEvent): Hold['kind'] | undefined {
  switch (event) {
    case 'article.held':
      return 'held';
    case 'article.unheld':
      return 'unheld';
    case 'article.erased':
      return 'erased';
    default:
      return undefined;
  }
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
