import { createHash } from 'node:crypto';
import type { Change } from './head.ts';

/** Where a refused event is at fault. `path` names a field of `detail`, never its value. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

interface ArticleAnnouncement {
  readonly id: string;
  readonly articleId: string;
  readonly uri: string;
  readonly seq: number;
  readonly versionCreated?: string;
  readonly path?: string;
  readonly headline?: string;
  /** Where it stands; of one withdrawn, where it stood. */
  readonly feeds: readonly string[];
  /** Feeds that it has just left, and lives on. */
  readonly leftFeeds?: readonly string[];
  readonly pathClash?: string;
}

/** What Pressrun tells downstream consumers: `source: "pressrun"`, by `detail-type`. */
export type Announcement =
  | { readonly type: `article.${Change}`; readonly detail: ArticleAnnouncement }
  | {
      readonly type: 'article.rejected';
      readonly detail: {
        readonly id: string;
        readonly eventId: string;
        readonly source: string;
        readonly uri?: string;
        readonly errors: readonly Fault[];
      };
    }
  | {
      readonly type: 'feed.changed';
      readonly detail: { readonly id: string; readonly feeds: readonly string[]; readonly articleId: string; readonly seq: number };
    }
  | {
      readonly type: 'article.fresh';
      readonly detail: { readonly id: string; readonly articleId: string; readonly seq: number; readonly milliseconds: number };
    }
  | {
      readonly type: 'cdn.purged';
      readonly detail: {
        readonly id: string;
        readonly tags: readonly string[];
        readonly invalidationId: string;
        readonly articles: readonly { readonly articleId: string; readonly seq: number }[];
      };
    };

/** An id that every repeat of the same announcement carries. */
export function announcementId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
