import type { PurgeRequest } from '../../../shared/purge/ports.ts';
import { liveId } from '../plan.ts';

const liveTag = `feed:live:${liveId}`;

/** The purges that `project` requested, and those that the CDN took. */
export class PurgeLog {
  /** The highest `seq` of each article that a request names. */
  readonly requested = new Map<string, number>();
  /** The tags of each invalidation. */
  readonly taken = new Map<string, readonly string[]>();
  /** The number of requests for the tag of the live story's posts. */
  postRequests = 0;

  request({ articles, tags }: PurgeRequest): void {
    if (tags.includes(liveTag)) this.postRequests += 1;
    for (const { articleId, seq } of articles)
      this.requested.set(articleId, Math.max(seq, this.requested.get(articleId) ?? 0));
  }
}
