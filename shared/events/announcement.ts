import { createHash } from 'node:crypto';
import type { InferOutput } from 'valibot';
import type { AllReadonly } from '../all-readonly.ts';
import type { announcementSchemas } from './announcement-schema.ts';
import { originFields, type OriginFields } from '../article/origin.ts';
import { schemaVersions } from './schema-version.ts';
import { isOnlyAudio, type FrontHead, type Head } from '../article/head.ts';

/** What Pressrun tells downstream consumers: `source: "pressrun"`, by `detail-type`. */
export type Announcement = {
  readonly [Type in keyof typeof announcementSchemas]: {
    readonly type: Type;
    readonly detail: AllReadonly<InferOutput<(typeof announcementSchemas)[Type]>>;
  };
}[keyof typeof announcementSchemas];

/** An announcement about an article. */
export type ArticleAnnouncement = Extract<
  Announcement,
  { readonly type: `article.${'live' | 'revised' | 'withdrawn'}` }
>;

/** What every announcement has. */
type Envelope = Pick<
  Announcement['detail'],
  'id' | 'schemaVersion' | 'occurredAt' | 'seq' | 'correlationId' | 'replay'
>;

/** An id that every repeat of the same announcement carries. */
export function announcementId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

/** `occurredAt` (epoch ms) is the same in every repeat, as the id is. What is about no single change of an article is numbered by it. */
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

/** What the last change of a head was; `before` is the head that it replaced. */
export function articleChanged(
  after: Head,
  before: Head | undefined,
  origin: OriginFields | undefined,
): ArticleAnnouncement {
  const { articleId, seq, uri, settledAt } = after;
  // Whoever subscribes by section must hear of a withdrawal too, so it names what the article leaves.
  const said = after.visibility === 'live' ? after : before;
  // And of a story that lives on elsewhere, it names the feeds that show it no more.
  const left =
    after.visibility === 'live' ? (before?.feeds ?? []).filter((feed) => after.feeds?.includes(feed) !== true) : [];
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
      ...(after.pathClash !== undefined && { pathClash: after.pathClash }),
      ...(after.warnings && { warnings: after.warnings }),
    },
  };
}

/** What the last change of a front was. */
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

/** A reader's request has seen a change at `seenAt` (epoch ms), `milliseconds` after the newsroom began to wait for it. */
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
