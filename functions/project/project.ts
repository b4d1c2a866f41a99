import {
  announcementId,
  articleChanged,
  envelopeOf,
  frontChanged,
  type Announcement,
  type ArticleAnnouncement,
} from '../../shared/events/announcement.ts';
import { saySame } from '../../shared/canonical.ts';
import type { Card } from '../../shared/article/card.ts';
import { originFields } from '../../shared/article/origin.ts';
import { differing, type PulledPictures } from '../../shared/picture/pulled-pictures.ts';
import { listedChangeOf } from '../../shared/feed/listed-change.ts';
import { isListed, placementsOf, type FrontHead, type Head, type HeadChange } from '../../shared/article/head.ts';
import { wasChanging, type Lists } from '../../shared/feed/lists.ts';
import { keyOf } from '../../shared/feed/placement.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Changes, Feeds } from '../../shared/feed/ports.ts';
import {
  allFeedsTag,
  articleTag,
  feedTag,
  frontTag,
  galleriesTag,
  pictureTag,
  pinTag,
} from '../../shared/purge/tags.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { requestPurge, lastOf, originatedBy, urgentUrgency, type PurgePorts } from './request-purge.ts';
import { changesOfArticles, projectParts } from './parts.ts';

export interface ProjectPorts extends PurgePorts {
  readonly articles: Pick<Articles, 'head'>;
  readonly feeds: Feeds;
  readonly changeList: Pick<Changes, 'list'>;
  readonly announcer: Announcer;
  /** `purged` if absent. */
  readonly lists?: Lists | undefined;
}

/**
 * Brings the feeds in line with an article's head. Level-triggered: the stream images say only which placements may
 * have been touched and what to announce. The rows are written from the present head, so duplicate, split, late or
 * outdated records do no harm. Purges and announcements follow the write, and are repeated with it.
 */
export async function project(ports: ProjectPorts, articleId: string, images: readonly HeadChange[]): Promise<void> {
  const head = await ports.articles.head(articleId);
  const changes = changesOfArticles(images);
  await writeFeeds(ports.feeds, head, images);
  // Before the purges, because the list is among the responses that they refresh.
  await listChanges(ports.changeList, changes);
  await requestPurges(ports, articleId, changes);
  await projectParts(ports, images);
  await ports.announcer.announce(changes.flatMap((change) => announcementsOf(change)));
}

async function listChanges(changeList: Pick<Changes, 'list'>, changes: readonly HeadChange[]): Promise<void> {
  const announcements = changes
    .flatMap(announcementsOf)
    .filter(isAboutArticle)
    .filter(({ detail: { uri } }) => uri !== canaryUri);
  await Promise.all(announcements.map(async (announcement) => changeList.list(listedChangeOf(announcement))));
}

function isAboutArticle(announcement: Announcement): announcement is ArticleAnnouncement {
  return ['article.live', 'article.revised', 'article.withdrawn'].includes(announcement.type);
}

/**
 * Processes a change of a front. No feed lists fronts. The announcement follows the purge request, and every retry
 * repeats both.
 */
export async function projectFront(
  ports: Pick<ProjectPorts, 'purgeRequests' | 'purgeAgainSeconds' | 'lists' | 'announcer'>,
  changes: readonly { readonly after: FrontHead | undefined }[],
): Promise<void> {
  const withdrawn = changes.some(({ after }) => after?.visibility !== 'live');
  // If lists are `ttl`, a front expires as they do.
  const tags =
    ports.lists === 'ttl' && !withdrawn
      ? []
      : [...new Set(changes.flatMap(({ after }) => (after ? [frontTag(after.name)] : [])))];
  if (tags.length > 0)
    await requestPurge(ports, { tags, articles: [], ...originatedBy(lastOf(changes)) }, { withdrawn, urgent: false });
  await ports.announcer.announce(changes.flatMap(({ after }) => (after ? [frontChanged(after)] : [])));
}

/** Purges every page with a picture that was pulled or released, and all lists. */
export async function projectPictures(
  ports: Pick<ProjectPorts, 'purgeRequests' | 'purgeAgainSeconds'>,
  changes: readonly { readonly before: PulledPictures; readonly after: PulledPictures }[],
): Promise<void> {
  const ids = new Set(changes.flatMap(({ before, after }) => differing(before, after)));
  if (ids.size > 0)
    await requestPurge(
      ports,
      {
        tags: [...[...ids].map(pictureTag), galleriesTag, allFeedsTag],
        articles: [],
        ...originatedBy(lastOf(changes)),
      },
      { withdrawn: true, urgent: true },
    );
}

/**
 * Writes an entry for each placement of the head, and a tombstone for each other placement that an image names. The
 * store ignores an entry if it has one with a higher `seq`.
 */
async function writeFeeds(feeds: Feeds, head: Head | undefined, changes: readonly HeadChange[]): Promise<void> {
  const images = changes.flatMap(({ before, after }) => [before, after]);
  const seq = head?.seq ?? Math.max(...images.map((image) => image?.seq ?? 0));
  const present = new Map(placementsOf(head).map((placement) => [keyOf(placement), placement]));
  const left = new Map(
    images.flatMap((image) => placementsOf(image)).map((placement) => [keyOf(placement), placement]),
  );
  for (const key of present.keys()) left.delete(key);
  // An article that only moved within a feed is not announced as removed from it.
  const presentFeeds = new Set([...present.values()].map(({ feed }) => feed));
  const uri = head?.uri ?? images.find((image) => image !== undefined)?.uri;
  await Promise.all([
    ...[...present.values()].map(async (placement) => feeds.put({ ...placement, seq, card: head?.card })),
    ...[...left.values()].map(async (placement) =>
      feeds.put({ ...placement, seq, uri: presentFeeds.has(placement.feed) ? undefined : uri }),
    ),
  ]);
}

async function requestPurges(ports: ProjectPorts, articleId: string, changes: readonly HeadChange[]): Promise<void> {
  const tags = [...new Set(changes.flatMap((change) => tagsOf(ports.lists, articleId, change)))];
  if (tags.length === 0) return;
  const last = lastOf(changes);
  const articles = last ? [{ articleId, seq: last.seq, ...originFields(last.origin) }] : [];
  const withdrawn = changes.some(({ after }) => after?.visibility !== 'live');
  const urgent = changes.some(({ after }) => (after?.urgency ?? Infinity) <= urgentUrgency);
  await requestPurge(ports, { tags, articles, ...originatedBy(last) }, { withdrawn, urgent });
}

/** Returns the tags that a change makes stale. An article that was never public has no page to purge. */
function tagsOf(lists: Lists | undefined, articleId: string, change: HeadChange): string[] {
  return lists === 'ttl' && change.after?.visibility === 'live'
    ? pageTagsOf(articleId, change)
    : allTagsOf(articleId, change);
}

/**
 * Returns the tags of the pages that are cached longer than lists. Only with `ttl`, and only for a change that is not a
 * withdrawal: a withdrawal is always purged.
 */
function pageTagsOf(articleId: string, { before, after }: HeadChange): string[] {
  const runsOut =
    before?.visibility === 'live' && before.path === after?.path && wasChanging(before.seq, after?.seq ?? Infinity);
  return runsOut ? [] : allTagsOf(articleId, { before, after }).filter((tag) => tag.startsWith(articleTag('')));
}

function allTagsOf(articleId: string, { before, after }: HeadChange): string[] {
  const tags = before ? [articleTag(articleId)] : [];
  if (after?.pathTakenFrom !== undefined && after.path !== before?.path) tags.push(articleTag(after.pathTakenFrom));
  tags.push(...touchedFeeds({ before, after }).map(feedTag));
  if (!saySame(onLists(before), onLists(after))) tags.push(pinTag(articleId));
  return tags;
}

/** Returns the feeds in which the two images differ, in place or card. */
function touchedFeeds({ before, after }: HeadChange): string[] {
  const sameCard = saySame(onLists(before), onLists(after));
  const old = new Map(placementsOf(before).map(({ feed, place }) => [feed, place]));
  const current = new Map(placementsOf(after).map(({ feed, place }) => [feed, place]));
  return [...new Set([...old.keys(), ...current.keys()])].filter(
    (feed) => !sameCard || old.get(feed) !== current.get(feed),
  );
}

/**
 * Returns the parts of an article that lists and pins show. `updated` and `audio` alone wait for a list's lifetime of
 * ten seconds.
 */
function onLists(head: Head | undefined): Omit<Card, 'updated' | 'audio'> | undefined {
  if (!isListed(head)) return undefined;
  const { updated, audio, ...rest } = head.card;
  return rest;
}

/**
 * Returns the announcements of one change. Changes are announced one by one, each with the kind of its image: a
 * withdrawal must not be merged with the return that follows it.
 */
function announcementsOf(change: HeadChange): Announcement[] {
  const { before, after } = change;
  if (!after) return [];
  const touched = touchedFeeds(change);
  const { articleId, seq, settledAt, origin } = after;
  const envelope = envelopeOf('feed.changed', announcementId('feed.changed', articleId, seq), settledAt, origin, seq);
  return [
    articleChanged(after, before, origin),
    ...(touched.length > 0
      ? [{ type: 'feed.changed' as const, detail: { ...envelope, feeds: touched, articleId } }]
      : []),
  ];
}
