import { createHash } from 'node:crypto';
import type { Parsed } from '../field-schema.ts';
import type { announcementSchemas } from './announcement-schema.ts';
import { originFields, type OriginFields } from '../article/origin.ts';
import { schemaVersions } from './schema-version.ts';
import { isOnlyAudio, type FrontHead, type Head } from '../article/head.ts';
import { boundedWarnings, type Warning } from '../article/warning.ts';

/** The announcements for consumers, by `detail-type`; their `source` is `pressrun`. */
export type Announcement = {
  readonly [Type in keyof typeof announcementSchemas]: {
    readonly type: Type;
    readonly detail: Parsed<(typeof announcementSchemas)[Type]>;
  };
}[keyof typeof announcementSchemas];

/** An announcement about an article. */
export type ArticleAnnouncement = Extract<
  Announcement,
  { readonly type: `article.${'live' | 'revised' | 'withdrawn'}` }
>;

/** The fields of every announcement. */
type Envelope = Pick<
  Announcement['detail'],
  'id' | 'schemaVersion' | 'occurredAt' | 'seq' | 'correlationId' | 'replay'
>;

/** Returns an id that is the same in every repeat of the announcement. */
export function announcementId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

/**
 * Returns the fields that every announcement has. `occurredAt` (epoch ms) and the id are the same in every repeat.
 * `seq` is `occurredAt` for announcements that are not about a single change of an article.
 */
export function envelopeOf<const Type extends Announcement['type']>(
  type: Type,
  id: string,
  occurredAt: number,
  origin: OriginFields | undefined,
  seq = occurredAt,
): Envelope & { readonly schemaVersion: (typeof schemaVersions)[Type] } {
  return {
    id,
    schemaVersion: schemaVersions[type],
    seq,
    occurredAt: new Date(occurredAt).toISOString(),
    ...originFields(origin),
  };
}

/** Returns the announcement of a head's last change; `before` is the head that it replaced. */
export function articleChanged(
  after: Head,
  before: Head | undefined,
  origin: OriginFields | undefined,
): ArticleAnnouncement {
  const { articleId, seq, uri, settledAt } = after;
  // A withdrawal names the feeds and the path that the article had before, because subscribers select by section.
  const said = after.visibility === 'live' ? after : before;
  // A revision names the feeds that the article has left.
  const left =
    after.visibility === 'live' ? (before?.feeds ?? []).filter((feed) => after.feeds?.includes(feed) !== true) : [];
  const warnings = boundedWarnings([...lostPosts(before, after), ...(after.warnings ?? [])]);
  return {
    type: `article.${after.change}`,
    detail: {
      ...envelopeOf(`article.${after.change}`, announcementId('article', articleId, seq), settledAt, origin, seq),
      articleId,
      uri,
      ...(after.versionCreated !== undefined && { versionCreated: after.versionCreated }),
      ...(said?.path !== undefined && { path: said.path }),
      ...(said?.card && { headline: said.card.headline }),
      feeds: said?.feeds ?? [],
      ...(left.length > 0 && { leftFeeds: left }),
      ...(before && isOnlyAudio(before, after) && { audio: true as const }),
      ...(after.continuedBy !== undefined && { continuedBy: after.continuedBy }),
      ...(after.pathClash !== undefined && { pathClash: after.pathClash }),
      ...(warnings.length > 0 && { warnings }),
    },
  };
}

/** Returns a warning if a live story became an ordinary article: senders forget that each version is a whole state. */
function lostPosts(before: Head | undefined, after: Head): Warning[] {
  if (before?.card?.live === undefined || after.card === undefined || after.card.live !== undefined) return [];
  return [{ path: 'live', message: 'must be in each version of a live story: without it the page shows no posts' }];
}

/** What is wrong with an event or a file that was rejected. */
type Rejection = Omit<Extract<Announcement, { readonly type: 'article.rejected' }>['detail'], keyof Envelope>;

/** Returns the announcement of a rejection at `occurredAt` (epoch ms). A replay of the event has an announcement of its own. */
export function articleRejected(
  rejection: Rejection,
  occurredAt: number,
  origin: OriginFields | undefined,
): Announcement {
  const replays = origin?.replay === undefined ? [] : [origin.replay];
  const id = announcementId('article.rejected', rejection.eventId, ...replays);
  return {
    type: 'article.rejected',
    detail: { ...envelopeOf('article.rejected', id, occurredAt, origin), ...rejection },
  };
}

/** Returns the announcement of a front's last change. */
export function frontChanged({ name, seq, change, settledAt, versionCreated, origin }: FrontHead): Announcement {
  return {
    type: 'front.changed',
    detail: {
      ...envelopeOf('front.changed', announcementId('front.changed', name, seq), settledAt, origin, seq),
      name,
      change,
      ...(versionCreated !== undefined && { versionCreated }),
    },
  };
}

/**
 * Returns the announcement that a reader's request saw a change at `seenAt` (epoch ms), `milliseconds` after the
 * newsroom began to wait for it.
 */
export function articleFresh(change: {
  readonly articleId: string;
  readonly seq: number;
  readonly seenAt: number;
  readonly milliseconds: number;
  readonly origin: OriginFields | undefined;
}): Announcement {
  const { articleId, seq, seenAt, milliseconds, origin } = change;
  return {
    type: 'article.fresh',
    detail: {
      ...envelopeOf('article.fresh', announcementId('article.fresh', articleId, seq), seenAt, origin, seq),
      articleId,
      milliseconds,
    },
  };
}
